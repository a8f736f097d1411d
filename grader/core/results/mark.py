"""A person's mark for a question, and the question's score with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Mark:
    """Points that a person gave, out of `max_points`, with the ticked items of the rubric and a comment."""

    question: str
    points: float
    max_points: float
    comment: str = ""
    items: tuple[str, ...] = ()
    marker: str = ""
    at: datetime | None = None


class HasScore(Protocol):
    """A question's score as calculated from its checks."""

    @property
    def score(self) -> float: ...
    @property
    def max_score(self) -> float: ...
    @property
    def pending(self) -> float: ...


def apply_mark(question: HasScore, mark: Mark | None) -> tuple[float, float]:
    """Return (score, pending) of a question. A mark replaces the points of all checks, and nothing is pending then.

    A mark stays after changes of the course, but is never worth more than the question's current maximum.
    """
    if mark is None:
        return question.score, question.pending
    return min(mark.points, question.max_score), 0.0
