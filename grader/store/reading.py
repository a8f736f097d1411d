"""Reading in pages by ascending id: each page its own short transaction, so that others can write in between."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from grader.store import codec
from grader.store.database import Database
from grader.store.models import BlobRow, GradingRow, ResultRow, StudentRow, SubmissionRow
from grader.store.records import Graded, Submission

PAGE: Final = 200
"""Submissions read at once."""

T = TypeVar("T")


@dataclass(frozen=True)
class Selection:
    """Which submissions: those of an exercise, of a student, those with certain ids; None is all."""

    exercise: str | None = None
    student: str | None = None
    ids: Collection[int] | None = None


def pages(items: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """Lists of up to `size` items."""
    iterator = iter(items)
    while page := list(islice(iterator, size)):
        yield page


def ungraded(database: Database, selection: Selection) -> Iterator[Submission]:
    """Submissions whose latest grading isn't a sound one, or which have none."""
    return _without(database, selection)


def outdated(
    database: Database, selection: Selection, course_version: str, grader_version: str, seed: str
) -> Iterator[Submission]:
    """Submissions whose latest grading isn't a sound one of these versions and this seed."""
    row = GradingRow
    ours = (row.course_version == course_version, row.grader_version == grader_version, row.seed == seed)
    return _without(database, selection, *ours)


def _without(database: Database, selection: Selection, *sound: ColumnElement[bool]) -> Iterator[Submission]:
    """Submissions whose latest grading has a fault of ours, or isn't such a one."""
    done = exists().where(_latest(), GradingRow.faulted.is_(False), *sound).correlate(SubmissionRow)
    for ids in _id_pages(database, selection):
        with database.read() as connection:
            rows = connection.execute(_submissions(ids).where(~done)).all()
        yield from (_submission(row) for row in rows)


def latest(database: Database, selection: Selection) -> Iterator[Graded]:
    """Every graded submission with its latest grading."""
    for ids in _id_pages(database, selection):
        with database.read() as connection:
            graded = _graded(connection, ids)
        yield from graded


def _graded(connection: Connection, ids: Sequence[int]) -> list[Graded]:
    columns = [column for column in GradingRow.__table__.columns if column.name != "id"]
    wanted = _submissions(ids).add_columns(GradingRow.id.label("grading_id"), *columns).join(GradingRow, _latest())
    found = connection.execute(wanted).all()
    results = _results(connection, [row.grading_id for row in found])
    return [
        Graded(_submission(row), codec.grading(row.exercise, row._mapping, results.get(row.grading_id, [])))
        for row in found
    ]


def _results(connection: Connection, gradings: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    wanted = select(ResultRow.__table__).where(ResultRow.grading_id.in_(gradings))
    rows = connection.execute(wanted.order_by(ResultRow.grading_id, ResultRow.position)).mappings()
    return {grading: [dict(row) for row in group] for grading, group in groupby(rows, lambda row: row["grading_id"])}


def _latest() -> ColumnElement[bool]:
    """The GradingRow is the submission's latest. Ids ascend, and nothing is ever overwritten."""
    newer = aliased(GradingRow)
    last = select(func.max(newer.id)).where(newer.submission_id == SubmissionRow.id).correlate(SubmissionRow)
    return and_(GradingRow.submission_id == SubmissionRow.id, GradingRow.id == last.scalar_subquery())


def _submissions(ids: Sequence[int]) -> Select[Any]:
    return (
        select(SubmissionRow.__table__, StudentRow.name, BlobRow.size)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .join(BlobRow, BlobRow.sha256 == SubmissionRow.sha256)
        .where(SubmissionRow.id.in_(ids))
        .order_by(SubmissionRow.id)
    )


def _submission(row: Row[Any]) -> Submission:
    return Submission(
        id=row.id,
        student=row.name,
        exercise=row.exercise,
        number=row.number,
        file_name=row.file_name,
        received_at=row.received_at,
        sha256=row.sha256,
        size=row.size,
    )


def _id_pages(database: Database, selection: Selection) -> Iterator[list[int]]:
    """The ids of the selected submissions in ascending order, PAGE at a time, each page continuing after the last."""
    if selection.ids is not None:
        for page in pages(sorted(set(selection.ids))):
            with database.read() as connection:
                wanted = _selected(selection).where(SubmissionRow.id.in_(page))
                ids = list[int](connection.scalars(wanted.order_by(SubmissionRow.id)))
            yield ids
        return
    after = 0
    while True:
        with database.read() as connection:
            wanted = _selected(selection).where(SubmissionRow.id > after).order_by(SubmissionRow.id).limit(PAGE)
            ids = list[int](connection.scalars(wanted))
        if not ids:
            return
        yield ids
        after = ids[-1]


def _selected(selection: Selection) -> Select[Any]:
    wanted = select(SubmissionRow.id)
    if selection.exercise is not None:
        wanted = wanted.where(SubmissionRow.exercise == selection.exercise)
    if selection.student is not None:
        student = select(StudentRow.id).where(StudentRow.name == codec.storable(selection.student))
        wanted = wanted.where(SubmissionRow.student_id == student.scalar_subquery())
    return wanted
