"""Many submissions on this machine: worker processes, each with a course, a judge and a warm sandbox of its own.

The coordinator feeds tasks and takes results; it alone writes the database. A worker that dies is replaced, and the
task that it had is tried once more; if that kills a worker too, it comes back as faulted: pending, no points lost.
Where workers die before they have even started, one after another, the batch ends with an error.
"""

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final, Self

from grader.core.errors import CourseError, GraderError, SandboxFault, UnreadableSubmission
from grader.core.judging.reference_data import ReferenceData, fingerprint_secret
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import ParsedSubmission
from grader.course.loader import load_course
from grader.formats.read_submission import parse_submission
from grader.grading.cpu_affinity import CpuSlot, use_batch_scheduling
from grader.grading.judge import Judge
from grader.grading.result_transfer import GradingPacker, GradingUnpacker
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.version import __version__

_STARTED_MESSAGE: Final = "started"  # a worker's first word
MAX_IN_FLIGHT_PER_WORKER: Final = 2  # tasks that a worker has at once: the one it does, and the next
MAX_STARTUP_FAILURES: Final = 3  # so many workers in a row may die at their start
INLINE_THRESHOLD: Final = 6  # so few tasks are done here at once: a worker's start costs more


@dataclass(frozen=True)
class GradingConfig:
    """What every worker needs: the course's folder and the version that it must have, the secret, the levels."""

    course: Path
    version: str
    secret: bytes
    level: Level = Level.FULL
    least: Level = Level.SECCOMP
    visible_only: bool = False


@dataclass(frozen=True)
class GradingTask:
    """One submission to be judged, by the id that its result bears."""

    id: int
    exercise: str
    file_name: str
    data: bytes


@dataclass(frozen=True)
class TaskResult:
    """A task's grading; or, where the file can't be read, why."""

    id: int
    result: Grading | str


class Worker:
    """Judges tasks one by one in this process; loads the course if it isn't handed over."""

    def __init__(
        self, setup: GradingConfig, course: Course | None = None, banks: Mapping[str, ReferenceData] | None = None
    ) -> None:
        self.course = course or load_course(setup.course)
        if self.course.version != setup.version:
            raise CourseError(f"{setup.course} was changed while it was in use: run the command again")
        self._setup = setup
        self._sandbox = Sandbox(setup.level, setup.least, self.course.packages)
        self._judge = Judge(self.course, self._sandbox, setup.secret, visible_only=setup.visible_only, banks=banks)

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
        """Judges one task. Raises CourseError where the course's own code fails."""
        try:
            program = parse_submission(task.file_name, task.data)
        except UnreadableSubmission as error:
            return TaskResult(task.id, str(error))
        return TaskResult(task.id, self.judge(task.exercise, program))

    def judge(self, exercise: str, program: ParsedSubmission) -> Grading:
        """Judges one program. Raises CourseError where the course's own code fails."""
        return self._judge.judge(self.course.exercise(exercise), program)


