"""Scores as JSON for scripts: every score with all attempts and the rules."""

import json
from collections.abc import Iterator
from typing import Any, Final

from grader.core.report.gradebook import Gradebook, GradebookStudent
from grader.core.results.policy import Policy, ScoredAttempt, ScoreSheet
from grader.core.text.messages import gettext
from grader.formats.export.export_format import ExportedTable, OptionValues, TableFormat


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
        "attempt": sheet.counted_attempt.attempt.number if sheet.counted_attempt else None,
        "attempts": list(_attempts(sheet)),
    }


def _attempts(sheet: ScoreSheet) -> Iterator[dict[str, Any]]:
    for one in sheet.attempts:
        yield _attempt(one) | {"counts": one == sheet.counted_attempt}


def _attempt(one: ScoredAttempt) -> dict[str, object]:
    return {
        "attempt": one.attempt.number,
        "received_at": one.attempt.received_at.isoformat(timespec="seconds"),
        "points": _round(one.attempt.score),
        "max_score": _round(one.attempt.max_score),
        "pending": _round(one.attempt.pending),
        "days_late": one.days,
        "late_seconds": one.late_seconds,
        "kept": _round(one.late_factor),
        "score": _round(one.score),
        "allowed": one.within_limit,
    }


def _round(value: float) -> float:
    return round(value + 0.0, 6)


def _render(book: Gradebook, _: OptionValues) -> ExportedTable:
    return ExportedTable(render_scores_json(book), len(book.people), "student")


FORMAT: Final = TableFormat("json", gettext("every attempt and the rules, for scripts"), _render, ending="json")
