"""Background jobs, which a page starts because they take long: a regrade, its dry run, the check of the course.

A job is a file in a folder that all processes of one portal share and nobody else can read. The dispatcher's process
finds it there and writes another file with the result. The folder is deleted when the portal ends: everything that
counts is in the records.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from grader.atomic_write import replace_file


class BackgroundJobKind(StrEnum):
    """The kinds of job."""

    DRY_RUN = "preview"
    REGRADE = "regrade"
    VERIFICATION = "verification"


@dataclass(frozen=True)
class RegradeScope:
    """The submissions, and perhaps the one question, that a regrade is about; "" means all."""

    student: str = ""
    exercise: str = ""
    question: str = ""


@dataclass(frozen=True)
class BackgroundJob:
    """A job that waits or is running, and the account that started it."""

    kind: BackgroundJobKind
    requested_by: str
    scope: RegradeScope = RegradeScope()


@dataclass(frozen=True)
class BackgroundJobResult:
    """A job's result for one version of the course: exit code, printed text, and a page ("" for none)."""

    version: str
    code: int | None
    output: str
    page: str = ""
    scope: RegradeScope = RegradeScope()


class BackgroundJobQueue:
    """The folder of a portal's jobs: one of each kind at a time, and the last result of each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def enqueue(self, kind: BackgroundJobKind, requested_by: str, scope: RegradeScope = RegradeScope()) -> None:
        """Start a job in an account's name, unless one of its kind is waiting or running."""
        if not self.is_active(kind):
            request = {"requested_by": requested_by, "scope": asdict(scope)}
            replace_file(self._request_file(kind), json.dumps(request).encode())

    def is_active(self, kind: BackgroundJobKind) -> bool:
        """True if a job of this kind waits or is running."""
        return self._request_file(kind).exists()

    def get_next(self) -> BackgroundJob | None:
        """Return a waiting job."""
        for kind in BackgroundJobKind:
            if self.is_active(kind):
                found = json.loads(self._request_file(kind).read_bytes())
                return BackgroundJob(kind, found["requested_by"], RegradeScope(**found["scope"]))
        return None

    def finish(self, kind: BackgroundJobKind, outcome: BackgroundJobResult) -> None:
        """Store the result. A regrade makes the result of an earlier dry run invalid."""
        replace_file(self._result_file(kind), json.dumps(asdict(outcome)).encode())
        if kind is BackgroundJobKind.REGRADE:
            self._result_file(BackgroundJobKind.DRY_RUN).unlink(missing_ok=True)
        self._request_file(kind).unlink(missing_ok=True)

    def load_result(self, kind: BackgroundJobKind, version: str) -> BackgroundJobResult | None:
        """Return the last result for this version of the course, None if there is none."""
        try:
            found = json.loads(self._result_file(kind).read_bytes())
        except FileNotFoundError:
            return None
        return (
            BackgroundJobResult(**found | {"scope": RegradeScope(**found["scope"])})
            if found["version"] == version
            else None
        )

    def _request_file(self, kind: BackgroundJobKind) -> Path:
        return self.folder / f"{kind}.request"

    def _result_file(self, kind: BackgroundJobKind) -> Path:
        return self.folder / f"{kind}.result.json"
