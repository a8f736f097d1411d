"""Runs background jobs beside the dispatcher, one at a time: each is a command of the program, in its own process."""

import logging
import multiprocessing
import os
import runpy
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from grader.core.questions.exercise import Course
from grader.course.loader import compute_course_version
from grader.web.processes.background_jobs import (
    BackgroundJob,
    BackgroundJobKind,
    BackgroundJobQueue,
    BackgroundJobResult,
    RegradeScope,
)
from grader.web.processes.parent_death import end_with_parent
from grader.web.settings import PortalSettings

JOB_POLL_INTERVAL_S: Final = 0.3
"""Seconds between two looks."""
JOB_TIMEOUTS_S: Final = {
    BackgroundJobKind.REHEARSAL: 6 * 3600,
    BackgroundJobKind.REGRADE: 24 * 3600,
    BackgroundJobKind.PROOF: 1800,
}
"""Seconds that an errand may take."""
MAX_JOB_OUTPUT_CHARS: Final = 20_000
"""Characters kept of what a command prints."""
_COURSE_CHANGED: Final = "The course has changed since the portal was started: start the portal again, then try again."

_log = logging.getLogger("grader.errands")


class BackgroundJobRunner:
    """Runs jobs until it is told to stop. Student code runs in the sandbox, as in every command."""

    def __init__(self, errands: BackgroundJobQueue, course: Course, settings: PortalSettings) -> None:
        self._errands, self._course, self._settings = errands, course, settings

    def run(self, stop: threading.Event) -> None:
        """Run one job after the other."""
        while not stop.wait(JOB_POLL_INTERVAL_S):
            asked = self._errands.get_next()
            if asked is None:
                continue
            outcome = self._run_job(asked, stop)
            if not stop.is_set():
                self._errands.finish(asked.kind, outcome)
                _log.info("an errand is done", extra={"which": str(asked.kind), "code": outcome.code})

    def _run_job(self, asked: BackgroundJob, stop: threading.Event) -> BackgroundJobResult:
        if compute_course_version(Path(self._course.folder) / "reference") != self._course.version:
            return BackgroundJobResult(self._course.version, 1, _COURSE_CHANGED, scope=asked.scope)
        try:
            return self._execute_job(asked, stop)
        except OSError as error:
            return BackgroundJobResult(
                self._course.version, 1, f"It can't be run: {error.strerror or error}", scope=asked.scope
            )

    def _execute_job(self, asked: BackgroundJob, stop: threading.Event) -> BackgroundJobResult:
        page, said = self._errands.folder / "page.html", self._errands.folder / "said"
        page.unlink(missing_ok=True)
        said.unlink(missing_ok=True)
        code = self._run(self._command(asked, page), asked.who, said, stop, JOB_TIMEOUTS_S[asked.kind])
        words = said.read_text("utf-8", "replace")[:MAX_JOB_OUTPUT_CHARS] if said.exists() else ""
        html = page.read_text("utf-8") if page.exists() else ""
        return BackgroundJobResult(self._course.version, code, words, html, asked.scope)

    def _command(self, asked: BackgroundJob, page: Path) -> list[str]:
        if asked.kind is BackgroundJobKind.PROOF:
            return ["build", "--check"]
        rehearsal = ["--dry-run"] if asked.kind is BackgroundJobKind.REHEARSAL else []
        scope = _options(asked.scope)
        return ["grade", "--regrade", *rehearsal, *scope, "--html", str(page), *self._settings.grade_options]

    def _run(self, command: list[str], who: str, output: Path, stop: threading.Event, longest: float) -> int | None:
        """Return the exit code. The command is stopped when the portal ends or its time is over."""
        named = {"GRADER_COURSE": str(self._settings.course), "GRADER_DB": self._settings.db, "LOGNAME": who}
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_run_command, args=(command, named | {"NO_COLOR": "1"}, output))
        process.start()
        end = time.monotonic() + longest
        while process.is_alive() and not stop.wait(JOB_POLL_INTERVAL_S):
            if time.monotonic() > end:
                with output.open("a") as said:
                    said.write("It took too long and was ended.\n")
                break
        process.terminate()
        process.join()
        return process.exitcode


def _run_command(command: list[str], environment: Mapping[str, str], output: Path) -> None:
    """Run a command in its process, with everything that it prints going to a file."""
    end_with_parent()
    os.environ.update(environment)
    with output.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    sys.argv = ["grader", *command]
    runpy.run_module("grader", run_name="__main__")


def _options(scope: RegradeScope) -> list[str]:
    """Return command-line options, each in one word with its value, because a name may begin with a dash."""
    return [f"--{name}={value}" for name, value in asdict(scope).items() if value]
