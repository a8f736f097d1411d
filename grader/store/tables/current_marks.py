"""The current marks: for each question of a submission the latest, unless it was withdrawn."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from grader.core.results.mark import Mark
from grader.store.db.models.gradings import MarkRow

_RANK: Final = func.row_number().over(
    partition_by=(MarkRow.submission_id, MarkRow.question), order_by=MarkRow.id.desc()
)


def load_current_marks(connection: Connection, submissions: Sequence[int]) -> dict[int, dict[str, Mark]]:
    """Return the current marks, by submission and question."""
    marks: dict[int, dict[str, Mark]] = {}
    for row in connection.execute(select_current_marks(MarkRow.submission_id.in_(submissions))):
        marks.setdefault(row.submission_id, {})[row.question] = build_mark(row)
    return marks


def select_current_marks(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the rows of current marks, among those chosen."""
    ranked = select(MarkRow.__table__, _RANK.label("place")).where(*conditions).subquery()
    return select(ranked).where(ranked.c.place == 1, ranked.c.points.is_not(None))


def build_mark(row: Row[Any]) -> Mark:
    """Return a row as plain data."""
    items = tuple(json.loads(row._mapping["items"]))
    return Mark(row.question, row.points, row.max_points, row.comment, items, row.marker, row.created_at)
