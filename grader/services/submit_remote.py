"""Submitting one's own files to a portal, and waiting until they are graded."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.core.errors import PortalError, UsageError
from grader.core.questions.exercise_names import ExerciseNames
from grader.core.results.receipt import Receipt
from grader.formats.assemble_sets import FilePatterns
from grader.services.ingest import IngestResult
from grader.services.portal_client import PortalClient, UploadRejected
from grader.services.remote_result import RemoteResult, parse_result
from grader.services.submit import StudentFile, SubmittedFile, read_student_files

RESULT_TIMEOUT_S: Final = 600.0
"""Seconds after which waiting ends."""
RESULT_POLL_DELAYS_S: Final = (0.3, 3.0)
"""Seconds between two looks, at first and at last."""


@dataclass(frozen=True)
class PortalAccount:
    """The account of a token, with the data needed for submitting."""

    name: str
    zone: str
    exercises: tuple[str, ...]
    wanted: FilePatterns = FilePatterns()


def fetch_account(portal: PortalClient) -> PortalAccount:
    """Ask a portal for the account of the token. Raise PortalError."""
    with _translate_answers(portal):
        me = portal.get("/me")
        listed = portal.get("/exercises")
        aliases = {str(one["name"]): tuple(map(str, one.get("aliases", ()))) for one in listed}
        exercises = ExerciseNames(aliases, aliases)
        patterns = {str(one["name"]): tuple(map(str, one["files"])) for one in listed if one.get("files")}
        return PortalAccount(str(me["name"]), str(me["time_zone"]), exercises, FilePatterns(patterns, exercises))


def submit_files_remotely(
    portal: PortalClient, account: PortalAccount, files: Sequence[Path], exercise: str | None = None
) -> Iterator[SubmittedFile]:
    """Submit files one after the other, one outcome each; `exercise` is that of files whose names say none.

    Raise UsageError for a folder or an unknown exercise, and PortalError.
    """
    if exercise is not None and exercise not in account.exercises:
        names = ", ".join(account.exercises)
        raise UsageError(f"there is no exercise {exercise!r} at {portal.url}; choose one of: {names}")
    for one in read_student_files(files, account.name, account.exercises, wanted=account.wanted, exercise=exercise):
        yield SubmittedFile(one.path, _submit(portal, account, one), one.remarks)


def wait_for_result(portal: PortalClient, receipt: Receipt) -> RemoteResult | None:
    """Return the result of an attempt once it is graded; None if that takes too long. Raise PortalError."""
    end = time.monotonic() + RESULT_TIMEOUT_S
    path = f"/exercises/{receipt.exercise}/attempts/{receipt.submission}"
    pause = RESULT_POLL_DELAYS_S[0]
    with _translate_answers(portal):
        while portal.get(path)["state"] in ("waiting", "failed"):
            if time.monotonic() > end:
                return None
            time.sleep(pause)
            pause = min(pause * 1.3, RESULT_POLL_DELAYS_S[1])
        return parse_result(portal.get(f"{path}/result"))


def _submit(portal: PortalClient, account: PortalAccount, file: StudentFile) -> Receipt | IngestResult:
    content = file.content
    if isinstance(content, IngestResult):
        return content
    try:
        with _translate_answers(portal):
            return Receipt.from_json(portal.submit_file(content.exercise, content.file_name, content.data))
    except UploadRejected as error:
        return IngestResult(account.name, content.exercise, error=str(error))


@contextlib.contextmanager
def _translate_answers(portal: PortalClient) -> Iterator[None]:
    """Raise PortalError for a response that this program doesn't understand."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise PortalError(
            f"{portal.url} gives an answer that this program does not understand: update grader"
        ) from error
