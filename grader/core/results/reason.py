"""Reasons why a check ended as it did, and what explains a wrong answer."""

from dataclasses import dataclass

from grader.core.compare.mismatch import Mismatch
from grader.core.wire.job import ExceptionInfo, LimitHit, MissingName


@dataclass(frozen=True)
class ProcessDeath:
    """The student's code ended its process; `cause` says how, as far as that is known."""

    cause: str


@dataclass(frozen=True)
class Skipped:
    """Not run, because an earlier check of the same question was stopped; `stopped_by` repeats why."""

    stopped_by: LimitHit | ProcessDeath | None = None


Reason = Mismatch | ExceptionInfo | MissingName | LimitHit | ProcessDeath | Skipped


@dataclass(frozen=True)
class KnownMistake:
    """The wrong output is exactly that of a known mistake of the course, called `name`."""

    name: str


@dataclass(frozen=True)
class Relation:
    """A fact that relates a wrong tensor to the expected one: `kind` names the sentence, `detail` fills it."""

    kind: str
    detail: str = ""


Explanation = KnownMistake | Relation
