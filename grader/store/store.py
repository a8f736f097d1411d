"""The store: records submissions, appends gradings, and reads both back. Every failure is a StoreError.

This module is a table of contents: each action is implemented in the module named after it, within a transaction that
is opened here. Actions on students and on marks are in `Store.people` and `Store.marks`.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from sqlalchemy import select

from grader.core.batches import split_into_batches
from grader.core.judging.reference_data import fingerprint_secret
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.core.results.policy import Policy
from grader.store.db import schema
from grader.store.db.engine import Database, Lock
from grader.store.db.models.submissions import SecretRow
from grader.store.records import (
    ClassScore,
    DatabaseInfo,
    ErasureSummary,
    Event,
    GradedSubmission,
    NewSubmission,
    QueuedSubmission,
    RecordedSubmission,
    StudentAttempts,
    Submission,
    UnreadableResult,
)
from grader.store.secret import SECRET_BYTES, derive_pseudonym
from grader.store.tables import claims, erasure, events, gradings, queries, queue, roster, scoring, submissions
from grader.store.tables.accounts import Accounts
from grader.store.tables.ended_sessions import EndedSessions
from grader.store.tables.grading_rows import CheckRowCache
from grader.store.tables.marks import Marks
from grader.store.tables.people import StudentRegistry
from grader.store.tables.progress import ProgressQueries
from grader.store.tables.queries import SubmissionFilter
from grader.store.tables.rate_limits import SignInTries
from grader.store.tables.tokens import Tokens

_SEED_NAME: Final = "seed"


class Store:
    """An open database, also a context manager. Safe to share between threads; each process opens its own."""

    def __init__(self, database: Database, user: str) -> None:
        self._database = database
        self._who = user
        self._holder = claims.make_holder_id()
        self._checks = CheckRowCache()
        self.accounts: Final = Accounts(database, user)
        """The accounts of the portal."""
        self.tokens: Final = Tokens(database, user)
        """The API tokens of the accounts."""
        self.ended_sessions: Final = EndedSessions(database)
        """The portal's sessions that ended by signing out."""
        self.sign_in_tries: Final = SignInTries(database)
        """Counts of attempts to sign in."""
        self.progress: Final = ProgressQueries(database)
        """Fast queries, for pages that many people have open."""
        self.people: Final = StudentRegistry(database, user)
        self.marks: Final = Marks(database, user)

    @classmethod
    def open(cls, url: str, user: str | None = None) -> Self:
        """Open a database by its URL, and create the schema of a new one. Raises StoreError on failure.

        `user` is the user recorded for actions; by default the user of this process.
        """
        database = Database(url)
        try:
            schema.prepare_schema(database)
        except BaseException:
            database.close()
            raise
        return cls(database, user or events.get_process_user())

    @classmethod
    def open_existing(cls, url: str, user: str | None = None) -> Self:
        """Open an existing database. Raises NoRecords if there is none, so that a typing error creates none."""
        database = Database(url)
        try:
            schema.require_revision(database)
        finally:
            database.close()
        return cls.open(url, user)

    def acting_as(self, user: str) -> Self:
        """Return the same open database, with `user` as the recorded user of actions. Close only the first."""
        return type(self)(self._database, user)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def secret(self) -> bytes:
        """The 32 random bytes that seed the checks' inputs, made once per database."""
        wanted = select(SecretRow.value).where(SecretRow.name == _SEED_NAME)
        with self._database.read() as connection:
            value = connection.scalar(wanted)
        if value is not None:
            return value
        row = {"name": _SEED_NAME, "value": secrets.token_bytes(SECRET_BYTES), "created_at": datetime.now(UTC)}
        with self._database.write() as connection:
            submissions.insert_missing(connection, SecretRow, [row])  # whichever process inserts it, all read the same
            return connection.execute(wanted).scalar_one()

    def seed(self) -> str:
        """The secret's fingerprint, as stored in gradings."""
        return fingerprint_secret(self.secret())

    def record(
        self, student: str, exercise: str, data: bytes, file_name: str, received_at: datetime | None = None
    ) -> RecordedSubmission:
        """Record one submission. The same bytes of the same student for the same exercise are one submission."""
        return self.record_one(NewSubmission(student, exercise, data, file_name, received_at))

    def record_one(self, new_submission: NewSubmission) -> RecordedSubmission:
        """Record one submission, as `record` does."""
        packed = submissions.HashedSubmission.of(new_submission)
        _ = packed.compressed  # compress before the transaction, so that other writers don't wait
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            return submissions.record_submissions(connection, [packed])[0]

    def record_many(self, new_submissions: Iterable[NewSubmission]) -> list[RecordedSubmission]:
        """Record submissions in their order, all or none; return one RecordedSubmission for each."""
        recorded: list[RecordedSubmission] = []
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            for page in split_into_batches(
                map(submissions.HashedSubmission.of, new_submissions), queries.SUBMISSIONS_PER_PAGE
            ):
                recorded += submissions.record_submissions(connection, page)
        return recorded

    def append(self, submission: int, result: Grading | UnreadableResult) -> None:
        """Append the result of a submission, by its id."""
        self.append_many([(submission, result)])

    def append_many(self, results: Iterable[tuple[int, Grading | UnreadableResult]]) -> None:
        """Append results of submissions in their order, all or none."""
        with self._database.write() as connection:
            for page in split_into_batches(results, queries.SUBMISSIONS_PER_PAGE):
                gradings.append_gradings(connection, page, self._checks)

    def iterate_ungraded(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> Iterator[Submission]:
        """Yield submissions that wait for a grading, oldest first: without one, or whose latest has a grader error.

        Gradings may be appended while this is read.
        """
        return queries.iterate_ungraded(self._database, SubmissionFilter(exercise, student, ids))

    def iterate_outdated(
        self,
        course_version: str,
        grader_version: str,
        seed: str,
        *,
        exercise: str | None = None,
        student: str | None = None,
        ids: Collection[int] | None = None,
    ) -> Iterator[Submission]:
        """Yield ungraded ones, and those last graded with another version or seed. Read it like `ungraded`."""
        chosen = SubmissionFilter(exercise, student, ids)
        return queries.iterate_outdated(self._database, chosen, course_version, grader_version, seed)

    def iterate_graded(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> Iterator[GradedSubmission]:
        """Yield graded submissions, oldest first, each with its latest grading."""
        return queries.iterate_graded(self._database, SubmissionFilter(exercise, student, ids))

    def read_content(self, submission: int) -> bytes:
        """Return the submitted bytes. Raises StoreError if there is no such submission, or they are damaged."""
        return queries.read_content(self._database, submission)

    def contents(self, submissions: Iterable[Submission]) -> Iterator[tuple[Submission, bytes]]:
        """Yield submissions with their bytes, read in groups. Raises StoreError at a damaged one."""
        return queries.iterate_contents(self._database, submissions)

    def submissions(
        self,
        *,
        exercise: str | None = None,
        student: str | None = None,
        ids: Collection[int] | None = None,
        after: int = 0,
    ) -> Iterator[Submission]:
        """Yield submissions, graded or not, oldest first; without `ids` only those after the id `after`."""
        return queries.iterate_submissions(self._database, SubmissionFilter(exercise, student, ids), after)

    def list_receipt_times(self, student: str, since: datetime) -> list[datetime]:
        """Return the times of a student's submissions since then, oldest first."""
        return queries.list_receipt_times(self._database, student, since)

    def claim(self, submissions: Sequence[int]) -> set[int]:
        """Claim submissions in order to grade them; return those not claimed by others. Claim again to renew.

        The caller must check again which of them still wait. Appending a grading releases its claim.
        """
        with self._database.write() as connection:
            self._database.lock(connection, Lock.CLAIMING)
            return claims.claim_submissions(connection, submissions, self._holder)

    def renew_claims(self) -> None:
        """Extend all claims of this store by another CLAIM_LEASE."""
        with self._database.write() as connection:
            claims.renew_holder_claims(connection, self._holder)

    def release_claims(self) -> None:
        """Release all claims of this store."""
        with self._database.write() as connection:
            claims.release_holder_claims(connection, self._holder)

    def pending(self, exercises: Collection[str], versions: tuple[str, str], after: int = 0) -> list[QueuedSubmission]:
        """Return unclaimed submissions after an id that wait to be graded, at most MAX_QUEUED_SUBMISSIONS.

        `versions` are those of the course and of the program: a submission that had too many grader errors with them no
        longer waits.
        """
        return queue.list_queued(self._database, exercises, versions, after)

    def queue_length(self, exercises: Collection[str]) -> int:
        """Return the number of submissions without a grading."""
        return queue.count_ungraded(self._database, exercises)

    @contextmanager
    def dispatching(self) -> Iterator[bool]:
        """Yield whether this process is the one that grades waiting submissions, for the duration of the context."""
        with self._database.hold(Lock.DISPATCHING) as held:
            yield held

    def has_dispatcher(self) -> bool:
        """Return whether a process is in `dispatching` now."""
        with self._database.hold(Lock.DISPATCHING) as held:
            return not held

    def remember(self, course: Course) -> None:
        """Record this version of a course and its exercises, unless it is recorded already."""
        with self._database.write() as connection:
            roster.record_course_version(connection, course)

    def pseudonym(self, student: str) -> str:
        """Return a name that hides a student's: constant in this database, different in any other."""
        return derive_pseudonym(self.secret(), student)

    def scores(self, policies: Mapping[str, Policy], student: str | None = None) -> list[ClassScore]:
        """Return every student's score in the given exercises, under their rules; by student and exercise."""
        with self._database.read() as connection:
            return scoring.compute_scores(connection, policies, student)

    def attempts(self, policies: Mapping[str, Policy], student: str | None = None) -> list[StudentAttempts]:
        """Return all attempts, or one student's, as `core.results.policy.score_attempts` needs them."""
        with self._database.read() as connection:
            return list(scoring.load_attempts(connection, policies, student))

    def note_regrade(self, detail: str) -> None:
        """Record a regrade in the log."""
        with self._database.write() as connection:
            events.record_event(connection, self._who, "regraded", [(None, detail)])

    def history(self, student: str | None = None) -> list[Event]:
        """Return the log, oldest first; of one student, or of all."""
        return list(events.list_events(self._database, student))

    def erase(self, student: str, reason: str = "") -> ErasureSummary:
        """Erase a student completely, in one transaction; a record without the name remains."""
        with self._database.write() as connection:
            for lock in (Lock.RECORDING, Lock.CLAIMING, Lock.MARKING):
                self._database.lock(connection, lock)
            erased = erasure.erase_student(connection, student, reason, self._who)
        self._database.vacuum()
        return erased

    def read_info(self) -> DatabaseInfo:
        """Return the location, number and size of the records."""
        return queries.read_database_info(self._database)
