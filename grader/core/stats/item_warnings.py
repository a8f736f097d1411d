"""Questions to look at before anybody is blamed: checks that nobody passes, or that the better ones fail."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import CheckFigures, ExerciseFigures, QuestionFigures

FEWEST: Final = 5
"""Who tried, at least, before a check is doubted."""
RARE: Final = 0.1
"""The share of those who tried that is almost nobody; and of the points, for an answer may be right in part."""
INVERTED: Final = -0.1
"""From this correlation down."""
SKIPPED: Final = 0.5


class Doubt(StrEnum):
    """What is odd, the worst first."""

    NOBODY = "nobody"
    """Nobody passed, though enough tried: the check itself may be wrong."""
    INVERTED = "inverted"
    """Those who are good at the rest do worse here."""
    RARELY = "rarely"
    """Almost nobody of those who tried passed."""
    SKIPPED = "skipped"
    """More than half didn't try."""


@dataclass(frozen=True)
class Concern:
    """One doubt about one question, with the checks that it is about (none: about all of it)."""

    doubt: Doubt
    exercise: ExerciseFigures
    question: QuestionFigures
    checks: tuple[CheckFigures, ...] = ()


def concerns(exercises: tuple[ExerciseFigures, ...]) -> tuple[Concern, ...]:
    """All doubts about a course, the worst first, those about many checks before those about few."""
    found = [c for exercise in exercises for question in exercise.questions for c in _concerns(exercise, question)]
    return tuple(sorted(found, key=lambda c: (list(Doubt).index(c.doubt), -len(c.checks))))


def _concerns(exercise: ExerciseFigures, question: QuestionFigures) -> Iterator[Concern]:
    tried = [c for c in question.checks if c.attempted >= FEWEST and (c.item.difficulty or 0.0) <= RARE]
    passed = {check.name: check.count(Verdict.PASSED) for check in tried}
    nobody = tuple(check for check in tried if not passed[check.name])
    rarely = tuple(check for check in tried if 0 < passed[check.name] <= RARE * check.attempted)
    if nobody:
        yield Concern(Doubt.NOBODY, exercise, question, nobody)
    if rarely:
        yield Concern(Doubt.RARELY, exercise, question, rarely)
    if question.item.discrimination is not None and question.item.discrimination <= INVERTED:
        yield Concern(Doubt.INVERTED, exercise, question)
    if question.submissions >= FEWEST and question.share("not_attempted") > SKIPPED:
        yield Concern(Doubt.SKIPPED, exercise, question)
