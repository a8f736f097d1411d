"""Find questions that may be faulty: checks that nobody passes, or on which stronger students do worse."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import CheckStats, ExerciseStats, QuestionStats

MIN_ATTEMPTED: Final = 5
"""Number of attempts below which a check gets no warning."""
RARE_SHARE: Final = 0.1
"""Largest share of passed attempts, and of points, for "almost nobody"; answers may be partly right."""
INVERTED_CORRELATION: Final = -0.1
"""A correlation from this value down gives a warning."""
SKIPPED_SHARE: Final = 0.5


class ItemWarning(StrEnum):
    """Kinds of unusual results, the most serious first."""

    NOBODY = "nobody"
    """Nobody passed, though enough tried: the check itself may be wrong."""
    INVERTED = "inverted"
    """Students who do well on the rest do worse here."""
    RARELY = "rarely"
    """Almost nobody who tried passed."""
    SKIPPED = "skipped"
    """More than half of the students didn't try."""


@dataclass(frozen=True)
class QuestionWarning:
    """One warning about one question. `checks` are the checks concerned; empty for the whole question."""

    warning: ItemWarning
    exercise: ExerciseStats
    question: QuestionStats
    checks: tuple[CheckStats, ...] = ()


def find_question_warnings(exercises: tuple[ExerciseStats, ...]) -> tuple[QuestionWarning, ...]:
    """Return all warnings of a course, the most serious first, those about many checks before those about few."""
    found = [c for exercise in exercises for question in exercise.questions for c in _find_warnings(exercise, question)]
    return tuple(sorted(found, key=lambda c: (list(ItemWarning).index(c.warning), -len(c.checks))))


def _find_warnings(exercise: ExerciseStats, question: QuestionStats) -> Iterator[QuestionWarning]:
    tried = [c for c in question.checks if c.attempted >= MIN_ATTEMPTED and (c.item.difficulty or 0.0) <= RARE_SHARE]
    passed = {check.name: check.count(Verdict.PASSED) for check in tried}
    nobody = tuple(check for check in tried if not passed[check.name])
    rarely = tuple(check for check in tried if 0 < passed[check.name] <= RARE_SHARE * check.attempted)
    if nobody:
        yield QuestionWarning(ItemWarning.NOBODY, exercise, question, nobody)
    if rarely:
        yield QuestionWarning(ItemWarning.RARELY, exercise, question, rarely)
    if question.item.discrimination is not None and question.item.discrimination <= INVERTED_CORRELATION:
        yield QuestionWarning(ItemWarning.INVERTED, exercise, question)
    if question.submissions >= MIN_ATTEMPTED and question.share("not_attempted") > SKIPPED_SHARE:
        yield QuestionWarning(ItemWarning.SKIPPED, exercise, question)
