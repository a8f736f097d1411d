"""The store: record what is handed in, append what was found, read both back. Every failure is a StoreError."""

import hashlib
import secrets
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection, func, insert, select, text

from grader.core.errors import StoreError
from grader.core.grading import Grading
from grader.store import codec, reading, recording, schema
from grader.store.database import Database, Lock
from grader.store.models import Base, BlobRow, GradingRow, ResultRow, SecretRow, StudentRow, SubmissionRow
from grader.store.reading import Selection
from grader.store.records import Graded, HandIn, Info, Recorded, Submission, Unreadable
from grader.store.secret import SECRET_BYTES, fingerprint

_SEED: Final = "seed"


class Store:
    """An open database, also a context manager. Safe to share between threads; each process opens its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str) -> Self:
        """Opens a database by its URL; a new one is made up to date. Raises StoreError where that can't be done."""
        database = Database(url)
        try:
            schema.prepare(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @staticmethod
    def upgrade(url: str) -> tuple[str | None, str]:
        """Brings an older database up to date. Returns its revision before (None: it was new) and after."""
        database = Database(url)
        try:
            return schema.upgrade(database), schema.HEAD
        finally:
            database.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def secret(self) -> bytes:
        """The 32 random bytes that seed the checks' inputs, made once in a database's life."""
        wanted = select(SecretRow.value).where(SecretRow.name == _SEED)
        with self._database.read() as connection:
            value = connection.scalar(wanted)
        if value is not None:
            return value
        row = {"name": _SEED, "value": secrets.token_bytes(SECRET_BYTES), "created_at": datetime.now(UTC)}
        with self._database.write() as connection:
            recording.insert_missing(connection, SecretRow, [row])  # whoever comes first, all read the same
            return connection.execute(wanted).scalar_one()

    def seed(self) -> str:
        """The secret's fingerprint, as gradings carry it."""
        return fingerprint(self.secret())

    def record(
        self, student: str, exercise: str, data: bytes, file_name: str, received_at: datetime | None = None
    ) -> Recorded:
        """Records one hand-in. The same bytes of the same student for the same exercise are one submission."""
        return self.record_many([HandIn(student, exercise, data, file_name, received_at)])[0]

    def record_many(self, hand_ins: Iterable[HandIn]) -> list[Recorded]:
        """Records hand-ins in their order, all or none; one Recorded each."""
        recorded: list[Recorded] = []
        with self._database.write() as connection:
            self._database.lock(connection, Lock.RECORDING)
            for page in reading.pages(hand_ins):
                recorded += recording.record(connection, page)
        return recorded

    def append(self, submission: int, result: Grading | Unreadable) -> None:
        """Appends what was found about a submission, by its id."""
        self.append_many([(submission, result)])

    def append_many(self, results: Iterable[tuple[int, Grading | Unreadable]]) -> None:
        """Appends results of submissions in their order, all or none."""
        with self._database.write() as connection:
            for page in reading.pages(results):
                _append(connection, page)

    def ungraded(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> Iterator[Submission]:
        """Submissions that wait for a grading, oldest first: those without one, or whose latest has a fault of ours.

        Gradings may be appended while this is read.
        """
        return reading.ungraded(self._database, Selection(exercise, student, ids))

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
        chosen = Selection(exercise, student, ids)
        return reading.outdated(self._database, chosen, course_version, grader_version, seed)

    def latest(
        self, *, exercise: str | None = None, student: str | None = None, ids: Collection[int] | None = None
    ) -> Iterator[Graded]:
        """Graded submissions, oldest first, each with its latest grading."""
        return reading.latest(self._database, Selection(exercise, student, ids))

    def data(self, submission: int) -> bytes:
        """The bytes that were handed in. Raises StoreError if there is no such submission, or they are damaged."""
        wanted = select(BlobRow.compressed, BlobRow.sha256).join(SubmissionRow).where(SubmissionRow.id == submission)
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            raise StoreError(f"{self._database.shown} has no submission {submission}")
        try:
            data = zlib.decompress(row.compressed)
        except zlib.error:
            data = b""
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise StoreError(f"{self._database.shown}: the bytes of submission {submission} are damaged; use a backup")
        return data

    def info(self) -> Info:
        """Where the records are, how many, how large."""
        if self._database.dialect == "sqlite":
            size = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            size = text("SELECT pg_database_size(current_database())")
        with self._database.read() as connection:

            def rows(table: type[Base]) -> int:
                return connection.execute(select(func.count()).select_from(table)).scalar_one()

            return Info(
                url=self._database.shown,
                revision=schema.HEAD,
                students=rows(StudentRow),
                submissions=rows(SubmissionRow),
                blobs=rows(BlobRow),
                gradings=rows(GradingRow),
                results=rows(ResultRow),
                size=connection.execute(size).scalar_one(),
            )


def _append(connection: Connection, page: list[tuple[int, Grading | Unreadable]]) -> None:
    now = datetime.now(UTC)
    wanted = select(SubmissionRow.id, SubmissionRow.exercise).where(SubmissionRow.id.in_({id for id, _ in page}))
    exercises = dict(connection.execute(wanted).all())
    for id, result in page:
        if id not in exercises:
            raise StoreError(f"there is no submission {id} to append a grading to")
        if isinstance(result, Grading) and result.exercise != exercises[id]:
            raise StoreError(f"submission {id} is for {exercises[id]!r}, its grading for {result.exercise!r}")
    inserted = insert(GradingRow).returning(GradingRow.id, sort_by_parameter_order=True)
    gradings = connection.scalars(inserted, [codec.grading_row(id, result, now) for id, result in page]).all()
    rows = [
        row
        for grading, (_, result) in zip(gradings, page, strict=True)
        if isinstance(result, Grading)
        for row in codec.result_rows(grading, result)
    ]
    if rows:
        connection.execute(insert(ResultRow), rows)