def grade_in_pool(setup: GradingConfig, tasks: Iterable[GradingTask], workers: int) -> Generator[TaskResult]:
    """Judges tasks and yields results as they come, in no order; takes tasks only as fast as they are done.

    Raises SandboxUnavailable or CourseError when the first worker starts, SandboxFault where none will.
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
    """A worker process, our end of its pipe, and the tasks that it has."""

    def __init__(self, setup: GradingConfig, niceness: int, seat: CpuSlot) -> None:
        self.seat = seat
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve_tasks, args=(theirs, setup, niceness, seat), daemon=True)
        # Whoever interrupts means the coordinator: a worker inherits the blocked signal and never sees it.
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
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its death shows when we read
            self.connection.send(task)

    def end(self) -> None:
        self.connection.close()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Pool:
    """The coordinator's side of the workers: tasks are given while there is room, and come back done."""

    def __init__(self, setup: GradingConfig, workers: int, niceness: int = 0) -> None:
        self._setup, self._niceness = setup, niceness
        self._workers = [_WorkerHandle(setup, niceness, CpuSlot(number, workers)) for number in range(workers)]
        self._retries: deque[GradingTask] = deque()
        self._retried_ids: set[int] = set()
        self._startup_failures = 0
        self._course: Course | None = None

    @property
    def room(self) -> int:
        """How many tasks would be taken now."""
        return max(0, sum(MAX_IN_FLIGHT_PER_WORKER - len(hand.tasks) for hand in self._workers) - len(self._retries))

    @property
    def busy(self) -> bool:
        """Something that was given hasn't come back."""
        return bool(self._retries) or any(hand.tasks for hand in self._workers)

    def give(self, task: GradingTask) -> None:
        """Gives a task to the worker that has least to do."""
        min(self._workers, key=lambda hand: len(hand.tasks)).give(task)

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """What is done, once something is, or after so many seconds. Raises what a worker could not go on after."""
        while self._retries:
            self.give(self._retries.popleft())
        busy = {hand.connection: hand for hand in self._workers if hand.tasks}
        done: list[TaskResult] = []
        for connection in wait(list(busy), timeout):
            done += self._receive_from(busy[connection])  # type: ignore[index]  # wait returns what it was given
        return done

    def run(self, tasks: Iterator[GradingTask]) -> Iterator[TaskResult]:
        """Feeds the workers until nothing is left."""
        while True:
            while self.room and (task := next(tasks, None)):
                self.give(task)
            if not self.busy:
                return
            yield from self.take()

    def close(self) -> None:
        """Ends all workers; what they are doing is lost, and not recorded either."""
        for hand in self._workers:
            hand.connection.close()
        for hand in self._workers:
            hand.process.kill()
            hand.process.join()

    def _receive_from(self, hand: _WorkerHandle) -> Iterator[TaskResult]:
        try:
            said = hand.connection.recv()
        except (EOFError, ConnectionResetError):
            yield from self._replace_dead_worker(hand)
            return
        if isinstance(said, GraderError):
            raise said
        if not hand.started:
            hand.started = True
            self._startup_failures = 0
            return
        task = hand.tasks.popleft()
        yield TaskResult(task.id, said if isinstance(said, str) else hand.receiver.unpack(said))

    def _replace_dead_worker(self, hand: _WorkerHandle) -> Iterator[TaskResult]:
        """A worker has died; a new one takes its place. The task that it was at is to blame, if that happens twice."""
        hand.end()
        if hand.started:
            blamed = hand.tasks.popleft()
            if blamed.id in self._retried_ids:
                yield TaskResult(blamed.id, self._make_faulted(blamed))
            else:
                self._retried_ids.add(blamed.id)
                self._retries.append(blamed)
        else:
            self._startup_failures += 1
            if self._startup_failures > MAX_STARTUP_FAILURES:
                raise SandboxFault(f"worker processes end as they start (exit status {hand.process.exitcode})")
        self._retries.extend(hand.tasks)
        self._workers[self._workers.index(hand)] = _WorkerHandle(self._setup, self._niceness, hand.seat)

    def _make_faulted(self, task: GradingTask) -> Grading:
        self._course = self._course or load_course(self._setup.course)
        return make_faulted_grading(self._course.exercise(task.exercise), self._setup)


def make_faulted_grading(exercise: Exercise, setup: GradingConfig) -> Grading:
    """A grading which says that everything failed through our own fault, so that the next run takes it up again."""
    questions = tuple(
        QuestionResult(
            q.id,
            str(q.kind),
            tuple(CheckResult(c.name, Verdict.GRADER_ERROR, 0.0, c.points, c.hidden) for c in q.checks),
        )
        for q in exercise.questions
    )
    return Grading(
        exercise.name, setup.version, __version__, fingerprint_secret(setup.secret), str(setup.level), questions
    )


def _serve_tasks(connection: "Connection[Any, Any]", setup: GradingConfig, niceness: int, seat: CpuSlot) -> None:
    """A worker process: ends with its coordinator, whose end of the pipe the kernel closes."""
    use_batch_scheduling()
    seat.pin_thread()
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
