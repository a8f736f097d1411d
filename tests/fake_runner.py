"""A runner of jobs without a sandbox: for tests of what the judge makes of answers, on any machine that can fork.

The grader's side (`JobRunner`) and the code that runs behind the wall (`JobServer`) are the real ones, and so are the
messages between them. Only the wall is missing: a child is a fork of the tests' own process, with no limit on memory.
`test_fake_runner` shows that both give the same results.
"""

import importlib
import os
import signal
import time
import warnings
from typing import Final, NoReturn

from grader.core.wire.job import Job, JobResult
from grader.sandbox.data_store import DataStore
from grader.sandbox.inside import packages
from grader.sandbox.inside.runner import JobServer
from grader.sandbox.job_runner import JobRunner
from grader.sandbox.launcher import ChildExit
from grader.sandbox.level import Level
from grader.sandbox.pipes import Pipes
from grader.sandbox.process_activity import read_process_activity
from grader.sandbox.request_cache import EncodedRequests
from grader.sandbox.sleep_meter import Activity

_NO_CLOCK: Final = 0.0


class FakeRunner:
    """Runs jobs, one at a time, as `Sandbox` does."""

    def __init__(self) -> None:
        self.children = 0
        """Number of children that have been started."""
        for name in (*packages.STANDARD_MODULES, *packages.NUMPY_MODULES):  # once here, not in every child
            importlib.import_module(name)

    def run(self, job: Job) -> JobResult:
        """Run the job's cells and requests."""
        runner = JobRunner(job, EncodedRequests(job.requests))
        while runner.unfinished:
            self.children += 1
            runner.run_child(_ForkLauncher())
        return runner.outcome(Level.NONE)


class _ForkLauncher:
    """Starts children by forking this process."""

    level = Level.NONE

    def launch(self, memory: int, cpu_seconds: int, data: DataStore | None = None) -> "_ForkedChild":
        """Start a child. The limits are not enforced."""
        assert data is None, "files need a real sandbox"
        theirs_in, requests = os.pipe()
        answers, theirs_out = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of threads, which no child uses
            pid = os.fork()
        if pid == 0:
            os.close(requests)
            os.close(answers)
            _serve(theirs_in, theirs_out)
        os.close(theirs_in)
        os.close(theirs_out)
        return _ForkedChild(pid, Pipes(requests, answers))

    def close(self) -> None:
        """Do nothing: the runner finishes every child."""


class _ForkedChild:
    """A running fork."""

    def __init__(self, pid: int, pipes: Pipes) -> None:
        self._pid = pid
        self._pipes = pipes
        self.transfer = pipes.transfer

    def read_unsent(self, received_bytes: int) -> bytes:
        """Return nothing: this child sends each answer at once."""
        return b""

    def read_activity(self) -> Activity | None:
        """Return whether it sleeps; None on a system that doesn't report it."""
        return read_process_activity(self._pid)

    def cpu(self) -> float:
        """CPU seconds used so far; 0 on a system without a clock for each process."""
        try:
            return time.clock_gettime((~self._pid << 3) | 2)  # see clock_getcpuclockid(3)
        except OSError:
            return _NO_CLOCK

    def finish(self) -> ChildExit:
        """Kill the child, if it still runs, and return its exit."""
        os.kill(self._pid, signal.SIGKILL)
        self._pipes.close()
        _, status, usage = os.wait4(self._pid, 0)
        return ChildExit(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, 0)


def _serve(requests: int, answers: int) -> NoReturn:
    """Serve one job in a fork."""
    try:
        server = JobServer(packages.preload())
        server.prepare_process()
        server.serve(requests, answers)
    finally:
        os._exit(0)
