"""The warm process. Started afresh, it probes, imports, confines itself, and then forks a child for each job.

It talks to the grader over one SOCK_SEQPACKET socket (fd 3). Texts are short JSON; jobs themselves never pass here.

    grader -> zygote   {"level": ..., "packages": [...]}        first, once; level "probe" asks for the report only
    zygote -> grader   {"level": ..., "report": {...}}          ready, or "level": "none"
    grader -> zygote   {"memory": bytes, "cpu": seconds} + 2 fds: the job's pipes
    zygote -> grader   {"pid": ...} + pidfd
    zygote -> grader   {"status": exit code or minus signal, "cpu": seconds, "peak": bytes}
"""

import array
import gc
import json
import os
import select
import signal
import socket
import sys
from typing import Any

from grader.sandbox.inside import child, kernel, landlock, limits, namespaces, packages, probing, seccomp
from grader.sandbox.inside.identity import become_ordinary

CONTROL = 3
ORDER = ("none", "seccomp", "landlock", "full")


def main() -> None:
    """Serves until the grader goes away."""
    for fatal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(fatal, signal.SIG_IGN)  # whoever interrupts the grader means the grader, which ends us
    control = socket.socket(fileno=CONTROL)
    try:
        _live(control)
    except Exception as error:
        _write(control, {"error": f"{type(error).__name__}: {error}"})


def _live(control: socket.socket) -> None:
    asked = _read(control)
    report = probing.probe()
    strongest = probing.strongest(report)
    level = min(strongest, asked["level"], key=ORDER.index) if asked["level"] in ORDER else "none"
    if level == "none":
        _write(control, {"level": strongest, "report": report})
        return
    warm = packages.preload(asked["packages"])
    sys.path_importer_cache.clear()  # which names what lies beside the grader
    plan = child.Plan(
        warm=warm,
        base=limits.address_space(),
        ruleset=landlock.ruleset() if level in ("landlock", "full") else None,
        filter=seccomp.program(kernel.MACHINE),
    )
    limits.first_to_go()
    become_ordinary()
    children = None
    if asked["level"] == "full" and not report["namespaces"]:  # also beside level seccomp, where Landlock is missing
        namespaces.enter()
        children = namespaces.ChildNamespaces()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    if children:
        kernel.drop_bounding_set()
    gc.collect()
    gc.freeze()
    _write(control, {"level": level, "report": report})
    while _serve(control, plan, children):
        pass


def _serve(control: socket.socket, plan: "child.Plan", children: namespaces.ChildNamespaces | None) -> bool:
    """One job: fork, hand over the pidfd, wait, tell the status. False when the grader has gone."""
    text, fds = _receive(control)
    if not text:
        return False
    asked = json.loads(text)
    if children:
        children.begin()
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        child.live(plan, zygote, fds[0], fds[1], asked["memory"], asked["cpu"])
    if children:
        children.end()
    for fd in fds:
        os.close(fd)
    pidfd = kernel.syscall("pidfd_open", pid, 0)
    _write(control, {"pid": pid}, pidfd)
    alive = _wait(control, pidfd)
    os.close(pidfd)
    _, status, usage = os.wait4(pid, 0)
    if alive:
        cpu = usage.ru_utime + usage.ru_stime
        _write(control, {"status": os.waitstatus_to_exitcode(status), "cpu": cpu, "peak": usage.ru_maxrss * 1024})
    return alive


def _wait(control: socket.socket, pidfd: int) -> bool:
    """Waits for the child's end. If the grader goes first, kills the child and returns False."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(control, select.POLLIN)
    while True:
        ready = {fd for fd, _ in poll.poll()}
        if pidfd in ready:
            return True
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)  # the grader never speaks while a child runs: it has gone
        return False


def _read(control: socket.socket) -> Any:
    return json.loads(control.recv(65536))


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    data, ancillary, _, _ = control.recvmsg(4096, socket.CMSG_SPACE(2 * 4), socket.MSG_CMSG_CLOEXEC)
    fds = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(payload)
    return data, list(fds)


def _write(control: socket.socket, message: dict[str, Any], *fds: int) -> None:
    try:
        if fds:
            socket.send_fds(control, [json.dumps(message).encode()], fds)
        else:
            control.send(json.dumps(message).encode())
    except BrokenPipeError:
        os._exit(0)
