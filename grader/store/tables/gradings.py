"""Appends gradings, within a transaction, and releases claims on their submissions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, insert, select

from grader.core.errors import StoreError
from grader.core.results.grading import Grading
from grader.store.db.base import Base
from grader.store.db.models.gradings import CourseVersionRow, GradingRow, QuestionResultRow, ResultRow
from grader.store.db.models.submissions import SubmissionRow
from grader.store.records import UnreadableResult
from grader.store.tables import claims, grading_rows
from grader.store.tables.submissions import insert_missing

SubmissionResult = tuple[int, Grading | UnreadableResult]


def append_gradings(
    connection: Connection, page: Sequence[SubmissionResult], checks: grading_rows.CheckRowCache
) -> None:
    """Append results by submissions' ids. Raises StoreError for one that doesn't match its submission."""
    now = datetime.now(UTC)
    ids = {id for id, _ in page}
    wanted = select(SubmissionRow.id, SubmissionRow.exercise).where(SubmissionRow.id.in_(ids))
    exercises = dict(connection.execute(wanted).all())
    for id, result in page:
        if id not in exercises:
            raise StoreError(f"there is no submission {id} to append a grading to")
        if isinstance(result, Grading) and result.exercise != exercises[id]:
            raise StoreError(f"submission {id} is for {exercises[id]!r}, its grading for {result.exercise!r}")
    versions = sorted({result.course_version for _, result in page})
    insert_missing(connection, CourseVersionRow, [{"version": v, "title": "", "recorded_at": now} for v in versions])
    inserted = insert(GradingRow).returning(GradingRow.id, sort_by_parameter_order=True)
    rows = [grading_rows.make_grading_row(id, result, now) for id, result in page]
    gradings = connection.scalars(inserted, rows).all()
    _insert_results(
        connection, [(id, r) for id, (_, r) in zip(gradings, page, strict=True) if isinstance(r, Grading)], checks
    )
    claims.release_submissions(connection, sorted(ids))


def _insert_results(
    connection: Connection, gradings: Sequence[tuple[int, Grading]], checks: grading_rows.CheckRowCache
) -> None:
    questions = (grading_rows.make_question_rows(id, grading) for id, grading in gradings)
    results = (grading_rows.make_result_rows(id, grading, checks.get_rows) for id, grading in gradings)
    _insert_rows(connection, QuestionResultRow, grading_rows.QUESTION_COLUMNS, list(chain.from_iterable(questions)))
    _insert_rows(connection, ResultRow, grading_rows.RESULT_COLUMNS, list(chain.from_iterable(results)))


def _insert_rows(
    connection: Connection, table: type[Base], columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Insert rows of plain numbers and texts directly, because converting parameters would dominate the cost."""
    if rows:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        marks = ", ".join([mark] * len(columns))
        statement = f"INSERT INTO {table.__tablename__} ({', '.join(columns)}) VALUES ({marks})"
        connection.exec_driver_sql(statement, rows)
