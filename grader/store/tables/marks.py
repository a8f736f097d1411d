"""The marks that people give, each action in its own transaction. `Store.marks` is an instance."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from grader.core.batches import split_into_batches
from grader.core.results.mark import Mark
from grader.store.db.engine import Database, Lock
from grader.store.records import NewMark, QuestionToMark
from grader.store.tables import current_marks, marking, queries
from grader.store.tables.queries import SubmissionFilter


class Marks:
    """The recorded marks, and the questions that wait for one."""

    def __init__(self, database: Database, user: str) -> None:
        self._database = database
        self._who = user

    def set_marks(self, markings: Iterable[NewMark]) -> int:
        """Append marks, all or none; return the number of changes. A later mark replaces an earlier one.

        Raises StoreError for a question that the latest grading doesn't have, or for points outside its range.
        """
        changed = 0
        with self._database.write() as connection:
            self._database.lock(connection, Lock.MARKING)
            for page in split_into_batches(markings, queries.SUBMISSIONS_PER_PAGE):
                changed += marking.set_marks(connection, page, self._who)
        return changed

    def set_if_unchanged(self, seen_at: datetime | None, new_mark: NewMark) -> Mark | None:
        """Append a mark if the current one is of that time (None: there is none), and return None.

        Otherwise nothing is appended, and the current mark is returned: it was given in the meantime.
        """
        with self._database.write() as connection:
            self._database.lock(connection, Lock.MARKING)
            holding = (
                current_marks.load_current_marks(connection, [new_mark.submission])
                .get(new_mark.submission, {})
                .get(new_mark.question)
            )
            if holding is not None and holding.at != seen_at:
                return holding
            marking.set_marks(connection, [new_mark], self._who)
        return None

    def load(self, submissions: Sequence[int]) -> dict[int, dict[str, Mark]]:
        """Return the current marks, by submission and question."""
        with self._database.read() as connection:
            pages = [
                current_marks.load_current_marks(connection, page)
                for page in split_into_batches(submissions, queries.SUBMISSIONS_PER_PAGE)
            ]
        return {id: given for page in pages for id, given in page.items()}

    def list_to_mark(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> list[QuestionToMark]:
        """Return the questions that a person may mark, marked or not, of all attempts, by question."""
        with self._database.read() as connection:
            found = marking.list_questions_to_mark(connection, SubmissionFilter(exercise, student))
        return [one for one in found if ids is None or one.submission.id in ids]
