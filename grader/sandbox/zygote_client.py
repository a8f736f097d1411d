"""The zygote and its children, seen from the grader. Linux only: other systems use `unsandboxed`."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader.core.errors import SandboxFault, SandboxUnavailable, describe_cause
from grader.sandbox.data_store import DataStore
from grader.sandbox.inside.protocol import CHILD_ENDED, LAUNCH_REQUEST
from grader.sandbox.launcher import DETERMINISTIC_ENV, ChildExit, build_python_arguments
from grader.sandbox.level import Level
from grader.sandbox.pipes import Pipes
from grader.sandbox.process_activity import read_process_activity
from grader.sandbox.shared_buffer import SharedBuffer
from grader.sandbox.sleep_meter import Activity

_ENVIRONMENT: Final = {
    **DETERMINISTIC_ENV,
    "HOME": "/",
    "PATH": "/usr/bin:/bin",
    "LD_BIND_NOW": "1",  # C functions are resolved once, not in every child
}
_RESPONSE_TIMEOUT_S: Final = 60.0  # seconds until a zygote must answer; normally it answers at once
_HIGHEST_FD: Final = 64
_ERROR_PREFIX: Final = b'{"error"'


class ZygoteChild:
    """A running child of a zygote."""

    def __init__(self, pipes: Pipes, buffer: SharedBuffer, pidfd: int, control: socket.socket) -> None:
        self._pipes = pipes
        self._pidfd = pidfd
        self._control = control
        self._clock: int | None = None
        self.transfer = pipes.transfer
        self.read_unsent = buffer.read_unsent

    def cpu(self) -> float:
        """CPU seconds used so far; 0 if the machine doesn't report it, or the child has ended."""
        if self._clock is None:
            pid = self.pid()
            if pid <= 0:
                return 0.0
            self._clock = (~pid << 3) | 2  # CPUCLOCK_SCHED of that process: see clock_getcpuclockid(3)
        try:
            return time.clock_gettime(self._clock)
        except OSError:
            return 0.0

    def read_activity(self) -> Activity | None:
        """Return what the kernel reports about the child; None if it doesn't, or the child has ended."""
        return read_process_activity(self.pid())

    def pid(self) -> int:
        """Return the child's pid in the grader's namespace, unlike the zygote's; not positive once it is reaped."""
        with open(f"/proc/self/fdinfo/{self._pidfd}") as file:
            lines = dict(line.split(":", 1) for line in file)
        return int(lines["Pid"])

    def finish(self) -> ChildExit:
        """Kill the child, if it still runs, and ask the zygote for its exit."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._pipes.close()
        os.close(self._pidfd)
        return ChildExit(*CHILD_ENDED.unpack(_receive(self._control)))


class Zygote:
    """A warm, confined process that forks children."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", control: socket.socket, buffer: SharedBuffer, level: Level
    ) -> None:
        self._process = process
        self._control = control
        self._buffer = buffer
        self.level = level

    @classmethod
    def start(cls, strongest: Level, packages: Sequence[str] = ()) -> "Zygote":
        """Start a zygote at the strongest level that the machine offers, at most `strongest`.

        Raises SandboxUnavailable.
        """
        try:
            buffer = SharedBuffer()
        except OSError as error:
            raise SandboxFault(
                f"the sandbox gets no memory to share with its children: {describe_cause(error)}"
            ) from error
        process, control = _spawn(buffer.fd)
        zygote = cls(process, control, buffer, strongest)
        try:
            reply = _ask(control, {"level": str(strongest), "packages": list(packages)})
        except SandboxFault:
            zygote.close()
            raise
        zygote.level = Level(reply["level"])
        if zygote.level is Level.NONE:
            zygote.close()
            raise SandboxUnavailable(
                f"this machine gives no sandbox: {_explain_report(reply['report'])}", "see `grader doctor`"
            )
        return zygote

    def launch(self, memory: int, cpu_seconds: int, data: DataStore | None = None) -> ZygoteChild:
        """Fork a child."""
        theirs_in, requests = os.pipe()
        answers, theirs_out = os.pipe()
        try:
            self._buffer.clear()
            message = LAUNCH_REQUEST.pack(memory, cpu_seconds, data.number if data else 0)
            given = [theirs_in, theirs_out] + ([data.fd] if data else [])
            socket.send_fds(self._control, [message], given)
            said, fds, _, _ = socket.recv_fds(self._control, 4096, 1)
            if len(fds) != 1:
                raise SandboxFault(said.decode() or "it has died")
        except (OSError, ValueError, SandboxFault) as error:  # closed memory raises ValueError
            os.close(requests)
            os.close(answers)
            raise SandboxFault(f"the sandbox's zygote can't start a child: {describe_cause(error)}") from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return ZygoteChild(Pipes(requests, answers), self._buffer, fds[0], self._control)

    def close(self) -> None:
        """End the zygote, and with it every process it started."""
        _end(self._process, self._control)
        self._buffer.close()

    @property
    def pid(self) -> int:
        """The zygote's pid outside the namespaces."""
        return self._process.pid


def probe_sandbox() -> dict[str, str]:
    """Return the layers of the sandbox by name: "" if one works here, else its failure. Raises SandboxFault."""
    if not sys.platform.startswith("linux"):
        return dict.fromkeys(("namespaces", "landlock", "seccomp", "limits"), f"system: {sys.platform} is not Linux")
    with open(os.devnull, "rb") as nothing:
        process, control = _spawn(nothing.fileno())
    try:
        report: dict[str, str] = _ask(control, {"level": "probe", "packages": []})["report"]
        return report
    finally:
        _end(process, control)


def _spawn(memory: int) -> "tuple[subprocess.Popen[bytes], socket.socket]":
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, *build_python_arguments("zygote", before=_build_fd_setup(theirs.fileno(), memory))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            pass_fds=[theirs.fileno(), memory],
            start_new_session=True,
        )
    ours.settimeout(_RESPONSE_TIMEOUT_S)
    return process, ours


def _build_fd_setup(control: int, memory: int) -> str:
    """Return Python text that makes the control socket fd 3 and the shared memory fd 4."""
    aside = (
        f"import os, fcntl; a, b = (fcntl.fcntl(fd, fcntl.F_DUPFD, {_HIGHEST_FD}) for fd in ({control}, {memory})); "
    )
    return aside + f"os.dup2(a, 3); os.dup2(b, 4); os.close(a); os.close(b); os.closerange(5, {_HIGHEST_FD}); "


def _ask(control: socket.socket, message: Mapping[str, object]) -> Any:
    try:
        control.send(json.dumps(message).encode())
    except OSError as error:
        raise SandboxFault(f"the sandbox's zygote has died: {describe_cause(error)}") from error
    return json.loads(_receive(control))


def _receive(control: socket.socket) -> bytes:
    try:
        data = control.recv(65536)
    except OSError as error:
        raise SandboxFault(f"the sandbox's zygote doesn't answer: {describe_cause(error)}") from error
    if not data:
        raise SandboxFault("the sandbox's zygote has died")
    if data.startswith(_ERROR_PREFIX):
        raise SandboxFault(f"the sandbox's zygote failed: {json.loads(data)['error']}")
    return data


def _end(process: "subprocess.Popen[bytes]", control: socket.socket) -> None:
    control.close()
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _explain_report(report: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in report.items() if reason) or "unknown"
