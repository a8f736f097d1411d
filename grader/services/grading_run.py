"""One grading run: grade what waits, beside other commands that may do the same, and save results as they come."""

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from grader.core.batches import split_into_batches
from grader.core.errors import StoreError
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.core.results.regrade_changes import question_version_suffix
from grader.grading.cluster.address import Scheduler
from grader.grading.cpu_affinity import count_usable_cpus
from grader.grading.dedup import grade_distinct
from grader.grading.pool import grade_in_pool
from grader.grading.tasks import GradingTask, TaskResult
from grader.sandbox.level import Level
from grader.services.grading_session import GradingSession
from grader.services.progress import Progress, SilentProgress
from grader.store import CLAIM_LEASE, Store, Submission, UnreadableResult
from grader.version import __version__

RESULTS_PER_TRANSACTION: Final = 200
"""The number of results that are stored in one transaction."""
MAX_UNSAVED_S: Final = 1.0
"""Seconds after which results are stored, however few they are. A killed process loses no more than this."""
CLAIM_BATCH_SIZE: Final = 32
"""The number of submissions that are claimed at once; small, so that several commands share the work."""
CLAIM_POLL_INTERVAL_S: Final = 0.3
"""Seconds between two checks of what others are grading."""
POLLS_BEFORE_NOTICE: Final = 33
"""The number of checks after which the progress notes that others are grading."""

IdentifiedResult = tuple[int, Grading | UnreadableResult]
SaveResults = Callable[[list[IdentifiedResult]], None]


@dataclass(frozen=True)
class GradingOptions:
    """The number of processes, the sandbox levels, and the secret, if it is not the database's own.

    With a scheduler, its cluster grades instead of this machine.
    """

    workers: int | None
    level: Level
    min_level: Level
    secret: bytes | None = None
    scheduler: Scheduler | None = None


@dataclass(frozen=True)
class GradeRequest:
    """The submissions to grade: of one exercise or student, or all of them.

    With `regrade`, also those that another version graded; with `question`, only that question is graded again. A
    `dry_run` records nothing.
    """

    exercise: str | None = None
    student: str | None = None
    regrade: bool = False
    question: str | None = None
    dry_run: bool = False


class GradingRun:
    """Grades waiting submissions once, and waits for those that another command has claimed."""

    def __init__(
        self,
        store: Store,
        course: Course,
        request: GradeRequest,
        options: GradingOptions,
        progress: Progress = SilentProgress(),
    ) -> None:
        self._session = GradingSession(store, course, options.level, options.min_level, options.secret)
        self._store, self._course, self._request = store, course, request
        self._options, self._progress = options, progress
        self._names = {e.name for e in course.exercises}

    def run(self, ids: Collection[int] | None, save: SaveResults) -> None:
        """Grade what waits, of these submissions or of all, and pass the results to `save`, which records them."""
        left = [s.id for s in self.find_waiting(ids)]
        if not left:
            return
        self._store.remember(self._course)
        tried: set[int] = set()
        looks = 0
        with _renew_claims(self._store):
            while left:
                before = len(tried)
                self._judge(self._claim_waiting(left, tried), len(left), save)
                if len(tried) == before:
                    time.sleep(CLAIM_POLL_INTERVAL_S)
                    looks += 1
                    if looks == POLLS_BEFORE_NOTICE:
                        self._progress.note("another command grades the rest; waiting for it")
                rest = [id for id in left if id not in tried]
                left = [s.id for s in self.find_waiting(rest)] if rest else []

    def run_dry(self, ids: Collection[int] | None, save: SaveResults) -> None:
        """Grade what waits and pass the results to `save`; claim nothing."""
        waiting = self.find_waiting(ids)
        if waiting:
            self._judge(iter(waiting), len(waiting), save)

    def find_waiting(self, ids: Collection[int] | None) -> list[Submission]:
        """Find submissions without a sound grading; for a regrade, also those of another version or seed."""
        request = self._request
        if request.regrade:
            selected = self._store.iterate_outdated(
                self._course.version,
                __version__,
                self._session.seed,
                exercise=request.exercise,
                student=request.student,
                ids=ids,
            )
        else:
            selected = self._store.iterate_ungraded(exercise=request.exercise, student=request.student, ids=ids)
        found = [submission for submission in selected if submission.exercise in self._names]
        return found if request.question is None else self._with_question(found, request.question)

    def _with_question(self, found: list[Submission], question: str) -> list[Submission]:
        """Select the submissions of which this question can be regraded alone, and hasn't been."""
        ids = [s.id for s in found if self._course.exercise(s.exercise).question(question)]
        done = question_version_suffix(question, self._course.version)
        chosen = {
            g.submission.id
            for g in self._store.iterate_graded(ids=ids)
            if isinstance(g.result, Grading)
            and (g.result.seed, g.result.grader_version, g.result.course_version.endswith(done))
            != (self._session.seed, __version__, True)
        }
        return [s for s in found if s.id in chosen]

    def _claim_waiting(self, ids: list[int], tried: set[int]) -> Iterator[Submission]:
        """Claim some at a time, and yield those that nobody else is grading or has graded meanwhile."""
        for batch in split_into_batches(ids, CLAIM_BATCH_SIZE):
            for submission in self._session.claim(batch, self.find_waiting):
                tried.add(submission.id)
                yield submission

    def _judge(self, submissions: Iterator[Submission], count: int, save: SaveResults) -> None:
        first = next(submissions, None)
        if first is None:
            return
        contents = self._store.contents(chain([first], submissions))
        tasks = (self._session.make_task(submission, data) for submission, data in contents)
        with contextlib.closing(grade_distinct(tasks, self._batch)) as results:
            tracked = self._progress.track(results, count, "grading")
            _save_in_batches(save, ((done.id, self._session.make_storable(done)) for done in tracked))

    def _batch(self, tasks: Iterator[GradingTask]) -> Generator[TaskResult]:
        """Yield the results of tasks, from processes of this machine or from a cluster."""
        if self._options.scheduler is None:
            return grade_in_pool(self._session.config, tasks, self._options.workers or count_usable_cpus())
        from grader.grading.cluster.coordinator import grade_on_cluster

        return grade_on_cluster(self._session.config, tasks, self._options.scheduler, self._progress.note)


def _save_in_batches(save: SaveResults, results: Iterable[IdentifiedResult]) -> None:
    """Save results in batches; if an exception ends the run early, save those that are finished."""
    unsaved: list[IdentifiedResult] = []
    last = time.monotonic()
    try:
        for result in results:
            unsaved.append(result)
            if len(unsaved) >= RESULTS_PER_TRANSACTION or time.monotonic() - last > MAX_UNSAVED_S:
                ready, unsaved = unsaved, []
                save(ready)
                last = time.monotonic()
    finally:
        if unsaved:
            save(unsaved)


@contextlib.contextmanager
def _renew_claims(store: Store) -> Iterator[None]:
    """Renew the claims regularly in a thread of its own, and release them at the end."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(CLAIM_LEASE.total_seconds() / 4):
            with contextlib.suppress(StoreError):  # if it lasts, appending will say so
                store.renew_claims()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        with contextlib.suppress(StoreError):  # they lapse by themselves
            store.release_claims()
