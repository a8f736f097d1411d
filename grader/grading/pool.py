"""Grades many submissions on this machine, in worker processes with a course, a judge and a warm sandbox each.

The coordinator sends tasks and receives results; it alone writes the database. A worker that dies is replaced, and its
current task is retried once; if that kills a worker too, the task gets a faulted result: pending, no points lost. So
does a task of which a step takes too long, such as a rule that never ends: its worker is killed. If workers repeatedly
die before they have started, the batch ends with an error.
"""

import contextlib
import math
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import Final

from grader.core.errors import SandboxFault
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.course.loader import load_course
from grader.grading.cpu_affinity import CpuSlot
from grader.grading.grading_loop import TaskSource, WorkerCounts, run_grading_loop
from grader.grading.task_worker import Worker
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult, make_faulted_grading
from grader.grading.worker_process import WorkerDied, WorkerProcess

MAX_IN_FLIGHT_PER_WORKER: Final = 2  # tasks per worker: the current one, and the next
MAX_STARTUP_FAILURES: Final = 3  # workers that may die in a row while they start
DEADLINE_CHECK_INTERVAL_S: Final = 1.0  # seconds between two looks for tasks that take too long
INLINE_THRESHOLD: Final = 6  # this many tasks are done in this process, because starting a worker costs more


def grade_in_pool(setup: GradingConfig, tasks: Iterable[GradingTask], workers: int) -> Generator[TaskResult]:
    """Judge tasks and yield results as they arrive, unordered; tasks are taken on demand.

    Raises SandboxUnavailable or CourseError when the first worker starts, SandboxFault if none will.
    """
    waiting = iter(tasks)
    first = list(islice(waiting, INLINE_THRESHOLD + 1))
    if workers <= 1 or len(first) <= INLINE_THRESHOLD:
        with Worker(setup) as worker:
            for task in chain(first, waiting):
                yield worker.grade_task(task)
        return
    with contextlib.closing(Pool(setup, workers)) as pool:
        yield from pool.run(chain(first, waiting))


class Pool:
    """The coordinator's side of the workers: gives tasks while there is room, and takes results.

    A worker has at most `tasks_per_worker` tasks: with 1, none waits for another on a worker while others are free.
    """

    def __init__(
        self, setup: GradingConfig, workers: int, niceness: int = 0, tasks_per_worker: int = MAX_IN_FLIGHT_PER_WORKER
    ) -> None:
        self._setup, self._niceness, self._tasks_per_worker = setup, niceness, tasks_per_worker
        self._workers = [WorkerProcess(setup, niceness, CpuSlot(number, workers)) for number in range(workers)]
        self._retries: deque[GradingTask] = deque()
        self._retried_ids: set[int] = set()
        self._startup_failures = 0
        self._looked_for_overdue = 0.0
        self._course: Course | None = None

    @property
    def capacity(self) -> int:
        """The number of tasks that may be in progress at once."""
        return len(self._workers) * self._tasks_per_worker

    @property
    def room(self) -> int:
        """The number of tasks that would be accepted now."""
        taken = sum(min(len(handle.tasks), self._tasks_per_worker) for handle in self._workers)
        return max(0, self.capacity - taken - len(self._retries))

    @property
    def busy(self) -> bool:
        """Whether a task has no result yet."""
        return bool(self._retries) or any(handle.tasks for handle in self._workers)

    def count_workers(self) -> WorkerCounts:
        """Return the state of the workers now."""
        free = sum(not handle.tasks for handle in self._workers)
        return WorkerCounts(len(self._workers), free, sum(handle.is_stuck for handle in self._workers))

    def give(self, task: GradingTask) -> None:
        """Give a task to the worker with the fewest tasks."""
        min(self._workers, key=lambda handle: (len(handle.tasks), handle.is_stuck)).give(task)

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """Return results once there are any, or after `timeout` seconds. Raises errors that end the batch."""
        while self._retries:
            self.give(self._retries.popleft())
        end = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            busy = {handle.connection: handle for handle in self._workers if handle.tasks}
            left = max(0.0, min(DEADLINE_CHECK_INTERVAL_S, end - time.monotonic()))
            ready = [busy[connection] for connection in wait(list(busy), left)]  # type: ignore[index]  # wait returns the objects that it was given
            done = [result for handle in ready for result in self._receive_from(handle)]
            done += self._end_overdue_tasks()
            if ready or done or self._retries or time.monotonic() >= end:
                return done

    def run(self, tasks: Iterator[GradingTask]) -> Iterator[TaskResult]:
        """Feed the workers until nothing is left."""
        for done in run_grading_loop(self, TaskSource.from_tasks(tasks)):
            yield from done

    def close(self) -> None:
        """End all workers; unfinished work is lost, and not recorded either."""
        for handle in self._workers:
            handle.connection.close()
        for handle in self._workers:
            handle.kill()

    def _receive_from(self, handle: WorkerProcess) -> Iterator[TaskResult]:
        try:
            yield from handle.receive()
        except WorkerDied:
            handle.end()
            yield from self._replace_worker(handle)
            return
        self._startup_failures = 0

    def _end_overdue_tasks(self) -> Iterator[TaskResult]:
        """Kill workers whose step has exceeded its time limit; their tasks are not tried again here."""
        now = time.monotonic()
        if now - self._looked_for_overdue < DEADLINE_CHECK_INTERVAL_S:
            return
        self._looked_for_overdue = now
        for handle in list(self._workers):
            if handle.is_overdue():
                if handle.tasks:
                    self._retried_ids.add(handle.tasks[0].id)
                handle.kill()
                yield from self._replace_worker(handle)

    def _replace_worker(self, handle: WorkerProcess) -> Iterator[TaskResult]:
        """Replace a worker that has died. Its current task is to blame if that happens twice."""
        if handle.has_started and handle.tasks:
            blamed = handle.tasks.popleft()
            if blamed.id in self._retried_ids:
                self._retried_ids.discard(blamed.id)
                yield TaskResult(blamed.id, self._make_faulted(blamed))
            else:
                self._retried_ids.add(blamed.id)
                self._retries.append(blamed)
        elif not handle.has_started:
            self._startup_failures += 1
            if self._startup_failures > MAX_STARTUP_FAILURES:
                raise SandboxFault(f"worker processes end as they start (exit status {handle.process.exitcode})")
        self._retries.extend(handle.tasks)
        self._workers[self._workers.index(handle)] = WorkerProcess(self._setup, self._niceness, handle.slot)

    def _make_faulted(self, task: GradingTask) -> Grading:
        self._course = self._course or load_course(self._setup.course)
        return make_faulted_grading(self._course.exercise(task.exercise), self._setup)
