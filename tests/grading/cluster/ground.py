"""A real cluster on this machine: a scheduler and workers, each in a separate process, on free ports."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.grading.tasks import GradingTask

RIGHT = b"def twice(x):\n    return x + x\n"
SOURCES = {
    "right": RIGHT,
    "wrong": b"def twice(x):\n    return x * x\n",
    "raises": b"def twice(x):\n    1 / 0\n",
    "crash": b"import os\ndef twice(x):\n    os._exit(3)\n",
    "random": b"import numpy as np\ndef twice(x):\n    return np.random.normal(size=x.shape)\n",
    "printing": b"def twice(x):\n    print(x)\n    return 2 * x\n",
    "syntax": b"def twice(x:\n",
    "unreadable": b"",
}
PATIENCE = 120.0


@dataclass
class Ground:
    """The processes of one cluster; those still running at the end are killed."""

    folder: Path
    security: Sequence[str] = ()
    scheme: str = "tcp"
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def start_scheduler(self, port: int = 0) -> "Ground":
        """Start the scheduler at this port, or a free one, and wait until it can be reached."""
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        where = ["--host", f"{self.scheme}://127.0.0.1", "--port", str(port), "--scheduler-file", str(file)]
        self._start("scheduler", [*where, "--no-dashboard", *self.security])
        wait_until(lambda: file.exists() and bool(file.read_text()))
        self.address = json.loads(file.read_text())["address"]
        return self

    def start_worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker without a nanny, so that the process is the worker; don't wait for it."""
        own = ["--local-directory", str(self.folder / "files"), "--no-dashboard", "--death-timeout", "120"]
        options = options or ("--no-nanny", "--nthreads", "1")
        return self._start("worker", [self.address, *own, *options, *self.security], **environment)

    @property
    def workers(self) -> list[subprocess.Popen[bytes]]:
        """Return the workers that are alive."""
        return [process for process in self.processes[1:] if process.poll() is None]

    def end_workers(self) -> None:
        """Kill all processes except the scheduler, including nannies and their children."""
        for process in self.processes[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        del self.processes[1:]

    def end(self) -> None:
        """Kill every process."""
        self.end_workers()
        for process in self.processes:
            process.kill()
            process.wait()

    def _start(self, what: str, arguments: Sequence[str], **environment: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{what}-{uuid.uuid4().hex}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self.processes.append(process)
        return process


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "two minutes have passed"
        time.sleep(0.05)


def tasks_of(sources: Sequence[bytes]) -> list[GradingTask]:
    """Return tasks with these sources, each with different bytes."""
    return [GradingTask(n, "doubling", "doubling.py", s + b"\n# %d\n" % n if s else s) for n, s in enumerate(sources)]


class Evil:
    """An object that creates a folder when it is unpickled."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (self.folder,)


def evil(folder: str) -> object:
    """Return an object, as an attacker's worker might, instead of bytes."""
    return [Evil(folder)]


def plain(_: str) -> bytes:
    """Return bytes, as a worker does."""
    return b"bytes"
