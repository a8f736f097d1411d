"""A person's mark for a question, and what a question comes to with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Mark:
    """Points that a person gave, out of `max_points`, with the rubric's items that were ticked and a comment."""

    question: str
    points: float
    max_points: float
    comment: str = ""
    items: tuple[str, ...] = ()
    marker: str = ""
    at: datetime | None = None


class HasScore(Protocol):
    """What checks made of a question."""

    @property
    def score(self) -> float: ...
    @property
    def max_score(self) -> float: ...
    @property
    def pending(self) -> float: ...


def apply_mark(scored: HasScore, mark: Mark | None) -> tuple[float, float]:
    """(score, pending) of a question: a mark stands in place of all that the checks gave, and nothing waits then.

    It outlives changes of the course; where the question is worth less now, it is worth no more than that.
    """
    if mark is None:
        return scored.score, scored.pending
    return min(mark.points, scored.max_score), 0.0
