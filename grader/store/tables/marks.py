"""The marks that people give, within transactions. `Store.marks` is one."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from grader.core.results.mark import Mark
from grader.store.db.engine import Database, Lock
from grader.store.records import NewMark, QuestionToMark
from grader.store.tables import current_marks, marking, queries
from grader.store.tables.queries import SubmissionFilter


class Marks:
    """The marks on record, and what waits for one."""

    def __init__(self, database: Database, who: str) -> None:
        self._database = database
        self._who = who

    def set_marks(self, markings: Iterable[NewMark]) -> int:
        """Appends marks, all or none; returns how many say something new. A later mark stands in place of an earlier.

        Raises StoreError for a question that the latest grading doesn't have, or for points that it doesn't give.
        """
        changed = 0
        with self._database.write() as connection:
            self._database.lock(connection, Lock.MARKING)
            for page in queries.paginate(markings):
                changed += marking.set_marks(connection, page, self._who)
        return changed

    def set_if_unchanged(self, seen: datetime | None, given: NewMark) -> Mark | None:
        """Appends a mark where the one that holds is of that moment (None: there is none), and returns None.

        Else nothing is appended, and the mark that holds is returned: somebody else gave it meanwhile.
        """
        with self._database.write() as connection:
            self._database.lock(connection, Lock.MARKING)
            holding = (
                current_marks.load_current_marks(connection, [given.submission])
                .get(given.submission, {})
                .get(given.question)
            )
            if holding is not None and holding.at != seen:
                return holding
            marking.set_marks(connection, [given], self._who)
        return None

    def load(self, submissions: Sequence[int]) -> dict[int, dict[str, Mark]]:
        """The marks that hold, by submission and question."""
        with self._database.read() as connection:
            pages = [current_marks.load_current_marks(connection, page) for page in queries.paginate(submissions)]
        return {id: given for page in pages for id, given in page.items()}

    def list_to_mark(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> list[QuestionToMark]:
        """Questions that are for a person to mark, marked or not, of all attempts, by question."""
        with self._database.read() as connection:
            found = marking.list_questions_to_mark(connection, SubmissionFilter(exercise, student))
        return [one for one in found if ids is None or one.submission.id in ids]
