"""What takes long and is asked for on a page: the rehearsal of a regrade, the regrade, the proof of the course.

It is asked for by a file, in a folder that all processes of one portal share and nobody else can read; the process of
the dispatcher finds it there and writes another with what came of it. The folder goes when the portal ends: what counts
is in the records.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from grader.course.templates import write_whole


class Errand(StrEnum):
    """What can be asked for."""

    REHEARSAL = "rehearsal"
    REGRADE = "regrade"
    PROOF = "proof"


@dataclass(frozen=True)
class Scope:
    """Which submissions a regrade is about, and of them which question; "": all."""

    student: str = ""
    exercise: str = ""
    question: str = ""


@dataclass(frozen=True)
class Asked:
    """An errand that waits or is under way, and in whose name."""

    errand: Errand
    who: str
    scope: Scope = Scope()


@dataclass(frozen=True)
class Outcome:
    """What came of an errand by a version of the course: the exit code, what was said, and a page, or "" for none."""

    version: str
    code: int | None
    said: str
    page: str = ""
    scope: Scope = Scope()


class Errands:
    """The folder of a portal's errands: one of each kind at a time, and the last outcome of each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, errand: Errand, who: str, scope: Scope = Scope()) -> None:
        """Asks for an errand in somebody's name, unless that is under way already."""
        if not self.is_asked(errand):
            write_whole(self._asked(errand), json.dumps({"who": who, "scope": asdict(scope)}).encode())

    def is_asked(self, errand: Errand) -> bool:
        """It waits or is under way."""
        return self._asked(errand).exists()

    def next(self) -> Asked | None:
        """An errand that waits."""
        for errand in Errand:
            if self.is_asked(errand):
                found = json.loads(self._asked(errand).read_bytes())
                return Asked(errand, found["who"], Scope(**found["scope"]))
        return None

    def finish(self, errand: Errand, outcome: Outcome) -> None:
        """Tells what came of it. After a regrade, what was rehearsed before is no longer so."""
        write_whole(self._told(errand), json.dumps(asdict(outcome)).encode())
        if errand is Errand.REGRADE:
            self._told(Errand.REHEARSAL).unlink(missing_ok=True)
        self._asked(errand).unlink(missing_ok=True)

    def outcome(self, errand: Errand, version: str) -> Outcome | None:
        """What came of it the last time by this version of the course; None: it wasn't asked for since."""
        try:
            found = json.loads(self._told(errand).read_bytes())
        except FileNotFoundError:
            return None
        return Outcome(**found | {"scope": Scope(**found["scope"])}) if found["version"] == version else None

    def _asked(self, errand: Errand) -> Path:
        return self.folder / f"{errand}.asked"

    def _told(self, errand: Errand) -> Path:
        return self.folder / f"{errand}.json"
