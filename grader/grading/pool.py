"""Grades many submissions on this machine, in worker processes with a course, a judge and a warm sandbox each.

The coordinator sends tasks and receives results; it alone writes the database. A worker that dies is replaced, and its
current task is retried once; if that kills a worker too, the task gets a faulted result: pending, no points lost. If
workers repeatedly die before they have started, the batch ends with an error.
"""

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Self

from grader.core.errors import CourseError, GraderError, SandboxFault, UnreadableSubmission
from grader.core.judging.reference_data import ReferenceData
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.core.wire.submission import ParsedSubmission
from grader.course.loader import load_course
from grader.formats.read_submission import parse_submission
from grader.grading.cpu_affinity import CpuSlot, use_batch_scheduling
from grader.grading.grading_loop import TaskSource, run_grading_loop
from grader.grading.judge import Judge
from grader.grading.result_transfer import GradingPacker, GradingUnpacker
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult, make_faulted_grading
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

_STARTED_MESSAGE: Final = "started"  # a worker's first message
MAX_IN_FLIGHT_PER_WORKER: Final = 2  # tasks per worker: the current one, and the next
MAX_STARTUP_FAILURES: Final = 3  # workers that may die in a row while they start
INLINE_THRESHOLD: Final = 6  # this many tasks are done in this process, because starting a worker costs more


class Worker:
    """Judges tasks one by one in this process; loads the course unless it is given."""

    def __init__(
        self,
        setup: GradingConfig,
        course: Course | None = None,
        reference_data: Mapping[str, ReferenceData] | None = None,
    ) -> None:
        self.course = course or load_course(setup.course)
        if self.course.version != setup.version:
            raise CourseError(f"{setup.course} was changed while it was in use: run the command again")
        self._setup = setup
        self._sandbox = Sandbox(setup.level, setup.min_level, self.course.packages)
        self._judge = Judge(
            self.course, self._sandbox, setup.secret, visible_only=setup.visible_only, reference_data=reference_data
        )

    def __enter__(self) -> Self:
        self._sandbox.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    @property
    def level(self) -> Level:
        """The sandbox's level."""
        return self._sandbox.level

    def grade_task(self, task: GradingTask) -> TaskResult:
        """Judge one task. Raises CourseError if the course's own code fails."""
        try:
            program = parse_submission(task.file_name, task.data)
        except UnreadableSubmission as error:
            return TaskResult(task.id, str(error))
        return TaskResult(task.id, self.judge(task.exercise, program))

    def judge(self, exercise: str, program: ParsedSubmission) -> Grading:
        """Judge one program. Raises CourseError if the course's own code fails."""
        return self._judge.judge(self.course.exercise(exercise), program)


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


class _WorkerHandle:
    """A worker process, the coordinator's end of its pipe, and its current tasks."""

    def __init__(self, setup: GradingConfig, niceness: int, slot: CpuSlot) -> None:
        self.slot = slot
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve_tasks, args=(theirs, setup, niceness, slot), daemon=True)
        # An interrupt is meant for the coordinator: a worker inherits the blocked signal and never sees it.
        unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        theirs.close()
        self.tasks: deque[GradingTask] = deque()
        self.receiver = GradingUnpacker()
        self.started = False

    def give(self, task: GradingTask) -> None:
        self.tasks.append(task)
        with contextlib.suppress(
            BrokenPipeError, ConnectionResetError
        ):  # its death is noticed when its results are read
            self.connection.send(task)

    def end(self) -> None:
        self.connection.close()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Pool:
    """The coordinator's side of the workers: gives tasks while there is room, and takes results."""

    def __init__(self, setup: GradingConfig, workers: int, niceness: int = 0) -> None:
        self._setup, self._niceness = setup, niceness
        self._workers = [_WorkerHandle(setup, niceness, CpuSlot(number, workers)) for number in range(workers)]
        self._retries: deque[GradingTask] = deque()
        self._retried_ids: set[int] = set()
        self._startup_failures = 0
        self._course: Course | None = None

    @property
    def room(self) -> int:
        """The number of tasks that would be accepted now."""
        return max(
            0, sum(MAX_IN_FLIGHT_PER_WORKER - len(handle.tasks) for handle in self._workers) - len(self._retries)
        )

    @property
    def busy(self) -> bool:
        """Whether a task has no result yet."""
        return bool(self._retries) or any(handle.tasks for handle in self._workers)

    def give(self, task: GradingTask) -> None:
        """Give a task to the worker with the fewest tasks."""
        min(self._workers, key=lambda handle: len(handle.tasks)).give(task)

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """Return results once there are any, or after `timeout` seconds. Raises errors that end the batch."""
        while self._retries:
            self.give(self._retries.popleft())
        busy = {handle.connection: handle for handle in self._workers if handle.tasks}
        done: list[TaskResult] = []
        for connection in wait(list(busy), timeout):
            done += self._receive_from(busy[connection])  # type: ignore[index]  # wait returns the objects that it was given
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
            handle.process.kill()
            handle.process.join()

    def _receive_from(self, handle: _WorkerHandle) -> Iterator[TaskResult]:
        try:
            message = handle.connection.recv()
        except (EOFError, ConnectionResetError):
            yield from self._replace_dead_worker(handle)
            return
        if isinstance(message, GraderError):
            raise message
        if not handle.started:
            handle.started = True
            self._startup_failures = 0
            return
        task = handle.tasks.popleft()
        yield TaskResult(task.id, message if isinstance(message, str) else handle.receiver.unpack(message))

    def _replace_dead_worker(self, handle: _WorkerHandle) -> Iterator[TaskResult]:
        """Replace a worker that has died. Its current task is to blame if that happens twice."""
        handle.end()
        if handle.started:
            blamed = handle.tasks.popleft()
            if blamed.id in self._retried_ids:
                yield TaskResult(blamed.id, self._make_faulted(blamed))
            else:
                self._retried_ids.add(blamed.id)
                self._retries.append(blamed)
        else:
            self._startup_failures += 1
            if self._startup_failures > MAX_STARTUP_FAILURES:
                raise SandboxFault(f"worker processes end as they start (exit status {handle.process.exitcode})")
        self._retries.extend(handle.tasks)
        self._workers[self._workers.index(handle)] = _WorkerHandle(self._setup, self._niceness, handle.slot)

    def _make_faulted(self, task: GradingTask) -> Grading:
        self._course = self._course or load_course(self._setup.course)
        return make_faulted_grading(self._course.exercise(task.exercise), self._setup)


def _serve_tasks(connection: "Connection[Any, Any]", setup: GradingConfig, niceness: int, slot: CpuSlot) -> None:
    """Run a worker process; it ends with its coordinator, whose end of the pipe the kernel closes."""
    use_batch_scheduling()
    slot.pin_thread()
    if niceness:
        os.nice(niceness)
    try:
        with Worker(setup) as worker, contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            connection.send(_STARTED_MESSAGE)
            sender = GradingPacker()
            while True:
                result = worker.grade_task(connection.recv()).result
                connection.send(result if isinstance(result, str) else sender.pack(result))
    except GraderError as error:
        with contextlib.suppress(BrokenPipeError):
            connection.send(error)
