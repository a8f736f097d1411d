"""The warm process: started afresh, it probes, imports, confines itself, and then forks a child for each job.

It talks to the grader over one SOCK_SEQPACKET socket (fd 3): at first in short JSON, then in structs, because every
page that it touches has to be copied after the next fork. The jobs themselves never pass through it. Its children share
a buffer with the grader (fd 4; see `answer_writer`), which the zygote never reads.

    grader -> zygote   {"level": ..., "packages": [...]}        first, once; level "probe" asks for the report only
    zygote -> grader   {"level": ..., "report": {...}}          ready, or "level": "none"
    grader -> zygote   LAUNCH_REQUEST + the job's two pipes
    zygote -> grader   CHILD_STARTED + pidfd
    zygote -> grader   CHILD_ENDED
    zygote -> grader   {"error": ...}                           instead of any of these
"""

import array
import gc
import json
import os
import select
import signal
import socket
import sys
from mmap import mmap
from typing import Any

from grader.sandbox.inside import child, kernel, landlock, level_probes, limits, memory, namespaces, packages, seccomp
from grader.sandbox.inside.drop_root import drop_root
from grader.sandbox.inside.protocol import CHILD_ENDED, CHILD_STARTED, LAUNCH_REQUEST, SHARED_BUFFER_BYTES
from grader.sandbox.inside.runner import JobServer
from grader.sandbox.inside.warmup import warm_up

CONTROL_FD, SHARED_MEMORY_FD = 3, 4
LEVEL_ORDER = ("none", "seccomp", "landlock", "full")


def main() -> None:
    """Serve until the grader closes the socket."""
    for fatal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(fatal, signal.SIG_IGN)  # an interrupt is meant for the grader, which then ends this process
    control = socket.socket(fileno=CONTROL_FD)
    try:
        _confine_and_serve(control)
    except Exception as error:
        _send_json(control, {"error": f"{type(error).__name__}: {error}"})


def _confine_and_serve(control: socket.socket) -> None:
    request = _read(control)
    report = level_probes.probe_layers()
    strongest = level_probes.choose_strongest_level(report)
    level = min(strongest, request["level"], key=LEVEL_ORDER.index) if request["level"] in LEVEL_ORDER else "none"
    if level == "none":
        _send_json(control, {"level": strongest, "report": report})
        return
    buffer = mmap(SHARED_MEMORY_FD, SHARED_BUFFER_BYTES)
    os.close(SHARED_MEMORY_FD)
    warm = packages.preload(request["packages"])
    base = limits.measure_address_space()
    sys.path_importer_cache.clear()  # it contains the names of files beside the grader
    ruleset = landlock.create_ruleset() if level in ("landlock", "full") else None
    limits.prefer_as_oom_victim()
    drop_root()
    children = None
    if request["level"] == "full" and not report["namespaces"]:  # also for level seccomp, if only Landlock is missing
        namespaces.enter_namespaces()
        children = namespaces.ChildNamespaces()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    if children:
        kernel.drop_bounding_set()
    warm_up(warm, buffer)
    runner = JobServer(warm, buffer)
    runner.prepare_process()
    limits.apply_common_limits()
    plan = child.ConfinementPlan(
        zygote=os.getpid(),
        base=base,
        die_with_zygote=kernel.prepare_syscall("prctl", kernel.PR_SET_PDEATHSIG, 9),
        restrict=None if ruleset is None else landlock.prepare_restriction(ruleset),
        close_others=kernel.prepare_syscall("close_range", child.ANSWERS_FD + 1, 2**31 - 1, 0),
        drop_capabilities=kernel.prepare_capability_drop(),
        filter=seccomp.prepare_filter(seccomp.assemble_filter(kernel.MACHINE)),
        runner=runner,
    )
    gc.collect()
    memory.fill_free_lists()
    gc.freeze()
    _send_json(control, {"level": level, "report": report})
    mounted = _MountedData(runner)
    while _serve(control, plan, children, mounted):
        pass


class _MountedData:
    """The files of the exercise that the children are for, mapped once; `size` bytes of address space."""

    def __init__(self, runner: JobServer) -> None:
        self._runner = runner
        self._number = 0
        self.size = 0

    def mount(self, number: int, fd: int | None) -> None:
        """Map another block of files, unless it is the same one."""
        if number != self._number:
            self.size = self._runner.mount_data(fd)
            self._number = number


def _serve(
    control: socket.socket,
    plan: "child.ConfinementPlan",
    children: namespaces.ChildNamespaces | None,
    mounted: _MountedData,
) -> bool:
    """Serve one job: fork, send the pidfd, wait, send the exit. Return False if the grader has gone."""
    text, fds = _receive(control)
    if not text:
        return False
    memory, cpu_seconds, data = LAUNCH_REQUEST.unpack(text)
    mounted.mount(data, fds[2] if data else None)
    for fd in fds[2:]:
        os.close(fd)
    del fds[2:]
    if children:
        children.begin()
    pid = kernel.fork()
    if pid == 0:
        child.run_confined(plan, fds[0], fds[1], memory + mounted.size, cpu_seconds)
    if children:
        children.end()
    for fd in fds:
        os.close(fd)
    pidfd = kernel.syscall("pidfd_open", pid, 0)
    _write(control, CHILD_STARTED, pidfd)
    alive = _wait(control, pidfd)
    os.close(pidfd)
    _, status, usage = os.wait4(pid, 0)
    if alive:
        cpu = usage.ru_utime + usage.ru_stime
        _write(control, CHILD_ENDED.pack(os.waitstatus_to_exitcode(status), cpu, usage.ru_maxrss * 1024))
    return alive


def _wait(control: socket.socket, pidfd: int) -> bool:
    """Wait for the child's end. If the grader goes first, kill the child and return False."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(control, select.POLLIN)
    while True:
        ready = {fd for fd, _ in poll.poll()}
        if pidfd in ready:
            return True
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)  # the grader sends nothing while a child runs, so it has gone
        return False


def _read(control: socket.socket) -> Any:
    return json.loads(control.recv(65536))


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    data, ancillary, _, _ = control.recvmsg(4096, socket.CMSG_SPACE(3 * 4), socket.MSG_CMSG_CLOEXEC)
    fds = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(payload)
    return data, list(fds)


def _send_json(control: socket.socket, message: dict[str, Any]) -> None:
    _write(control, json.dumps(message).encode())


def _write(control: socket.socket, message: bytes, *fds: int) -> None:
    try:
        if fds:
            socket.send_fds(control, [message], fds)
        else:
            control.send(message)
    except BrokenPipeError:
        os._exit(0)
