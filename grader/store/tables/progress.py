"""Progress of submissions: fast queries for pages that many people have open, without the results of checks.

The statements are constructed once, because that takes longer than running them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, exists, func, select

from grader.core.results.policy import Policy
from grader.store.db.engine import Database
from grader.store.db.models.gradings import GradingRow, MarkRow
from grader.store.db.models.people import EventRow, ExtensionRow
from grader.store.db.models.submissions import BlobRow, StudentRow, SubmissionRow
from grader.store.records import GradingSummary, RecordsVersion, StudentWork, SubmissionProgress
from grader.store.tables import scoring
from grader.store.tables.grading_rows import normalize_student_name
from grader.store.tables.queries import SubmissionFilter, build_submission, is_latest_grading, select_submission_ids

_SUMMARY_COLUMNS: Final = ("score", "max_score", "pending", "faulted", "error")
_SELECT_PROGRESS: Final[Select[Any]] = (
    select(
        SubmissionRow.__table__,
        StudentRow.name,
        BlobRow.size,
        GradingRow.id.label("grading_id"),
        *(getattr(GradingRow, name) for name in _SUMMARY_COLUMNS),
    )
    .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
    .join(BlobRow, BlobRow.sha256 == SubmissionRow.sha256)
    .outerjoin(GradingRow, is_latest_grading())
)
_SELECT_BY_STUDENT: Final = _SELECT_PROGRESS.where(StudentRow.name == bindparam("student")).order_by(SubmissionRow.id)
_SELECT_BY_ID: Final = _SELECT_PROGRESS.where(SubmissionRow.id.in_(bindparam("ids", expanding=True))).order_by(
    SubmissionRow.id
)
_HAS_SOUND_GRADING: Final = exists().where(is_latest_grading(), GradingRow.faulted.is_(False)).correlate(SubmissionRow)
_HAS_FAILED_GRADING: Final = exists().where(is_latest_grading(), GradingRow.faulted.is_(True)).correlate(SubmissionRow)
_CONDITIONS: Final = {"waiting": ~_HAS_SOUND_GRADING, "failed": _HAS_FAILED_GRADING}
_SELECT_UNGRADED_ATTEMPT: Final = (
    select(SubmissionRow.id)
    .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
    .where(
        StudentRow.name == bindparam("student"),
        SubmissionRow.exercise == bindparam("exercise"),
        SubmissionRow.number == bindparam("number"),
        ~exists().where(GradingRow.submission_id == SubmissionRow.id),
    )
)
_SELECT_NEW_GRADINGS: Final = select(GradingRow.id, GradingRow.submission_id).where(GradingRow.id > bindparam("after"))
_SELECT_EXTENSIONS: Final = (
    select(ExtensionRow.exercise, ExtensionRow.until)
    .join(StudentRow, StudentRow.id == ExtensionRow.student_id)
    .where(StudentRow.name == bindparam("student"))
    .order_by(ExtensionRow.id)
)
_SELECT_VERSION: Final = select(
    *(
        select(func.coalesce(func.max(table.id), 0)).scalar_subquery()
        for table in (SubmissionRow, GradingRow, StudentRow, MarkRow, ExtensionRow, EventRow)
    )
)


class ProgressQueries:
    """Fast queries on an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read_version(self) -> RecordsVersion:
        """Return a value that is equal as long as the records are unchanged."""
        with self._database.read() as connection:
            submissions, gradings, *acts = connection.execute(_SELECT_VERSION).one()
        return RecordsVersion(submissions, gradings, tuple(acts))

    def find_ungraded(self, student: str, exercise: str, number: int) -> int | None:
        """Return the id of an attempt without a grading; None if it is graded, or doesn't exist."""
        which = {"student": normalize_student_name(student), "exercise": exercise, "number": number}
        with self._database.read() as connection:
            return connection.scalar(_SELECT_UNGRADED_ATTEMPT, which)

    def list_graded_after(self, grading: int) -> Sequence[tuple[int, int]]:
        """Return gradings newer than that one, as (id, its submission's id)."""
        with self._database.read() as connection:
            return [(row.id, row.submission_id) for row in connection.execute(_SELECT_NEW_GRADINGS, {"after": grading})]

    def load_student_work(self, policies: Mapping[str, Policy], student: str) -> StudentWork:
        """Return the data of one student's pages, consistent in time."""
        whose = {"student": normalize_student_name(student)}
        with self._database.read() as connection:
            return StudentWork(
                tuple(_build_progress(row) for row in connection.execute(_SELECT_BY_STUDENT, whose)),
                tuple(scoring.load_attempts(connection, policies, student)),
                {row.exercise: row.until for row in connection.execute(_SELECT_EXTENSIONS, whose)},
            )

    def load_submissions(self, ids: Sequence[int]) -> list[SubmissionProgress]:
        """Return submissions by their ids, oldest first."""
        with self._database.read() as connection:
            return [_build_progress(row) for row in connection.execute(_SELECT_BY_ID, {"ids": list(ids)})]

    def load_newest(
        self, limit: int, selection: SubmissionFilter, state: str = ""
    ) -> tuple[int, list[SubmissionProgress]]:
        """Return the number of selected submissions and the newest of them.

        `state` selects those `waiting` for a sound grading, or those on which the grader has `failed`.
        """
        chosen = select_submission_ids(selection)
        if state in _CONDITIONS:
            chosen = chosen.where(_CONDITIONS[state])
        with self._database.read() as connection:
            count = connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
            ids = connection.scalars(chosen.order_by(SubmissionRow.id.desc()).limit(limit)).all()
            return count, [_build_progress(row) for row in connection.execute(_SELECT_BY_ID, {"ids": ids})][::-1]


def _build_progress(row: Row[Any]) -> SubmissionProgress:
    found = None if row.grading_id is None else GradingSummary(*(getattr(row, name) for name in _SUMMARY_COLUMNS))
    return SubmissionProgress(build_submission(row), found)
