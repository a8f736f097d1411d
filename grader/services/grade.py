"""Judging what waits in the records, beside others who may be doing the same, and keeping results as they come."""

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from grader.cli import terminal
from grader.core.errors import StoreError
from grader.core.judging.reference_data import fingerprint
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.core.results.regrade_changes import only
from grader.grading.cluster.address import Scheduler
from grader.grading.cpu_affinity import default_workers
from grader.grading.dedup import once
from grader.grading.pool import Done, Setup, Task
from grader.grading.pool import grade as grade_batch
from grader.sandbox.level import Level
from grader.services.ingest import Wanted
from grader.store import LEASE, Store, Submission, Unreadable
from grader.version import __version__

PAGE: Final = 200
"""Results stored in one transaction."""
PATIENCE: Final = 1.0
"""Seconds after which results are stored, however few: what a killed process may lose."""
CLAIMED: Final = 32
"""Submissions claimed at once: few, so that several commands share the work."""
POLL: Final = 0.3
"""Seconds between two looks at what others are grading."""
SILENT: Final = 33
"""Looks after which a person is told what is waited for."""

Result = tuple[int, Grading | Unreadable]
Keep = Callable[[list[Result]], None]


@dataclass(frozen=True)
class How:
    """With how many processes, in which sandbox, and with which secret, if not the database's own.

    With a scheduler, on its cluster instead of this machine.
    """

    workers: int | None
    level: Level
    least: Level
    secret: bytes | None = None
    scheduler: Scheduler | None = None


class Judging:
    """One command's work on the records. What is wanted but claimed by another is waited for."""

    def __init__(self, store: Store, course: Course, wanted: Wanted, how: How) -> None:
        secret = how.secret or store.secret()
        self._store, self._course, self._wanted = store, course, wanted
        self._how = how
        self._setup = Setup(Path(course.folder), course.version, secret, how.level, how.least)
        self._seed = fingerprint(secret)
        self._names = {e.name for e in course.exercises}

    def run(self, ids: Collection[int] | None, keep: Keep) -> None:
        """Judges what waits, of these submissions or of all, and hands it over to be kept in the records."""
        left = [s.id for s in self.waiting(ids)]
        if not left:
            return
        self._store.remember(self._course)
        tried: set[int] = set()
        looks = 0
        with _claims_kept(self._store):
            while left:
                before = len(tried)
                self._judge(self._claimed(left, tried), len(left), keep)
                if len(tried) == before:
                    time.sleep(POLL)
                    looks += 1
                    if looks == SILENT:
                        terminal.remark("another command is grading the rest; waiting for it")
                rest = [id for id in left if id not in tried]
                left = [s.id for s in self.waiting(rest)] if rest else []

    def rehearse(self, ids: Collection[int] | None, keep: Keep) -> None:
        """Judges what waits and hands it over; nothing is recorded."""
        waiting = self.waiting(ids)
        if waiting:
            self._judge(iter(waiting), len(waiting), keep)

    def waiting(self, ids: Collection[int] | None) -> list[Submission]:
        """What has no sound grading yet; for a regrade, also what is of another version or seed."""
        wanted = self._wanted
        if wanted.regrade:
            selected = self._store.outdated(
                self._course.version, __version__, self._seed, exercise=wanted.exercise, student=wanted.student, ids=ids
            )
        else:
            selected = self._store.ungraded(exercise=wanted.exercise, student=wanted.student, ids=ids)
        found = [submission for submission in selected if submission.exercise in self._names]
        return found if wanted.question is None else self._with_question(found, wanted.question)

    def _with_question(self, found: list[Submission], question: str) -> list[Submission]:
        """Those of which this question can be graded anew on its own, and hasn't been."""
        ids = [s.id for s in found if self._course.exercise(s.exercise).question(question)]
        done = only(question, self._course.version)
        chosen = {
            g.submission.id
            for g in self._store.latest(ids=ids)
            if isinstance(g.result, Grading)
            and (g.result.seed, g.result.grader_version, g.result.course_version.endswith(done))
            != (self._seed, __version__, True)
        }
        return [s for s in found if s.id in chosen]

    def _claimed(self, ids: list[int], tried: set[int]) -> Iterator[Submission]:
        """Those that nobody else is grading or has graded meanwhile, claimed some at a time."""
        for start in range(0, len(ids), CLAIMED):
            mine = self._store.claim(ids[start : start + CLAIMED])
            for submission in self.waiting(mine) if mine else ():
                tried.add(submission.id)
                yield submission

    def _judge(self, submissions: Iterator[Submission], count: int, keep: Keep) -> None:
        first = next(submissions, None)
        if first is None:
            return
        exercises: dict[int, str] = {}

        def tasks() -> Iterator[Task]:
            for s, data in self._store.contents(chain([first], submissions)):
                exercises[s.id] = s.exercise
                yield Task(s.id, s.exercise, s.file_name, data)

        with contextlib.closing(once(tasks(), self._batch)) as results:
            shown = terminal.progress(results, count, "grading")
            _keep(keep, ((done.id, self._storable(done, exercises[done.id])) for done in shown))

    def _batch(self, tasks: Iterator[Task]) -> Generator[Done]:
        """The results of tasks: from this machine's processes, or from a cluster."""
        if self._how.scheduler is None:
            return grade_batch(self._setup, tasks, self._how.workers or default_workers())
        from grader.grading.cluster.coordinator import grade as grade_there

        return grade_there(self._setup, tasks, self._how.scheduler, terminal.remark)

    def _storable(self, done: Done, exercise: str) -> Grading | Unreadable:
        if isinstance(done.result, Grading):
            return done.result
        most = self._course.exercise(exercise).max_score
        return Unreadable(done.result, self._setup.version, __version__, self._seed, most)


def _keep(keep: Keep, results: Iterable[Result]) -> None:
    """Hands results over, some at a time; those at hand also where something ends it early."""
    kept: list[Result] = []
    last = time.monotonic()
    try:
        for result in results:
            kept.append(result)
            if len(kept) >= PAGE or time.monotonic() - last > PATIENCE:
                ready, kept = kept, []
                keep(ready)
                last = time.monotonic()
    finally:
        if kept:
            keep(kept)


@contextlib.contextmanager
def _claims_kept(store: Store) -> Iterator[None]:
    """Renews the claims from time to time, whatever the main thread waits for, and gives them back at the end."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(LEASE.total_seconds() / 4):
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
