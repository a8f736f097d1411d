"""The dispatcher: grades what waits, in a process of its own, with the workers of `grader grade`, here or elsewhere.

What waits is derived from the records at every look, so whatever is killed, wherever it was, nothing is lost: a
submission without a sound grading waits. Of several dispatchers one holds the lock and works; and each submission is
claimed as well, so that a `grader grade` beside it does other work. Students take turns: one's tenth file waits for
everybody's first.
"""

import logging
import threading
import time
from pathlib import Path
from typing import Final

from grader.core.errors import ClusterError, StoreError, UsageError
from grader.core.judging.reference_data import fingerprint
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.grading.pool import Done, Setup, Task
from grader.store import LEASE, MOST_PENDING, Pending, Store, Unreadable
from grader.version import __version__
from grader.web.processes.fair_queue import Turns
from grader.web.processes.grading_workers import Workers, workers
from grader.web.settings import Settings

POLL: Final = 0.05
"""Seconds between two looks for what is new."""
WHOLE: Final = 20.0
"""Seconds between two looks at everything: for what failed or was given up by others."""
FINISHING: Final = 20.0
"""Seconds that what is under way may take when it is to end."""

AGAIN: Final = 2.0
"""Seconds before what can't be used is tried again."""

_log = logging.getLogger("grader.dispatcher")


class Dispatcher:
    """Grades what waits until it is told to stop."""

    def __init__(self, store: Store, course: Course, settings: Settings) -> None:
        secret = store.secret()
        self._store, self._course = store, course
        self._setup = Setup(Path(course.folder), course.version, secret, settings.level, settings.least)
        self._settings = settings
        self._seed = fingerprint(secret)
        self._exercises = {e.name: e for e in course.exercises}
        self._versions = (course.version, __version__)
        self._turns = Turns()
        self._under_way: dict[int, Pending] = {}
        self.has_had_workers = False
        self._damaged: set[int] = set()
        self._seen = 0
        self._is_all = True
        self._looked = self._looked_at_all = self._renewed = -WHOLE

    def run(self, stop: threading.Event) -> None:
        """Waits for the lock, then works until `stop`; finishes what is under way, within reason."""
        while not stop.is_set():
            with self._store.dispatching() as ours:
                if ours:
                    self._work(stop)
            stop.wait(1.0)

    def _work(self, stop: threading.Event) -> None:
        self._store.remember(self._course)
        self._store.release_claims()  # of what was under way when the records went away
        pool = workers(self._setup, self._course, self._settings)
        _log.info("dispatching")
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
        """Looks for what is new; from time to time, and where not all had room, at everything."""
        now = time.monotonic()
        if now - self._looked < POLL:
            return
        self._looked = now
        whole = now - self._looked_at_all > WHOLE or (not self._is_all and not self._turns)
        if whole:
            self._looked_at_all = now
            self._store.claim([])  # claims of those who are gone lapse now
        found = self._store.pending(self._exercises, self._versions, 0 if whole else self._seen)
        if whole:
            self._is_all = len(found) < MOST_PENDING
        self._turns.add(one for one in found if one.id not in self._damaged)
        self._seen = max([self._seen, *(one.id for one in found)])
        if self._turns.is_busy and now - self._renewed > LEASE.total_seconds() / 4:
            self._renewed = now
            self._store.renew_claims()

    def _feed(self, pool: Workers) -> None:
        """Gives out what nobody else is grading or has graded meanwhile."""
        self.has_had_workers |= pool.room > 0
        while pool.room and (one := self._turns.next()):
            if one.id not in self._store.claim([one.id]) or not list(self._store.ungraded(ids=[one.id])):
                continue
            try:
                data = self._store.data(one.id)
            except StoreError:
                _log.exception("can't be graded", extra={"submission": one.id})
                self._damaged.add(one.id)
                continue
            self._turns.begin(one)
            self._under_way[one.id] = one
            pool.give(Task(one.id, one.exercise, one.file_name, data))

    def _keep(self, done: list[Done]) -> None:
        """Appends what was found, which gives the claims back."""
        for one in done:
            result = self._result(one)
            try:
                self._store.append(one.id, result)
            except StoreError:
                if list(self._store.submissions(ids=[one.id])):
                    raise
                _log.info("erased while it was graded", extra={"submission": one.id})
            else:
                faulted = isinstance(result, Grading) and result.faulted
                _log.log(logging.ERROR if faulted else logging.INFO, "graded", extra={"submission": one.id})
            self._turns.end(one.id)
            del self._under_way[one.id]

    def _result(self, one: Done) -> Grading | Unreadable:
        if isinstance(one.result, Grading):
            return one.result
        most = self._exercises[self._under_way[one.id].exercise].max_score
        return Unreadable(one.result, self._setup.version, __version__, self._seed, most)


def patient(store: Store, course: Course, settings: Settings, stop: threading.Event) -> None:
    """A dispatcher that outlives a database, or a cluster, which is away for a while; that is told once each time."""
    told = False
    while not stop.is_set():
        try:
            dispatcher = Dispatcher(store, course, settings)  # which reads the records already
            dispatcher.run(stop)
        except StoreError:
            _log.exception("the records can't be used; trying again")
        except (ClusterError, UsageError) as error:
            if dispatcher.has_had_workers or not told:
                _log.error("the cluster can't be used, what comes in waits for it: %s", error)
            told = True
        stop.wait(AGAIN)
