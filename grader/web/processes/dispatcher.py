"""The dispatcher: grades waiting submissions in its own process, with the workers of `grader grade` or a cluster.

The waiting submissions are read from the records each time, so nothing is lost, whatever is killed: a submission
without a sound grading waits. One of several dispatchers holds the lock and works. It also claims each submission, so
that a `grader grade` beside it takes other ones.

Students take turns: the tenth file of one waits for the first file of all. One student's files take at most half of the
workers, so that the next one's need not wait for them to end.
"""

import logging
import threading
import time
from typing import Final

from grader.core.errors import ClusterError, StoreError, UsageError
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.grading.grading_loop import TaskSource, run_grading_loop
from grader.grading.tasks import GradingTask, TaskResult
from grader.services.grading_session import GradingSession
from grader.store import CLAIM_LEASE, MAX_QUEUED_SUBMISSIONS, Store
from grader.version import __version__
from grader.web.processes.fair_queue import FairQueue
from grader.web.processes.grading_status import GradingStatusFile
from grader.web.processes.grading_workers import start_grading_workers
from grader.web.settings import PortalSettings

DISPATCH_POLL_INTERVAL_S: Final = 0.05
"""Seconds between two looks for what is new."""
FULL_SCAN_INTERVAL_S: Final = 20.0
"""Seconds between two looks at everything: for what failed or was given up by others."""
DRAIN_TIMEOUT_S: Final = 20.0
"""Seconds that what is under way may take when it is to end."""

RETRY_DELAY_S: Final = 2.0
"""Seconds before what can't be used is tried again."""

_log = logging.getLogger("grader.dispatcher")


class Dispatcher:
    """Grades waiting submissions until it is told to stop."""

    def __init__(self, store: Store, course: Course, settings: PortalSettings) -> None:
        self._session = GradingSession(store, course, settings.level, settings.min_level)
        self._store, self._course = store, course
        self._settings = settings
        self._exercises = [e.name for e in course.exercises]
        self._versions = (course.version, __version__)
        self._turns = FairQueue()
        self._status = GradingStatusFile(settings.jobs_folder)
        self._share = 1
        self.has_had_workers = False
        self._damaged: set[int] = set()
        self._seen = 0
        self._is_all = True
        self._looked = self._looked_at_all = self._renewed = -FULL_SCAN_INTERVAL_S

    def run(self, stop: threading.Event) -> None:
        """Wait for the lock, then work until `stop`; finish running jobs within a time limit."""
        while not stop.is_set():
            with self._store.dispatching() as ours:
                if ours:
                    self._work(stop)
            stop.wait(1.0)

    def _work(self, stop: threading.Event) -> None:
        self._store.remember(self._course)
        self._store.release_claims()  # of what was under way when the records went away
        workers = start_grading_workers(self._session.config, self._course, self._settings)
        _log.info("dispatching")
        try:
            self._share = max(1, workers.capacity // 2)
            self._find_pending()
            deadline = time.monotonic() + DRAIN_TIMEOUT_S
            for done in run_grading_loop(workers, TaskSource(self._next_task, stop.is_set), DISPATCH_POLL_INTERVAL_S):
                self._save_results(done)
                self._share = max(1, workers.capacity // 2)
                self._status.write(workers.count_workers())
                if not stop.is_set():
                    self._find_pending()
                    deadline = time.monotonic() + DRAIN_TIMEOUT_S
                elif time.monotonic() > deadline:
                    break
        finally:
            self._status.remove()
            workers.close()
            self._store.release_claims()

    def _find_pending(self) -> None:
        """Look for new submissions; from time to time, and when not all fitted, look at all of them."""
        now = time.monotonic()
        if now - self._looked < DISPATCH_POLL_INTERVAL_S:
            return
        self._looked = now
        whole = now - self._looked_at_all > FULL_SCAN_INTERVAL_S or (not self._is_all and not self._turns)
        if whole:
            self._looked_at_all = now
            self._store.claim([])  # claims of those who are gone lapse now
        found = self._store.pending(self._exercises, self._versions, 0 if whole else self._seen)
        if whole:
            self._is_all = len(found) < MAX_QUEUED_SUBMISSIONS
        self._turns.add(one for one in found if one.id not in self._damaged)
        self._seen = max([self._seen, *(one.id for one in found)])
        if self._turns.is_busy and now - self._renewed > CLAIM_LEASE.total_seconds() / 4:
            self._renewed = now
            self._store.renew_claims()

    def _next_task(self) -> GradingTask | None:
        """Take the next submission that nobody else is grading or has graded meanwhile; None if there is none now."""
        self.has_had_workers = True
        while one := self._turns.next(self._share):
            for submission in self._session.claim([one.id]):
                try:
                    data = self._store.read_content(one.id)
                except StoreError:
                    _log.exception("can't be graded", extra={"submission": one.id})
                    self._damaged.add(one.id)
                else:
                    self._turns.begin(one)
                    return self._session.make_task(submission, data)
        return None

    def _save_results(self, done: list[TaskResult]) -> None:
        """Append the results, which gives the claims back."""
        for one in done:
            result = self._session.make_storable(one)
            try:
                self._store.append(one.id, result)
            except StoreError:
                if list(self._store.submissions(ids=[one.id])):
                    raise
                _log.info("erased while it was graded", extra={"submission": one.id})
            else:
                if isinstance(result, Grading) and result.has_grader_error:
                    _log.error("the grader failed", extra={"submission": one.id})
                else:
                    _log.info("graded", extra={"submission": one.id})
            self._turns.end(one.id)


def dispatch_with_retries(store: Store, course: Course, settings: PortalSettings, stop: threading.Event) -> None:
    """Run a dispatcher that survives a database or cluster that is away for a while; each outage is logged once."""
    is_outage_logged = False
    while not stop.is_set():
        try:
            dispatcher = Dispatcher(store, course, settings)  # which reads the records already
            dispatcher.run(stop)
        except StoreError:
            _log.exception("the records can't be used; trying again")
        except (ClusterError, UsageError) as error:
            if dispatcher.has_had_workers or not is_outage_logged:
                _log.error("the cluster can't be used, what comes in waits for it: %s", error)
            is_outage_logged = True
        stop.wait(RETRY_DELAY_S)
