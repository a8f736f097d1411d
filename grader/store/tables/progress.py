"""How far submissions are: quick looks for pages that many people have open, without the results of checks.

The statements are made once, since making one takes longer than running it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, exists, func, select

from grader.core.results.policy import Policy
from grader.store.db.course_models import EventRow, ExtensionRow, MarkRow
from grader.store.db.engine import Database
from grader.store.db.models import BlobRow, GradingRow, StudentRow, SubmissionRow
from grader.store.records import Found, Progress, State, Work
from grader.store.tables import scoring
from grader.store.tables.grading_rows import student_name
from grader.store.tables.queries import Selection, latest_grading, selected, submission

_FOUND: Final = ("score", "max_score", "pending", "faulted", "error")
_PROGRESS: Final[Select[Any]] = (
    select(
        SubmissionRow.__table__,
        StudentRow.name,
        BlobRow.size,
        GradingRow.id.label("grading_id"),
        *(getattr(GradingRow, name) for name in _FOUND),
    )
    .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
    .join(BlobRow, BlobRow.sha256 == SubmissionRow.sha256)
    .outerjoin(GradingRow, latest_grading())
)
_OF_STUDENT: Final = _PROGRESS.where(StudentRow.name == bindparam("student")).order_by(SubmissionRow.id)
_BY_ID: Final = _PROGRESS.where(SubmissionRow.id.in_(bindparam("ids", expanding=True))).order_by(SubmissionRow.id)
_SOUND: Final = exists().where(latest_grading(), GradingRow.faulted.is_(False)).correlate(SubmissionRow)
_WAITING: Final = (
    select(SubmissionRow.id)
    .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
    .where(
        StudentRow.name == bindparam("student"),
        SubmissionRow.exercise == bindparam("exercise"),
        SubmissionRow.number == bindparam("number"),
        ~exists().where(GradingRow.submission_id == SubmissionRow.id),
    )
)
_GRADED: Final = select(GradingRow.id, GradingRow.submission_id).where(GradingRow.id > bindparam("after"))
_EXTENSIONS: Final = (
    select(ExtensionRow.exercise, ExtensionRow.until)
    .join(StudentRow, StudentRow.id == ExtensionRow.student_id)
    .where(StudentRow.name == bindparam("student"))
    .order_by(ExtensionRow.id)
)
_STATE: Final = select(
    *(
        select(func.coalesce(func.max(table.id), 0)).scalar_subquery()
        for table in (SubmissionRow, GradingRow, StudentRow, MarkRow, ExtensionRow, EventRow)
    )
)


class Glance:
    """Quick looks into an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self) -> State:
        """What is equal as long as the records are the same."""
        with self._database.read() as connection:
            submissions, gradings, *acts = connection.execute(_STATE).one()
        return State(submissions, gradings, tuple(acts))

    def waiting(self, student: str, exercise: str, number: int) -> int | None:
        """The id of an attempt that is there and has no grading yet; None: it has one, or isn't there."""
        which = {"student": student_name(student), "exercise": exercise, "number": number}
        with self._database.read() as connection:
            return connection.scalar(_WAITING, which)

    def graded_after(self, grading: int) -> Sequence[tuple[int, int]]:
        """Gradings newer than that one, as (id, its submission's id)."""
        with self._database.read() as connection:
            return [(row.id, row.submission_id) for row in connection.execute(_GRADED, {"after": grading})]

    def work(self, policies: Mapping[str, Policy], student: str) -> Work:
        """What one student's pages show, all of one moment."""
        whose = {"student": student_name(student)}
        with self._database.read() as connection:
            return Work(
                tuple(_progress(row) for row in connection.execute(_OF_STUDENT, whose)),
                tuple(scoring.attempts(connection, policies, student)),
                {row.exercise: row.until for row in connection.execute(_EXTENSIONS, whose)},
            )

    def of(self, ids: Sequence[int]) -> list[Progress]:
        """Submissions by their ids, oldest first."""
        with self._database.read() as connection:
            return [_progress(row) for row in connection.execute(_BY_ID, {"ids": list(ids)})]

    def newest(self, most: int, selection: Selection, *, waiting: bool = False) -> tuple[int, list[Progress]]:
        """How many submissions are chosen, of those that wait for a sound grading or all; the newest come first."""
        chosen = selected(selection)
        if waiting:
            chosen = chosen.where(~_SOUND)
        with self._database.read() as connection:
            count = connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
            ids = connection.scalars(chosen.order_by(SubmissionRow.id.desc()).limit(most)).all()
            return count, [_progress(row) for row in connection.execute(_BY_ID, {"ids": ids})][::-1]


def _progress(row: Row[Any]) -> Progress:
    found = None if row.grading_id is None else Found(*(getattr(row, name) for name in _FOUND))
    return Progress(submission(row), found)
