"""One worker process, as its coordinator sees it and from inside."""

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, Final

from grader.core.errors import GraderError
from grader.grading.cpu_affinity import CpuSlot, use_batch_scheduling
from grader.grading.result_transfer import GradingPacker, GradingUnpacker
from grader.grading.step_deadline import SharedStepDeadline, StepDeadline
from grader.grading.task_worker import Worker
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult

STARTUP_TIMEOUT_S: Final = 300.0
"""Seconds in which a worker must have loaded the course and started its sandbox."""
_USUAL_STARTUP_S: Final = 60.0
MAX_BUFFERED_BYTES: Final = 32_000
"""Bytes of a submission that fits into the pipe, even beside another one."""
_MAX_SENT: Final = 2
_STARTED_MESSAGE: Final = "started"  # a worker's first message


class WorkerDied(Exception):
    """The worker has ended without a result."""


class WorkerProcess:
    """A worker process, the coordinator's end of its pipe, and its tasks: the current one first.

    A task is sent only when that can't wait: a small one fits into the pipe, and for a large one the worker is reading.
    Else two that write to each other, both more than a pipe holds, would wait forever.
    """

    def __init__(self, setup: GradingConfig, niceness: int, slot: CpuSlot) -> None:
        self.slot = slot
        self.tasks: deque[GradingTask] = deque()
        self.has_started = False
        self._sent = 0  # of the tasks, the first ones
        self._deadline = SharedStepDeadline()
        self._deadline.begin_step(STARTUP_TIMEOUT_S, usually=_USUAL_STARTUP_S)
        self._late_looks = 0
        self._receiver = GradingUnpacker()
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        arguments = (theirs, setup, niceness, slot, self._deadline)
        self.process = context.Process(target=_serve_tasks, args=arguments, daemon=True)
        # An interrupt is meant for the coordinator: a worker inherits the blocked signal and never sees it.
        unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        theirs.close()

    @property
    def is_stuck(self) -> bool:
        """Whether its current step takes unusually long."""
        return self._deadline.is_unusual

    def is_overdue(self) -> bool:
        """Return whether its step has exceeded its time limit at this look and at the one before.

        One look is not enough: the whole machine may have been stopped for a while.
        """
        self._late_looks = self._late_looks + 1 if self._deadline.is_over else 0
        return self._late_looks > 1

    def give(self, task: GradingTask) -> None:
        """Give it a task; its death is noticed when its results are read."""
        self.tasks.append(task)
        self._send_tasks()

    def _send_tasks(self) -> None:
        """Send the tasks that can be sent without waiting."""
        while self._sent < min(len(self.tasks), _MAX_SENT):
            task = self.tasks[self._sent]
            is_reading = self.has_started and not self._sent
            if not is_reading and len(task.data) > MAX_BUFFERED_BYTES:
                return
            self._sent += 1
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.connection.send(task)

    def receive(self) -> Iterator[TaskResult]:
        """Read a message, and yield its result if it has one. Raises WorkerDied, and errors that end the batch."""
        try:
            message = self.connection.recv()
        except (EOFError, ConnectionResetError):
            raise WorkerDied from None
        if isinstance(message, GraderError):
            raise message
        if not self.has_started:
            self.has_started = True
            self._send_tasks()
            return
        task = self.tasks.popleft()
        self._sent -= 1
        self._send_tasks()
        yield TaskResult(task.id, message if isinstance(message, str) else self._receiver.unpack(message))

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self.connection.close()
        self.process.kill()
        self.process.join()

    def end(self) -> None:
        """Let it end, or end it after a while."""
        self.connection.close()
        self.process.join(5)
        self.kill()


def _serve_tasks(
    connection: "Connection[Any, Any]", setup: GradingConfig, niceness: int, slot: CpuSlot, deadline: StepDeadline
) -> None:
    """Run a worker process; it ends with its coordinator, whose end of the pipe the kernel closes."""
    use_batch_scheduling()
    slot.pin_thread()
    if niceness:
        os.nice(niceness)
    try:
        with (
            Worker(setup, deadline=deadline) as worker,
            contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError),
        ):
            deadline.end_step()
            connection.send(_STARTED_MESSAGE)
            sender = GradingPacker()
            while True:
                result = worker.grade_task(connection.recv()).result
                connection.send(result if isinstance(result, str) else sender.pack(result))
    except GraderError as error:
        with contextlib.suppress(BrokenPipeError):
            connection.send(error)
