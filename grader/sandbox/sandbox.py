"""Runs jobs: owns the zygotes of one worker, and replaces one that dies."""

import re
import sys
from collections.abc import Iterable
from typing import Final, Self

from grader.core.errors import SandboxFault, SandboxUnavailable
from grader.core.wire.job import Job, JobResult
from grader.sandbox.data_store import DataCache
from grader.sandbox.job_runner import JobRunner
from grader.sandbox.launcher import Launcher
from grader.sandbox.level import Level
from grader.sandbox.request_cache import EncodedRequests, RequestCache

PLOTTING_PACKAGE: Final = "matplotlib"
_PLOTTERS: Final = ("matplotlib", "pylab", "mpl_toolkits")
_PLOTS: Final = re.compile(rf"(?<!%)\b(?:{'|'.join(_PLOTTERS)})\b")  # `%matplotlib inline` alone doesn't plot


class Sandbox:
    """Runs jobs, one at a time. Use it as a context manager, one per thread or process.

    `level` is the strongest level to use (tests force weaker ones), `min_level` the weakest that is accepted; a machine
    that offers less raises SandboxUnavailable.
    """

    def __init__(
        self, level: Level = Level.FULL, min_level: Level = Level.SECCOMP, packages: Iterable[str] = ()
    ) -> None:
        self._strongest = level
        self._min_level = min_level
        self._packages = tuple(packages)
        self._exercises = RequestCache()
        self._data = DataCache()
        self._plain: Launcher | None = None
        self._plotting: Launcher | None = None

    def __enter__(self) -> Self:
        self._get_launcher(plots=False)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def level(self) -> Level:
        """The level that is in force."""
        return self._get_launcher(plots=False).level

    def close(self) -> None:
        """End all processes, and release the memory of data files."""
        self._close_launchers()
        self._data.close()

    def _close_launchers(self) -> None:
        for launcher in (self._plain, self._plotting):
            if launcher:
                launcher.close()
        self._plain = self._plotting = None

    def run(self, job: Job) -> JobResult:
        """Run the job's cells and requests. Failures of the submission are in the result; they never raise.

        A failure of the grader is retried once; after that the missing answers have the status FAULT.
        """
        plots = any(map(_uses_matplotlib, (*(cell.source for cell in job.cells), *job.modules.values())))
        encoded = EncodedRequests(job.requests) if job.is_rerun else self._exercises.get_encoded(job.requests)
        run = JobRunner(job, encoded, self._data.get_store(job.data_files))
        level = self._strongest
        for last in (False, True):
            try:
                launcher = self._get_launcher(plots)
                level = launcher.level
                while run.unfinished:
                    run.run_child(launcher)
                break
            except SandboxFault:
                self._close_launchers()
                if last:
                    run.fail_missing()
        return run.outcome(level)

    def _get_launcher(self, plots: bool) -> Launcher:
        """Return the zygote for a job; the one with matplotlib starts when the first job needs it."""
        launcher = self._plotting if plots else self._plain
        if launcher is None:
            launcher = self._start((*self._packages, PLOTTING_PACKAGE) if plots else self._packages)
            if plots:
                self._plotting = launcher
            else:
                self._plain = launcher
        return launcher

    def _start(self, packages: tuple[str, ...]) -> Launcher:
        """Start a zygote, or plain subprocesses if there can be no zygote and `min_level` permits that."""
        if self._min_level is Level.NONE and (self._strongest is Level.NONE or not sys.platform.startswith("linux")):
            return _start_unsandboxed(packages)
        from grader.sandbox.zygote_client import Zygote  # Linux only

        try:
            zygote = Zygote.start(self._strongest, packages)
        except SandboxUnavailable:
            if self._min_level is Level.NONE:
                return _start_unsandboxed(packages)
            raise
        if not zygote.level.at_least(self._min_level):
            zygote.close()
            raise SandboxUnavailable(
                f"this machine gives the sandbox level {zygote.level}, but {self._min_level} is asked for",
                "`grader doctor` says why and what raises it",
            )
        return zygote


def _uses_matplotlib(source: str) -> bool:
    return any(name in source for name in _PLOTTERS) and _PLOTS.search(source) is not None


def _start_unsandboxed(packages: tuple[str, ...]) -> Launcher:
    from grader.sandbox.unsandboxed import UnsandboxedLauncher

    return UnsandboxedLauncher(packages)
