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
class KnownMistake:
    """The wrong output equals that of the course's known mistake `name`."""

    name: str


@dataclass(frozen=True)
class Relation:
    """The relation of a wrong tensor to the expected one: `kind` names the sentence, `detail` is inserted in it."""

    kind: str
    detail: str = ""


Explanation = KnownMistake | Relation
