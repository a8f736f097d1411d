"""The students on record: rosters and extensions, each action in its own transaction. `Store.people` is an instance."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from grader.core.batches import split_into_batches
from grader.store.db.engine import Database, Lock
from grader.store.records import Enrolment
from grader.store.tables import adoption, events, queries, roster


class StudentRegistry:
    """The students on record."""

    def __init__(self, database: Database, user: str) -> None:
        self._database = database
        self._who = user

    def enroll(self, rows: Iterable[Enrolment], adopted: Mapping[str, str] = MappingProxyType({})) -> int:
        """Add or update a roster's students, all or none; return the number of rows.

        `adopted` are new names of students who were known by name only: they keep all records. Empty fields leave the
        recorded value unchanged. Raises StoreError if two students would share an id.
        """
        count = 0
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            for name, new_name in adopted.items():
                adoption.adopt_student(connection, name, new_name, self._who)
            for page in split_into_batches(rows, queries.SUBMISSIONS_PER_PAGE):
                roster.enroll_students(connection, page)
                count += len(page)
            if count:
                events.record_event(connection, self._who, "enrolled", [(None, f"{count} students")])
        return count

    def list_students(self, section: str | None = None) -> list[Enrolment]:
        """Return all students by name, including those on no roster; or those of one section."""
        with self._database.read() as connection:
            return roster.list_enrolments(connection, section)

    def extend(self, student: str, exercise: str, until: datetime | None, reason: str = "") -> None:
        """Extend a student's deadline for an exercise; None withdraws the extension."""
        with self._database.write() as connection:
            id = roster.append_extension(connection, student, exercise, until, reason)
            what = "taken back" if until is None else f"until {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            events.record_event(connection, self._who, "extended", [(id, f"{exercise}: {what}")])

    def find_extension(self, student: str, exercise: str) -> datetime | None:
        """Return a student's extended deadline for an exercise; None if there is none, or it was withdrawn."""
        with self._database.read() as connection:
            return roster.find_extension(connection, student, exercise)
