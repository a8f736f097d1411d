"""The dispatcher: grades what waits, in a process of its own, with the same workers as `grader grade`.

What waits is derived from the records at every look, so whatever is killed, wherever it was, nothing is lost: a
submission without a sound grading waits. Of several dispatchers one holds the lock and works; and each submission is
claimed as well, so that a `grader grade` beside it does other work. Students take turns: one's tenth file waits for
everybody's first.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from grader import __version__
from grader.batch import Done, Pool, Setup, Task, default_workers
from grader.core.bank import fingerprint
from grader.core.errors import StoreError
from grader.core.exercise import Course
from grader.core.grading import Grading
from grader.store import LEASE, Pending, Store, Unreadable
from grader.web.settings import Settings

POLL: Final = 0.15
"""Seconds between two looks for what is new."""
WHOLE: Final = 20.0
"""Seconds between two looks at everything: for what failed or was given up by others."""
FINISHING: Final = 20.0
"""Seconds that what is under way may take when it is to end."""

_log = logging.getLogger("grader.dispatcher")


@dataclass
class Turns:
    """Whose turn it is among those that wait: fewest turns first, then who was longest not served."""

    served: dict[int, int] = field(default_factory=dict)
    under_way: dict[int, int] = field(default_factory=dict)
    """By submission, its student."""
    _count: int = 0

    def next(self, waiting: Sequence[Pending]) -> Pending | None:
        """The one to grade next."""
        busy = list(self.under_way.values())
        free = [one for one in waiting if one.id not in self.under_way]
        return min(
            free,
            key=lambda one: (one.turn + busy.count(one.student), self.served.get(one.student, 0), one.id),
            default=None,
        )

    def begin(self, one: Pending) -> None:
        """It is being graded."""
        self._count += 1
        self.under_way[one.id] = one.student
        self.served[one.student] = self._count

    def end(self, id: int) -> None:
        """It is graded."""
        self.under_way.pop(id, None)


class Dispatcher:
    """Grades what waits until it is told to stop."""

    def __init__(self, store: Store, course: Course, settings: Settings) -> None:
        secret = store.secret()
        self._store, self._course = store, course
        self._setup = Setup(Path(course.folder), course.version, secret, settings.level, settings.least)
        self._workers = settings.workers or default_workers()
        self._seed = fingerprint(secret)
        self._exercises = {e.name: e for e in course.exercises}
        self._versions = (course.version, __version__)
        self._turns = Turns()
        self._names: dict[int, str] = {}
        self._waiting: list[Pending] = []
        self._seen = 0
        self._looked = self._looked_whole = self._renewed = 0.0

    def run(self, stop: threading.Event) -> None:
        """Waits for the lock, then works until `stop`; finishes what is under way, within reason."""
        while not stop.is_set():
            with self._store.dispatching() as ours:
                if ours:
                    _log.info("dispatching")
                    self._work(stop)
            stop.wait(1.0)

    def _work(self, stop: threading.Event) -> None:
        self._store.remember(self._course)
        pool = Pool(self._setup, self._workers)
        try:
            while not stop.is_set():
                self._look()
                self._feed(pool)
                self._keep(pool.take(POLL))
            end = time.monotonic() + FINISHING
            while pool.busy and time.monotonic() < end:
                self._keep(pool.take(POLL))
        finally:
            pool.close()
            self._store.release_claims()

    def _look(self) -> None:
        """Looks for what is new, and from time to time at everything."""
        now = time.monotonic()
        if now - self._looked < POLL:
            return
        self._looked = now
        if now - self._looked_whole > WHOLE:
            self._looked_whole = now
            self._waiting = self._store.pending(self._exercises, self._versions)
        else:
            new = self._store.pending(self._exercises, self._versions, self._seen)
            self._waiting += new
        self._seen = max([self._seen, *(one.id for one in self._waiting)])
        if self._turns.under_way and now - self._renewed > LEASE.total_seconds() / 4:
            self._renewed = now
            self._store.renew_claims()

    def _feed(self, pool: Pool) -> None:
        while pool.room and (one := self._turns.next(self._waiting)):
            self._waiting.remove(one)
            if one.id not in self._store.claim([one.id]) or not list(self._store.ungraded(ids=[one.id])):
                continue
            self._turns.begin(one)
            self._names[one.id] = one.exercise
            pool.give(Task(one.id, one.exercise, one.file_name, self._store.data(one.id)))

    def _keep(self, done: list[Done]) -> None:
        """Appends what was found, which gives the claims back."""
        if not done:
            return
        results = [(one.id, self._result(one)) for one in done]
        self._store.append_many(results)
        for id, result in results:
            self._turns.end(id)
            self._names.pop(id)
            faulted = isinstance(result, Grading) and result.faulted
            _log.log(logging.ERROR if faulted else logging.INFO, "graded", extra={"submission": id})

    def _result(self, one: Done) -> Grading | Unreadable:
        if isinstance(one.result, Grading):
            return one.result
        most = self._exercises[self._names[one.id]].max_score
        return Unreadable(one.result, self._setup.version, __version__, self._seed, most)


def patient(store: Store, course: Course, settings: Settings, stop: threading.Event) -> None:
    """A dispatcher that outlives a database which is away for a while."""
    while not stop.is_set():
        try:
            Dispatcher(store, course, settings).run(stop)
        except StoreError:
            _log.exception("the records can't be used; trying again")
            stop.wait(2.0)
