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
"""Seconds between two checks for new jobs."""
JOB_TIMEOUTS_S: Final = {
    BackgroundJobKind.DRY_RUN: 6 * 3600,
    BackgroundJobKind.REGRADE: 24 * 3600,
    BackgroundJobKind.VERIFICATION: 1800,
}
"""Seconds that a job may take."""
MAX_JOB_OUTPUT_CHARS: Final = 20_000
"""Characters kept of what a command prints."""
_COURSE_CHANGED: Final = "The course has changed since the portal was started: start the portal again, then try again."

_PAGE_ENVIRONMENT: Final = {"NO_COLOR": "1", "GRADER_OUTPUT_ON_PAGE": "1"}
"""Makes a command print no colours, and of an error only what a page shows."""

_log = logging.getLogger("grader.background_jobs")


class BackgroundJobRunner:
    """Runs jobs until it is told to stop. Student code runs in the sandbox, as in every command."""

    def __init__(self, jobs: BackgroundJobQueue, course: Course, settings: PortalSettings) -> None:
        self._jobs, self._course, self._settings = jobs, course, settings

    def run(self, stop: threading.Event) -> None:
        """Run one job after the other."""
        while not stop.wait(JOB_POLL_INTERVAL_S):
            job = self._jobs.get_next()
            if job is None:
                continue
            outcome = self._run_job(job, stop)
            if not stop.is_set():
                self._jobs.finish(job.kind, outcome)
                _log.info("background job finished", extra={"kind": str(job.kind), "code": outcome.code})

    def _run_job(self, job: BackgroundJob, stop: threading.Event) -> BackgroundJobResult:
        if compute_course_version(Path(self._course.folder) / "reference") != self._course.version:
            return BackgroundJobResult(self._course.version, 1, _COURSE_CHANGED, scope=job.scope)
        try:
            return self._execute_job(job, stop)
        except OSError as error:
            return BackgroundJobResult(
                self._course.version, 1, f"The job could not be started: {error.strerror or error}", scope=job.scope
            )

    def _execute_job(self, job: BackgroundJob, stop: threading.Event) -> BackgroundJobResult:
        page, output_file = self._jobs.folder / "page.html", self._jobs.folder / "output.txt"
        page.unlink(missing_ok=True)
        output_file.unlink(missing_ok=True)
        code = self._run(self._command(job, page), job.requested_by, output_file, stop, JOB_TIMEOUTS_S[job.kind])
        printed = output_file.read_text("utf-8", "replace")[:MAX_JOB_OUTPUT_CHARS] if output_file.exists() else ""
        html = page.read_text("utf-8") if page.exists() else ""
        return BackgroundJobResult(self._course.version, code, printed, html, job.scope)

    def _command(self, job: BackgroundJob, page: Path) -> list[str]:
        if job.kind is BackgroundJobKind.VERIFICATION:
            return ["build", "--check"]
        dry_run = ["--dry-run"] if job.kind is BackgroundJobKind.DRY_RUN else []
        scope = _options(job.scope)
        return ["grade", "--regrade", *dry_run, *scope, "--html", str(page), *self._settings.grade_options]

    def _run(self, command: list[str], user: str, output: Path, stop: threading.Event, timeout: float) -> int | None:
        """Return the exit code. The command is stopped when the portal ends or after `timeout` seconds."""
        environment = {"GRADER_COURSE": str(self._settings.course), "GRADER_DB": self._settings.db, "LOGNAME": user}
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_run_command, args=(command, environment | _PAGE_ENVIRONMENT, output))
        process.start()
        end = time.monotonic() + timeout
        while process.is_alive() and not stop.wait(JOB_POLL_INTERVAL_S):
            if time.monotonic() > end:
                with output.open("a") as output_file:
                    output_file.write("It exceeded its time limit and was stopped.\n")
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
