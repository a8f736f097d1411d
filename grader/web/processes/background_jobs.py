"""What takes long and is asked for on a page: the rehearsal of a regrade, the regrade, the proof of the course.

It is asked for by a file, in a folder that all processes of one portal share and nobody else can read; the process of
the dispatcher finds it there and writes another with what came of it. The folder goes when the portal ends: what counts
is in the records.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from grader.course.templates import write_atomically


class BackgroundJobKind(StrEnum):
    """What can be asked for."""

    REHEARSAL = "rehearsal"
    REGRADE = "regrade"
    PROOF = "proof"


@dataclass(frozen=True)
class RegradeScope:
    """Which submissions a regrade is about, and of them which question; "": all."""

    student: str = ""
    exercise: str = ""
    question: str = ""


@dataclass(frozen=True)
class BackgroundJob:
    """An errand that waits or is under way, and in whose name."""

    kind: BackgroundJobKind
    who: str
    scope: RegradeScope = RegradeScope()


@dataclass(frozen=True)
class BackgroundJobResult:
    """What came of an errand by a version of the course: the exit code, what was said, and a page, or "" for none."""

    version: str
    code: int | None
    output: str
    page: str = ""
    scope: RegradeScope = RegradeScope()


class BackgroundJobQueue:
    """The folder of a portal's errands: one of each kind at a time, and the last outcome of each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def enqueue(self, errand: BackgroundJobKind, who: str, scope: RegradeScope = RegradeScope()) -> None:
        """Asks for an errand in somebody's name, unless that is under way already."""
        if not self.is_active(errand):
            write_atomically(self._request_file(errand), json.dumps({"who": who, "scope": asdict(scope)}).encode())

    def is_active(self, errand: BackgroundJobKind) -> bool:
        """It waits or is under way."""
        return self._request_file(errand).exists()

    def get_next(self) -> BackgroundJob | None:
        """An errand that waits."""
        for errand in BackgroundJobKind:
            if self.is_active(errand):
                found = json.loads(self._request_file(errand).read_bytes())
                return BackgroundJob(errand, found["who"], RegradeScope(**found["scope"]))
        return None

    def finish(self, errand: BackgroundJobKind, outcome: BackgroundJobResult) -> None:
        """Tells what came of it. After a regrade, what was rehearsed before is no longer so."""
        write_atomically(self._result_file(errand), json.dumps(asdict(outcome)).encode())
        if errand is BackgroundJobKind.REGRADE:
            self._result_file(BackgroundJobKind.REHEARSAL).unlink(missing_ok=True)
        self._request_file(errand).unlink(missing_ok=True)

    def load_result(self, errand: BackgroundJobKind, version: str) -> BackgroundJobResult | None:
        """What came of it the last time by this version of the course; None: it wasn't asked for since."""
        try:
            found = json.loads(self._result_file(errand).read_bytes())
        except FileNotFoundError:
            return None
        return (
            BackgroundJobResult(**found | {"scope": RegradeScope(**found["scope"])})
            if found["version"] == version
            else None
        )

    def _request_file(self, errand: BackgroundJobKind) -> Path:
        return self.folder / f"{errand}.asked"

    def _result_file(self, errand: BackgroundJobKind) -> Path:
        return self.folder / f"{errand}.json"
