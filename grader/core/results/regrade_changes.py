"""The changes of a regrade: a submission's score before and after, and the checks that made the difference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from grader.core.results.grading import Grading, QuestionResult
from grader.core.results.mark import Mark, apply_mark


@dataclass(frozen=True)
class CheckOutcome:
    """The verdict and points of a check."""

    verdict: str
    points: float


@dataclass(frozen=True)
class CheckChange:
    """One check before and after; None if the check is missing there."""

    question: str
    check: str
    before: CheckOutcome | None
    after: CheckOutcome | None


@dataclass(frozen=True)
class ScoreChange:
    """One submission, with its marks: its score before and after, and the changed checks."""

    before: float
    after: float
    pending_before: float
    pending_after: float
    checks: tuple[CheckChange, ...]

    @property
    def difference(self) -> float:
        """The change in points; negative for a loss."""
        return self.after - self.before

    def as_json(self) -> dict[str, object]:
        """Return the change as `grader grade --regrade --json` prints it."""
        return {
            "before": round(self.before, 6),
            "after": round(self.after, 6),
            "difference": round(self.difference, 6),
            "pending_before": round(self.pending_before, 6),
            "pending_after": round(self.pending_after, 6),
            "checks": [
                {
                    "question": c.question,
                    "check": c.check,
                    "before": _outcome_json(c.before),
                    "after": _outcome_json(c.after),
                }
                for c in self.checks
            ],
        }


@dataclass(frozen=True)
class ChangedSubmission:
    """The student and number of a changed submission, and its change."""

    student: str
    exercise: str
    submission: int
    max_score: float
    change: ScoreChange


@dataclass(frozen=True)
class RegradeSummary:
    """A whole regrade: the changes, and the number of graded submissions. A dry run records nothing.

    `question` is the only question that was graded again; None for all.
    """

    changes: tuple[ChangedSubmission, ...]
    graded_count: int
    version: str
    is_dry_run: bool = False
    question: str | None = None

    def group_by_check(self) -> list[tuple[tuple[str, str, str], list[ChangedSubmission]]]:
        """Group changes by (exercise, question, check), the most frequent first."""
        found: dict[tuple[str, str, str], list[ChangedSubmission]] = {}
        for one in self.changes:
            for check in one.change.checks:
                found.setdefault((one.exercise, check.question, check.check), []).append(one)
        return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def diff_gradings(before: Grading | None, after: Grading | None, marks: Mapping[str, Mark]) -> ScoreChange | None:
    """Return the change in points, or None without one. A grading of None stands for an unreadable file."""
    was, now = _sum_scores(before, marks), _sum_scores(after, marks)
    checks = tuple(_diff_checks(before, after, marks))
    if was == now and not checks:
        return None
    return ScoreChange(was[0], now[0], was[1], now[1], checks)


def replace_question(before: Grading, after: Grading, question: str) -> Grading:
    """Return the earlier grading with one question's new results; its version names the question and both versions."""
    regraded = {q.id: q for q in after.questions if q.id == question}
    version = before.course_version.removesuffix(question_version_suffix(question, after.course_version))
    return replace(
        before,
        questions=tuple(regraded.get(q.id, q) for q in before.questions),
        course_version=version + question_version_suffix(question, after.course_version),
        grader_version=after.grader_version,
        seed=after.seed,
        elapsed_ms=after.elapsed_ms,
    )


def question_version_suffix(question: str, version: str) -> str:
    """Return the end of a grading's version if one question alone was graded again with `version`."""
    return f"+{question}@{version}"


def _sum_scores(grading: Grading | None, marks: Mapping[str, Mark]) -> tuple[float, float]:
    parts = [apply_mark(q, marks.get(q.id)) for q in grading.questions] if grading else []
    return sum((score for score, _ in parts), 0.0), sum((pending for _, pending in parts), 0.0)


def _diff_checks(before: Grading | None, after: Grading | None, marks: Mapping[str, Mark]) -> Iterator[CheckChange]:
    """Yield the checks whose points differ, except those of questions with a person's mark."""
    was, now = _index_by_name(before), _index_by_name(after)
    for question, check in dict.fromkeys([*was, *now]):
        old, new = was.get((question, check)), now.get((question, check))
        points = (old.points if old else 0.0, new.points if new else 0.0)
        if points[0] != points[1] and question not in marks:
            yield CheckChange(question, check, old, new)


def _index_by_name(grading: Grading | None) -> dict[tuple[str, str], CheckOutcome]:
    questions: tuple[QuestionResult, ...] = grading.questions if grading else ()
    return {(q.id, c.name): CheckOutcome(str(c.verdict), c.points) for q in questions for c in q.checks}


def _outcome_json(ended: CheckOutcome | None) -> dict[str, object] | None:
    return None if ended is None else {"verdict": ended.verdict, "points": round(ended.points, 6)}
