"""Marking: setting marks, and the list of questions that wait for a person."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from grader.core.batches import split_into_batches
from grader.core.errors import StoreError
from grader.core.results.mark import Mark
from grader.store.db.models.gradings import GradingRow, MarkRow, QuestionResultRow
from grader.store.db.models.submissions import SubmissionRow
from grader.store.records import NewMark, QuestionToMark
from grader.store.tables import current_marks, events, queries
from grader.store.tables.grading_rows import make_storable

_Key = tuple[int, str]


def set_marks(connection: Connection, markings: Sequence[NewMark], user: str) -> int:
    """Append marks that change something; return their number. Raises StoreError for an unknown question."""
    ids = sorted({marking.submission for marking in markings})
    current = current_marks.load_current_marks(connection, ids)
    questions = _load_questions(connection, ids)
    students = dict(
        connection.execute(select(SubmissionRow.id, SubmissionRow.student_id).where(SubmissionRow.id.in_(ids))).all()
    )
    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = []
    details: list[tuple[int | None, str]] = []
    for marking in markings:
        row = _make_mark_row(marking, questions.get((marking.submission, marking.question)))
        mark = current.get(marking.submission, {}).get(marking.question)
        if _is_unchanged(row, mark):
            continue
        rows.append(row | {"marker": make_storable(user), "created_at": now})
        points = "taken back" if marking.points is None else f"{marking.points:g}"
        details.append((students[marking.submission], f"submission {marking.submission}: {row['question']}: {points}"))
    if rows:
        connection.execute(insert(MarkRow), rows)
    events.record_event(connection, user, "marked", details)
    return len(rows)


def _make_mark_row(marking: NewMark, max_points: float | None) -> dict[str, Any]:
    where = f"submission {marking.submission}: {marking.question[:60]!r}"
    if max_points is None:
        raise StoreError(f"{where}: no graded submission has this question", "see grader marks queue")
    points = marking.points
    if points is not None and not (math.isfinite(points) and 0 <= points <= max_points):
        raise StoreError(f"{where}: {points:g} points are out of range: give 0 to {max_points:g}")
    return {
        "submission_id": marking.submission,
        "question": marking.question,
        "points": points,
        "max_points": max_points,
        "items": make_storable(json.dumps(marking.items, ensure_ascii=False)),
        "comment": make_storable(marking.comment),
    }


def _is_unchanged(row: Mapping[str, Any], mark: Mark | None) -> bool:
    if mark is None:
        return row["points"] is None
    same = (mark.points, list(mark.items), mark.comment) == (row["points"], json.loads(row["items"]), row["comment"])
    return same and mark.max_points == row["max_points"]


def _load_questions(connection: Connection, submissions: Sequence[int]) -> dict[_Key, float]:
    """Return the questions of the latest gradings, with their points."""
    q = QuestionResultRow
    wanted = select(SubmissionRow.id, q.question, q.max_score).select_from(SubmissionRow)
    wanted = (
        wanted.join(GradingRow, queries.is_latest_grading())
        .join(q, q.grading_id == GradingRow.id)
        .where(SubmissionRow.id.in_(submissions))
    )
    return {(id, question): most for id, question, most in connection.execute(wanted)}


def list_questions_to_mark(connection: Connection, selection: queries.SubmissionFilter) -> list[QuestionToMark]:
    """Return questions with points that wait for a person, including marked ones, of all attempts.

    Questions that wait because of a grader error are left out: the next run grades them.
    """
    q = QuestionResultRow
    wanted = (
        select(SubmissionRow.id, q.question, q.max_score, q.pending)
        .select_from(SubmissionRow)
        .join(GradingRow, queries.is_latest_grading())
        .join(q, q.grading_id == GradingRow.id)
        .where(
            q.pending > 0, GradingRow.faulted.is_(False), SubmissionRow.id.in_(queries.select_submission_ids(selection))
        )
        .order_by(SubmissionRow.exercise, q.question, SubmissionRow.id)
    )
    rows = connection.execute(wanted).all()
    submissions = {
        s.id: s
        for page in split_into_batches(dict.fromkeys(r.id for r in rows), queries.SUBMISSIONS_PER_PAGE)
        for s in _load_submissions(connection, page)
    }
    given = {
        id: found
        for page in split_into_batches(submissions, queries.SUBMISSIONS_PER_PAGE)
        for id, found in current_marks.load_current_marks(connection, page).items()
    }
    earlier = _load_proposals(connection, selection.exercise)
    found = []
    for row in rows:
        submission = submissions[row.id]
        others = earlier.get((submission.student, submission.exercise, row.question), {})
        number = max((n for n in others if n < submission.number), default=None)
        mark = given.get(row.id, {}).get(row.question)
        proposal = others[number] if number is not None and mark is None else None
        proposed_by = number if proposal else None
        found.append(QuestionToMark(submission, row.question, row.max_score, row.pending, mark, proposal, proposed_by))
    return found


def _load_submissions(connection: Connection, ids: Sequence[int]) -> Iterable[Any]:
    return [queries.build_submission(row) for row in connection.execute(queries.select_submissions(ids))]


def _load_proposals(connection: Connection, exercise: str | None) -> dict[tuple[str, str, str], dict[int, Mark]]:
    """Return current marks, by (student, exercise, question) and the number of the attempt."""
    ids = select(MarkRow.submission_id)
    if exercise is not None:
        ids = ids.join(SubmissionRow).where(SubmissionRow.exercise == exercise)
    given = connection.execute(current_marks.select_current_marks(MarkRow.submission_id.in_(ids))).all()
    submissions = {
        s.id: s
        for page in split_into_batches({m.submission_id for m in given}, queries.SUBMISSIONS_PER_PAGE)
        for s in _load_submissions(connection, page)
    }
    proposals: dict[tuple[str, str, str], dict[int, Mark]] = {}
    for row in given:
        s = submissions[row.submission_id]
        proposals.setdefault((s.student, s.exercise, row.question), {})[s.number] = current_marks.build_mark(row)
    return proposals
