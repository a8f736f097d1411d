"""The store: record what is handed in, append what was found, read both back. Every failure is a StoreError.

A table of contents: each thing is done in the module named after it, within a transaction that is opened here. What
is asked of people and of marks is in `Store.people` and `Store.marks`.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from sqlalchemy import select

from grader.core.judging.reference_data import fingerprint_secret
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.core.results.policy import Policy
from grader.store.db import schema
from grader.store.db.engine import Database, Lock
from grader.store.db.models import SecretRow
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

    def __init__(self, database: Database, who: str) -> None:
        self._database = database
        self._who = who
        self._holder = claims.make_holder_id()
        self._checks = CheckRowCache()
        self.accounts: Final = Accounts(database, who)
        """Who may sign in at the portal."""
        self.tokens: Final = Tokens(database, who)
        """By which programs act as them."""
        self.sign_in_tries: Final = SignInTries(database)
        """How often somebody tried to sign in."""
        self.progress: Final = ProgressQueries(database)
        """Quick looks, for pages that many have open."""
        self.people: Final = StudentRegistry(database, who)
        self.marks: Final = Marks(database, who)

    @classmethod
    def open(cls, url: str, who: str | None = None) -> Self:
        """Opens a database by its URL; a new one is made up to date. Raises StoreError where that can't be done.

        `who` is whose acts are put on record; default: the user whose process this is.
        """
        database = Database(url)
        try:
            schema.prepare_schema(database)
        except BaseException:
            database.close()
            raise
        return cls(database, who or events.get_process_user())

    @classmethod
    def open_existing(cls, url: str, who: str | None = None) -> Self:
        """Opens a database that is there. Raises NoRecords where none is, so that a slip in its name makes none."""
        database = Database(url)
        try:
            schema.require_revision(database)
        finally:
            database.close()
        return cls.open(url, who)

    def acting_as(self, who: str) -> Self:
        """The same open database, where what is done is put on record as done by `who`. Close only the first."""
        return type(self)(self._database, who)

    def close(self) -> None:
        """Gives the connections back."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def secret(self) -> bytes:
        """The 32 random bytes that seed the checks' inputs, made once in a database's life."""
        wanted = select(SecretRow.value).where(SecretRow.name == _SEED_NAME)
        with self._database.read() as connection:
            value = connection.scalar(wanted)
        if value is not None:
            return value
        row = {"name": _SEED_NAME, "value": secrets.token_bytes(SECRET_BYTES), "created_at": datetime.now(UTC)}
        with self._database.write() as connection:
            submissions.insert_missing(connection, SecretRow, [row])  # whoever comes first, all read the same
            return connection.execute(wanted).scalar_one()

    def seed(self) -> str:
        """The secret's fingerprint, as gradings carry it."""
        return fingerprint_secret(self.secret())

    def record(
        self, student: str, exercise: str, data: bytes, file_name: str, received_at: datetime | None = None
    ) -> RecordedSubmission:
        """Records one hand-in. The same bytes of the same student for the same exercise are one submission."""
        packed = submissions.HashedSubmission.of(NewSubmission(student, exercise, data, file_name, received_at))
        _ = packed.compressed  # others shall not wait for it with their writes
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            return submissions.record_submissions(connection, [packed])[0]

    def record_many(self, hand_ins: Iterable[NewSubmission]) -> list[RecordedSubmission]:
        """Records hand-ins in their order, all or none; one Recorded each."""
        recorded: list[RecordedSubmission] = []
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            for page in queries.paginate(map(submissions.HashedSubmission.of, hand_ins)):
                recorded += submissions.record_submissions(connection, page)
        return recorded

    def append(self, submission: int, result: Grading | UnreadableResult) -> None:
        """Appends what was found about a submission, by its id."""
        self.append_many([(submission, result)])

    def append_many(self, results: Iterable[tuple[int, Grading | UnreadableResult]]) -> None:
        """Appends results of submissions in their order, all or none."""
        with self._database.write() as connection:
            for page in queries.paginate(results):
                gradings.append_gradings(connection, page, self._checks)

    def ungraded(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> Iterator[Submission]:
        """Submissions that wait for a grading, oldest first: those without one, or whose latest has a fault of ours.

        Gradings may be appended while this is read.
        """
        return queries.iterate_ungraded(self._database, SubmissionFilter(exercise, student, ids))

    def outdated(
        self,
        course_version: str,
        grader_version: str,
        seed: str,
        *,
        exercise: str | None = None,
        student: str | None = None,
        ids: Collection[int] | None = None,
    ) -> Iterator[Submission]:
        """The ungraded ones, and those whose latest grading is of another version or seed. Read it like `ungraded`."""
        chosen = SubmissionFilter(exercise, student, ids)
        return queries.iterate_outdated(self._database, chosen, course_version, grader_version, seed)

    def iterate_graded(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> Iterator[GradedSubmission]:
        """Graded submissions, oldest first, each with its latest grading."""
        return queries.iterate_graded(self._database, SubmissionFilter(exercise, student, ids))

    def read_content(self, submission: int) -> bytes:
        """The bytes that were handed in. Raises StoreError if there is no such submission, or they are damaged."""
        return queries.read_content(self._database, submission)

    def contents(self, submissions: Iterable[Submission]) -> Iterator[tuple[Submission, bytes]]:
        """Submissions with their bytes, of which some are read at once. Raises StoreError at one that is damaged."""
        return queries.iterate_contents(self._database, submissions)

    def submissions(
        self,
        *,
        exercise: str | None = None,
        student: str | None = None,
        ids: Collection[int] | None = None,
        after: int = 0,
    ) -> Iterator[Submission]:
        """What was handed in, graded or not, oldest first; without `ids` also only those beyond the id `after`."""
        return queries.iterate_submissions(self._database, SubmissionFilter(exercise, student, ids), after)

    def list_receipt_times(self, student: str, since: datetime) -> list[datetime]:
        """When a student handed something in, since then, oldest first."""
        return queries.list_receipt_times(self._database, student, since)

    def claim(self, submissions: Sequence[int]) -> set[int]:
        """Claims submissions to grade them; returns those that nobody else is grading. Claim again to renew.

        Look anew at which of them still wait. A grading that is appended gives its claim back.
        """
        with self._database.write() as connection:
            self._database.lock(connection, Lock.CLAIMING)
            return claims.claim_submissions(connection, submissions, self._holder)

    def renew_claims(self) -> None:
        """Makes all that this store has claimed last for another `claiming.LEASE`."""
        with self._database.write() as connection:
            claims.renew_holder_claims(connection, self._holder)

    def release_claims(self) -> None:
        """Gives back all that this store has claimed."""
        with self._database.write() as connection:
            claims.release_holder_claims(connection, self._holder)

    def pending(self, exercises: Collection[str], versions: tuple[str, str], after: int = 0) -> list[QueuedSubmission]:
        """Submissions beyond an id that wait to be graded and that nobody grades: MOST_PENDING at most.

        `versions` are those of the course and of the program: what failed too often through their fault waits no more.
        """
        return queue.list_queued(self._database, exercises, versions, after)

    def queue_length(self, exercises: Collection[str]) -> int:
        """How many submissions have no grading yet."""
        return queue.count_ungraded(self._database, exercises)

    @contextmanager
    def dispatching(self) -> Iterator[bool]:
        """Whether this process is the one that grades what waits, for as long as the context lasts."""
        with self._database.hold(Lock.DISPATCHING) as held:
            yield held

    def has_dispatcher(self) -> bool:
        """Somebody holds `dispatching` now."""
        with self._database.hold(Lock.DISPATCHING) as held:
            return not held

    def remember(self, course: Course) -> None:
        """Records this version of a course and its exercises, unless it is there already."""
        with self._database.write() as connection:
            roster.record_course_version(connection, course)

    def pseudonym(self, student: str) -> str:
        """A name that hides a student's: always the same in this database, another in any other."""
        return derive_pseudonym(self.secret(), student)

    def scores(self, policies: Mapping[str, Policy], student: str | None = None) -> list[ClassScore]:
        """Everybody's score in the exercises that are named, by their rules; by student and exercise."""
        with self._database.read() as connection:
            return scoring.compute_scores(connection, policies, student)

    def attempts(self, policies: Mapping[str, Policy], student: str | None = None) -> list[StudentAttempts]:
        """The attempts of everybody, or of one student, of which `core.results.policy.reckon` makes the same scores."""
        with self._database.read() as connection:
            return list(scoring.load_attempts(connection, policies, student))

    def note_regrade(self, detail: str) -> None:
        """Puts a regrade on record."""
        with self._database.write() as connection:
            events.record_event(connection, self._who, "regraded", [(None, detail)])

    def history(self, student: str | None = None) -> list[Event]:
        """Who did what when, oldest first; of one student, or all."""
        return list(events.list_events(self._database, student))

    def erase(self, student: str, reason: str = "") -> ErasureSummary:
        """Erases a student whole, in one transaction; a record without the name stays."""
        with self._database.write() as connection:
            for lock in (Lock.RECORDING, Lock.CLAIMING, Lock.MARKING):
                self._database.lock(connection, lock)
            erased = erasure.erase_student(connection, student, reason, self._who)
        self._database.vacuum()
        return erased

    def read_info(self) -> DatabaseInfo:
        """Where the records are, how many, how large."""
        return queries.read_database_info(self._database)
