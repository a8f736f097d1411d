"""The marks that hold: of each question of a submission the latest, unless it was taken back."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from grader.core.results.mark import Mark
from grader.store.db.course_models import MarkRow

_PLACE: Final = func.row_number().over(
    partition_by=(MarkRow.submission_id, MarkRow.question), order_by=MarkRow.id.desc()
)


def current(connection: Connection, submissions: Sequence[int]) -> dict[int, dict[str, Mark]]:
    """The marks that hold, by submission and question."""
    marks: dict[int, dict[str, Mark]] = {}
    for row in connection.execute(holding(MarkRow.submission_id.in_(submissions))):
        marks.setdefault(row.submission_id, {})[row.question] = as_mark(row)
    return marks


def holding(*which: ColumnElement[bool]) -> Select[Any]:
    """The rows of marks that hold, among those chosen."""
    ranked = select(MarkRow.__table__, _PLACE.label("place")).where(*which).subquery()
    return select(ranked).where(ranked.c.place == 1, ranked.c.points.is_not(None))


def as_mark(row: Row[Any]) -> Mark:
    """A row as plain data."""
    items = tuple(json.loads(row._mapping["items"]))
    return Mark(row.question, row.points, row.max_points, row.comment, items, row.marker, row.created_at)
