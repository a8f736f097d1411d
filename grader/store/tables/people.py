"""Who there is, within transactions: rosters, and the time that somebody was given. `Store.people` is one."""

from collections.abc import Iterable
from datetime import UTC, datetime

from grader.store.db.engine import Database, Lock
from grader.store.records import Enrolment
from grader.store.tables import events, queries, roster


class StudentRegistry:
    """The students on record."""

    def __init__(self, database: Database, who: str) -> None:
        self._database = database
        self._who = who

    def enroll(self, rows: Iterable[Enrolment]) -> int:
        """Adds a roster's students and what it tells of them, all or none; returns how many rows there were.

        What a row leaves empty stays as it was. Raises StoreError where two students would share an id.
        """
        count = 0
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            for page in queries.paginate(rows):
                roster.enroll_students(connection, page)
                count += len(page)
            if count:
                events.record_event(connection, self._who, "enrolled", [(None, f"{count} students")])
        return count

    def list_students(self, section: str | None = None) -> list[Enrolment]:
        """All students by name, those whom no roster names included; or those of one section."""
        with self._database.read() as connection:
            return roster.list_enrolments(connection, section)

    def extend(self, student: str, exercise: str, until: datetime | None, reason: str = "") -> None:
        """Gives a student until then for an exercise; None takes back what was given."""
        with self._database.write() as connection:
            id = roster.append_extension(connection, student, exercise, until, reason)
            what = "taken back" if until is None else f"until {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            events.record_event(connection, self._who, "extended", [(id, f"{exercise}: {what}")])

    def find_extension(self, student: str, exercise: str) -> datetime | None:
        """Until when a student's time for an exercise was extended; None: it wasn't, or that was taken back."""
        with self._database.read() as connection:
            return roster.find_extension(connection, student, exercise)
