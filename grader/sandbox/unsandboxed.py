"""One plain subprocess per job: no isolation, only a time limit. For one's own code where there is no sandbox.

Nothing here needs Linux. Threads transfer the bytes, because not every system can poll a pipe.
"""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO, Final

from grader.core.errors import SandboxFault, describe_cause
from grader.sandbox.data_store import DataStore
from grader.sandbox.launcher import DETERMINISTIC_ENV, ChildExit, ChildProcess, build_python_arguments
from grader.sandbox.level import Level
from grader.sandbox.sleep_meter import Activity

_CHUNK_BYTES: Final = 2**16
_MAX_QUEUED_CHUNKS: Final = 64  # chunks that may wait unread: a flood blocks in the pipe and doesn't fill the memory
_END: Final = b""


class UnsandboxedChild:
    """A running subprocess."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin
        assert process.stdout
        self._process = process
        self._outgoing: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._incoming: queue.Queue[bytes] = queue.Queue(_MAX_QUEUED_CHUNKS)
        self._given_up = threading.Event()
        for target, pipe in ((self._write, process.stdin), (self._read, process.stdout)):
            threading.Thread(target=target, args=(pipe,), daemon=True).start()

    def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
        """Write all outgoing bytes, and wait up to `seconds` for incoming ones. Raises EOFError at the end."""
        if outgoing:
            self._outgoing.put(bytes(outgoing))
        try:
            data = self._incoming.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return len(outgoing), b""
        if data == _END:
            self._incoming.put(_END)
            raise EOFError
        return len(outgoing), data

    def read_unsent(self, received_bytes: int) -> bytes:
        """Return nothing: this child sends each answer at once."""
        return b""

    def cpu(self) -> float:
        """Return 0: CPU time isn't available on every system, and the wall-time limit applies instead."""
        return 0.0

    def read_activity(self) -> Activity | None:
        """Return None: not every system reports it, and the wall-time limit applies instead."""
        return None

    def finish(self) -> ChildExit:
        """Kill the process, if it still runs; its threads end too."""
        self._process.kill()
        self._given_up.set()
        self._outgoing.put(_END)
        return ChildExit(self._process.wait(), 0.0, 0)

    def _write(self, pipe: IO[bytes]) -> None:
        try:
            while data := self._outgoing.get():
                pipe.write(data)
                pipe.flush()
        except OSError:  # the process has ended, which its answers will show
            pass
        finally:
            _close(pipe)

    def _read(self, pipe: IO[bytes]) -> None:
        data = None
        while data != _END and not self._given_up.is_set():
            data = os.read(pipe.fileno(), _CHUNK_BYTES)
            self._put(data)
        _close(pipe)

    def _put(self, data: bytes) -> None:
        while not self._given_up.is_set():
            try:
                self._incoming.put(data, timeout=0.1)
                return
            except queue.Full:
                continue


def _close(pipe: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # close raises if data was left to be written
        pipe.close()


class UnsandboxedLauncher:
    """Starts a subprocess for each job."""

    level = Level.NONE

    def __init__(self, packages: Sequence[str] = ()) -> None:
        self._arguments = build_python_arguments("unsandboxed_child")
        self._packages = tuple(packages)
        self._running: UnsandboxedChild | None = None

    def launch(self, memory: int, cpu_seconds: int, data: DataStore | None = None) -> ChildProcess:
        """Start a fresh interpreter. The limits are not enforced."""
        try:
            process = subprocess.Popen(
                [sys.executable, *self._arguments, data.path if data else "", *self._packages],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **DETERMINISTIC_ENV},
            )
        except OSError as error:
            raise SandboxFault(f"no subprocess could be started: {describe_cause(error)}") from error
        self._running = UnsandboxedChild(process)
        return self._running

    def close(self) -> None:
        """End the last process, if it still runs."""
        if self._running:
            self._running.finish()
