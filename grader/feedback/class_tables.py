"""Write the full tables of the class page as CSV files: UTF-8, without any cell that a spreadsheet would compute."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import ClassSummary, ReportLocation
from grader.core.stats.item_analysis import ItemIndices
from grader.core.stats.question_stats import QUESTION_STATES
from grader.core.text.escape_formula import escape_formula
from grader.feedback.page_text import reveal_invisible

CLASS_TABLES_FOLDER: Final = "_class"
"""The folder of the tables; no student's folder begins with an underscore."""

MAX_SHOWN_ROWS: Final = 500
"""Largest number of rows of one table that the page shows; the file has all of them."""
MAX_SHOWN_NAMES: Final = 60
"""Largest number of names of one list that the page shows."""

TableRow = tuple[object, ...]


def render_class_tables(summary: ClassSummary) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the path, below the folder of the pages, and the text of each table. An empty table has only its header."""
    for name, (header, rows) in _TABLES.items():
        yield table_path(name), _text(header, rows(summary))


def table_path(name: str) -> PurePosixPath:
    """Return the path of the table of that name, below the folder of the pages."""
    return PurePosixPath(CLASS_TABLES_FOLDER, f"{name}.csv")


def _text(header: TableRow, rows: Iterator[TableRow]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    """Format a value: invisible characters are spelt out, and text that looks like a formula gets a quote in front.

    A number is never a formula.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return escape_formula(reveal_invisible(str(value)))


def _scores(summary: ClassSummary) -> Iterator[TableRow]:
    for exercise in summary.exercises:
        step = 100 // len(exercise.distribution)
        for i, count in enumerate(exercise.distribution):
            yield exercise.name, i * step, (i + 1) * step, count


def _questions(summary: ClassSummary) -> Iterator[TableRow]:
    for exercise in summary.exercises:
        for number, q in enumerate(exercise.questions, 1):
            head = (exercise.name, number, q.id, q.title, q.kind, q.max_score, q.submissions)
            yield *head, *_indices(q.item), *(q.states.get(state, 0) for state in QUESTION_STATES)


def _checks(summary: ClassSummary) -> Iterator[TableRow]:
    for exercise in summary.exercises:
        for c in (check for question in exercise.questions for check in question.checks):
            head = (exercise.name, c.question, c.name, c.says, "hidden" if c.hidden else "visible", c.max_points)
            yield *head, *_indices(c.item), *(c.count(verdict) for verdict in Verdict)


def _indices(item: ItemIndices) -> TableRow:
    return item.difficulty, item.discrimination, item.undefined_reason, item.upper, item.lower


def _mistakes(summary: ClassSummary) -> Iterator[TableRow]:
    return (
        (m.exercise, m.question, m.name, m.hint, *_place_cells(place)) for m in summary.mistakes for place in m.places
    )


def _limits(summary: ClassSummary) -> Iterator[TableRow]:
    return ((f.exercise, f.question, f.verdict, *_place_cells(place)) for f in summary.limits for place in f.places)


def _refusals(summary: ClassSummary) -> Iterator[TableRow]:
    return ((r.exercise, *_place_cells(r.place), " ".join(r.says)) for r in summary.refusals)


def _pending(summary: ClassSummary) -> Iterator[TableRow]:
    for p in summary.pending:
        waits = "to be graded again" if p.is_grader_error else "for a person"
        yield from ((p.exercise, p.question, waits, *_place_cells(place)) for place in p.places)


def _unreadable(summary: ClassSummary) -> Iterator[TableRow]:
    return ((e.exercise, e.student, e.error) for e in summary.unreadable)


def _missing(summary: ClassSummary) -> Iterator[TableRow]:
    return ((e.name, student) for e in summary.exercises for student in e.missing)


def _late(summary: ClassSummary) -> Iterator[TableRow]:
    return (
        (e.exercise, e.student, round(e.late.total_seconds() / 3600, 2), e.points, e.late_factor, e.score)
        for e in summary.late
    )


def _students(summary: ClassSummary) -> Iterator[TableRow]:
    for row in summary.students:
        for exercise, entry in zip(summary.exercises, row.entries, strict=True):
            if entry is not None:
                counts = (entry.attempts, entry.counted_number)
                sums = (entry.points, entry.late_factor, entry.score, entry.max_score, entry.pending)
                yield row.student, exercise.name, *counts, *sums, entry.error


def _place_cells(place: ReportLocation) -> tuple[str | None, int]:
    return place.student, place.number


_ITEM: Final = ("difficulty", "discrimination", "undefined", "upper_27", "lower_27")
_TABLES: Final[dict[str, tuple[TableRow, Callable[[ClassSummary], Iterator[TableRow]]]]] = {
    "scores": (("exercise", "from_percent", "to_percent", "submissions"), _scores),
    "questions": (
        ("exercise", "number", "question", "title", "kind", "max_score", "submissions", *_ITEM, *QUESTION_STATES),
        _questions,
    ),
    "checks": (("exercise", "question", "check", "says", "shown", "max_points", *_ITEM, *map(str, Verdict)), _checks),
    "mistakes": (("exercise", "question", "mistake", "hint", "student", "question_number"), _mistakes),
    "limits": (("exercise", "question", "verdict", "student", "question_number"), _limits),
    "refusals": (("exercise", "student", "question_number", "says"), _refusals),
    "pending": (("exercise", "question", "waits", "student", "question_number"), _pending),
    "unreadable": (("exercise", "student", "error"), _unreadable),
    "missing": (("exercise", "student"), _missing),
    "late": (("exercise", "student", "hours_late", "points", "kept", "score"), _late),
    "students": (
        ("student", "exercise", "attempts", "counted", "points", "kept", "score", "max_score", "pending", "error"),
        _students,
    ),
}
