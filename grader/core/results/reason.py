"""Reasons for the verdict of a check, and explanations of wrong answers."""

from dataclasses import dataclass

from grader.core.compare.mismatch import Mismatch
from grader.core.wire.job import ExceptionInfo, LimitHit, MissingName


@dataclass(frozen=True)
class ProcessDeath:
    """The student's code ended its process; `cause` describes this as far as it is known."""

    cause: str


@dataclass(frozen=True)
class Skipped:
    """Not run, because an earlier check of the same question was stopped; `stopped_by` repeats its reason."""

    stopped_by: LimitHit | ProcessDeath | None = None


Reason = Mismatch | ExceptionInfo | MissingName | LimitHit | ProcessDeath | Skipped


@dataclass(frozen=True)
class CodePlace:
    """A line of a submission: the label of its cell, and the number of the line in the cell, from 1."""

    cell: str
    line: int


@dataclass(frozen=True)
class KnownMistake:
    """The wrong output equals that of the course's known mistake `name`; `place` is the line where it was made."""

    name: str
    place: CodePlace | None = None


@dataclass(frozen=True)
class Relation:
    """The relation of a wrong tensor to the expected one: `kind` names the sentence, `detail` is inserted in it."""

    kind: str
    detail: str = ""


@dataclass(frozen=True)
class ReturnedForm:
    """The right values in another form than was asked for: `kind` names the sentence, `detail` is inserted in it."""

    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Departure:
    """The first statement after which a variable isn't what the reference has there.

    `kind` is `shape` or `values`. `actual` and `expected` are the shapes in the first case, empty for values.
    """

    kind: str
    variable: str
    place: CodePlace
    actual: tuple[int, ...] = ()
    expected: tuple[int, ...] = ()


@dataclass(frozen=True)
class RepairEdit:
    """One edit of a student's code: its kind (`EditKind`), its place, and the text there before and after it."""

    kind: str
    place: CodePlace
    before: str
    after: str


@dataclass(frozen=True)
class Repair:
    """Edits of a student's own code that together make checks pass and break none."""

    edits: tuple[RepairEdit, ...]


Explanation = KnownMistake | Relation | ReturnedForm | Departure | Repair
