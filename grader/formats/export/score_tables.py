"""Scores as a table and as JSON, for spreadsheets and scripts: every score with the values that it is computed from."""

import json
import math
from collections.abc import Iterator
from typing import Any, Final

from grader.core.report.gradebook import Column, Gradebook, GradebookStudent
from grader.core.results.policy import Policy, ScoredAttempt, ScoreSheet
from grader.core.text.escape_formula import escape_formula
from grader.formats.csv_table import CsvTable
from grader.formats.decimal_text import format_decimal

SCORE_COLUMNS: Final = (
    *("student", "name", "email", "section", "exercise", "score", "max_score", "pending"),
    *("attempt", "attempts", "received_at", "points", "days_late", "kept", "due", "late_seconds"),
)
"""`score` is the one that counts: the `points` of the counted `attempt` times the share `kept` after lateness.

`due` is the student's own deadline, with an extension, where something was handed in. Lateness is measured from it now,
and is 0 within the grace period.
"""


def render_scores_csv(book: Gradebook) -> bytes:
    """Return one line per student and exercise, with the byte order mark that spreadsheets need to recognise UTF-8.

    Text that a spreadsheet would interpret as a formula is prefixed with a quote; `unescape_formula` removes it.
    """
    rows = (_row(book, person, column) for person in book.people for column in book.columns)
    return CsvTable(SCORE_COLUMNS, tuple(rows), bom=True).to_bytes()


def _row(book: Gradebook, person: GradebookStudent, column: Column) -> tuple[str, ...]:
    sheet = book.sheets.get((person.student, column.name))
    counted = sheet.counted if sheet else None
    owner = tuple(
        escape_formula(text) for text in (person.student, person.name, person.email, person.section, column.name)
    )
    score = format_decimal(book.score(person.student, column.name))
    due = sheet.due.isoformat(timespec="seconds") if sheet and sheet.due else ""
    if sheet is None or counted is None:
        attempt_count = str(len(sheet.attempts)) if sheet else "0"
        return (*owner, score, format_decimal(column.max_score), "", "", attempt_count, *[""] * 4, due, "")
    attempt = counted.attempt
    sums = (
        format_decimal(sheet.max_score),
        format_decimal(sheet.pending),
        str(attempt.number),
        str(len(sheet.attempts)),
    )
    when = attempt.received_at.isoformat(timespec="seconds")
    late = (str(counted.days), format_decimal(counted.late_factor), due, str(_seconds(counted)))
    return (*owner, score, *sums, when, format_decimal(attempt.score), *late)


def render_scores_json(book: Gradebook) -> bytes:
    """Return one document: the exercises with their rules, and every student's scores with all attempts, in UTC.

    `score` is the score under the rules, null if there is none yet; `points` of an attempt are before any rule.
    """
    document = {
        "course": book.title,
        "course_version": book.version,
        "time_zone": book.zone,
        "exercises": [
            {"exercise": c.name, "title": c.title, "max_score": _round(c.max_score), "policy": _policy(c.policy)}
            for c in book.columns
        ],
        "students": [_person(book, person) for person in book.people],
    }
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8", "replace")


def _policy(policy: Policy) -> dict[str, object]:
    return {
        "deadline": policy.deadline.isoformat() if policy.deadline else None,
        "grace_minutes": policy.grace.total_seconds() / 60,
        "late_penalty": policy.late_penalty,
        "attempts": policy.attempts,
        "counts": policy.counts,
    }


def _person(book: Gradebook, person: GradebookStudent) -> dict[str, object]:
    found = ((c.name, book.sheets.get((person.student, c.name))) for c in book.columns)
    scores = [_score(book, person.student, name, sheet) for name, sheet in found if sheet]
    return {
        "student": person.student,
        "name": person.name,
        "email": person.email,
        "section": person.section,
        "ids": dict(person.ids),
        "scores": scores,
    }


def _score(book: Gradebook, student: str, exercise: str, sheet: ScoreSheet) -> dict[str, object]:
    score = book.score(student, exercise)
    return {
        "exercise": exercise,
        "score": None if score is None else _round(score),
        "max_score": _round(sheet.max_score),
        "pending": _round(sheet.pending),
        "due": sheet.due.isoformat() if sheet.due else None,
        "attempt": sheet.counted.attempt.number if sheet.counted else None,
        "attempts": list(_attempts(sheet)),
    }


def _attempts(sheet: ScoreSheet) -> Iterator[dict[str, Any]]:
    for one in sheet.attempts:
        yield _attempt(one) | {"counts": one == sheet.counted}


def _attempt(one: ScoredAttempt) -> dict[str, object]:
    return {
        "attempt": one.attempt.number,
        "received_at": one.attempt.received_at.isoformat(timespec="seconds"),
        "points": _round(one.attempt.score),
        "max_score": _round(one.attempt.max_score),
        "pending": _round(one.attempt.pending),
        "days_late": one.days,
        "late_seconds": _seconds(one),
        "kept": _round(one.late_factor),
        "score": _round(one.score),
        "allowed": one.allowed,
    }


def _seconds(one: ScoredAttempt) -> int:
    return math.ceil(one.late.total_seconds())


def _round(value: float) -> float:
    return round(value + 0.0, 6)
