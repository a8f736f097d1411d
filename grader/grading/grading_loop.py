"""The loop that every grading uses: give tasks to workers while they have room, and pass on their results.

`grader grade` runs it over processes of this machine or a cluster, with a finite list of tasks. The portal runs it with
tasks that arrive as students submit, until it is stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self

from grader.grading.tasks import GradingTask, TaskResult


@dataclass(frozen=True)
class WorkerCounts:
    """The number of workers; of those without a task; and of those whose step takes unusually long."""

    total: int
    free: int
    stuck: int


class GradingWorkers(Protocol):
    """Workers that take tasks while there is room and return results."""

    @property
    def capacity(self) -> int:
        """The number of tasks that may be in progress at once."""

    @property
    def room(self) -> int:
        """The number of tasks that would be accepted now."""

    @property
    def busy(self) -> bool:
        """Whether a task has no result yet."""

    def give(self, task: GradingTask) -> None:
        """Give a task."""

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """Return finished tasks as soon as there are any, or after this many seconds."""

    def count_workers(self) -> WorkerCounts:
        """Return the state of the workers now."""

    def close(self) -> None:
        """Stop all workers; unfinished tasks are lost."""


@dataclass(frozen=True)
class TaskSource:
    """The tasks of a loop: `next_task` gives one, or None if there is none now; `has_ended` means that none follow."""

    next_task: Callable[[], GradingTask | None]
    has_ended: Callable[[], bool]

    @classmethod
    def from_tasks(cls, tasks: Iterator[GradingTask]) -> Self:
        """Return the source that ends with these tasks, and takes each only when a worker has room for it."""
        finite = _FiniteTasks(tasks)
        return cls(finite.next_task, finite.has_ended)


class _FiniteTasks:
    def __init__(self, tasks: Iterator[GradingTask]) -> None:
        self._tasks = tasks
        self._ended = False

    def next_task(self) -> GradingTask | None:
        task = next(self._tasks, None)
        self._ended = task is None
        return task

    def has_ended(self) -> bool:
        return self._ended


def run_grading_loop(
    workers: GradingWorkers, source: TaskSource, poll_s: float | None = None
) -> Iterator[list[TaskResult]]:
    """Feed workers from a source, and yield results, unordered, after each wait; the list may be empty.

    A wait lasts until there are results, at most `poll_s` seconds. The loop ends when the source has ended and no task
    is in progress. A source that may temporarily have no task needs `poll_s`.
    """
    while True:
        while not source.has_ended() and workers.room and (task := source.next_task()):
            workers.give(task)
        if source.has_ended() and not workers.busy:
            return
        yield workers.take(poll_s)
