"""Scores of a class for export: students, exercises, rules, and scores that are withheld."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grader.core.report.report import QuestionReport, Report
from grader.core.results.policy import Policy, ScoreSheet
from grader.core.text.numbers import format_points
from grader.core.text.plurals import count_noun

ScoreKey = tuple[str, str]
"""Student and exercise."""


@dataclass(frozen=True)
class Column:
    """One exercise with scores."""

    name: str
    title: str
    max_score: float
    policy: Policy = Policy()


@dataclass(frozen=True)
class GradebookStudent:
    """A student of the roster; `ids` are those in other systems: `{"canvas": "4711"}`."""

    student: str
    display_name: str = ""
    email: str = ""
    section: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name to display."""
        return self.display_name or self.student


@dataclass(frozen=True)
class Gradebook:
    """Columns in the course's order, students by name, and the calculation of each score by both.

    A score with pending points is withheld, unless `with_pending` is set: then it consists of the points so far.
    `comments` are lines for the student to read.
    """

    title: str
    version: str
    columns: tuple[Column, ...]
    people: tuple[GradebookStudent, ...]
    sheets: Mapping[ScoreKey, ScoreSheet]
    with_pending: bool = False
    comments: Mapping[ScoreKey, tuple[str, ...]] = field(default_factory=dict)
    zone: str = "UTC"

    def score(self, student: str, exercise: str) -> float | None:
        """Return the score under the exercise's rules; None if no submission counts, or points are pending."""
        sheet = self.sheets.get((student, exercise))
        if sheet is None or sheet.counted_attempt is None or (sheet.pending and not self.with_pending):
            return None
        return sheet.score

    def scores(self, student: str) -> list[float | None]:
        """Return a student's scores, column by column."""
        return [self.score(student, column.name) for column in self.columns]

    def find_withheld_scores(self) -> list[ScoreKey]:
        """Return the (student, exercise) pairs whose scores are withheld because of pending points."""
        return (
            []
            if self.with_pending
            else [key for key, sheet in self.sheets.items() if sheet.counted_attempt and sheet.pending]
        )


def build_comment(report: Report, score_sheet: ScoreSheet) -> Iterator[str]:
    """Yield the lines that a student reads beside a score: its calculation, and each question with advice.

    They contain nothing that the student wrote, and no more about hidden checks than the page.
    """
    yield _format_total(score_sheet)
    if report.error is not None:
        yield f"This file could not be read: {report.error}"
    for question in report.questions:
        yield " ".join(
            [
                f"{question.title}: {format_points(question.score)} of {format_points(question.max_score)}.",
                *_list_advice(question),
            ]
        )


def _format_total(sheet: ScoreSheet) -> str:
    counted = sheet.counted_attempt
    text = f"Points: {format_points(sheet.score)} of {format_points(sheet.max_score)}"
    if counted is None or sheet.is_plain:
        return text
    text += f", from attempt {counted.attempt.number}"
    if counted.late_factor < 1:
        days = count_noun(counted.days, "day")
        earned, share = format_points(counted.attempt.score), format_points(100 * counted.late_factor)
        text += f": {earned} points, {days} late, of which {share} % are kept"
    return text


def _list_advice(question: QuestionReport) -> list[str]:
    if question.mark is not None:
        return [said for said in (*question.mark.items, question.mark.comment) if said]
    if question.pending:
        return ["Not graded yet."]
    hints = [check.hint or check.says for check in question.checks if check.points < check.max_points]
    return list(dict.fromkeys(hints))
