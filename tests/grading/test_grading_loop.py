"""The grading loop with workers that do nothing but count."""

from collections.abc import Iterator
from itertools import count, islice

from grader.grading.grading_loop import TaskSource, WorkerCounts, run_grading_loop
from grader.grading.tasks import GradingTask, TaskResult


class FakeWorkers:
    """Workers with room for two tasks, of which the oldest is done at each wait."""

    def __init__(self) -> None:
        self.tasks: list[GradingTask] = []
        self.waits: list[float | None] = []

    @property
    def capacity(self) -> int:
        """Two."""
        return 2

    def count_workers(self) -> WorkerCounts:
        """One worker, which is never stuck."""
        return WorkerCounts(1, 1 - len(self.tasks) // 2, 0)

    @property
    def room(self) -> int:
        """Two less those that are here."""
        return 2 - len(self.tasks)

    @property
    def busy(self) -> bool:
        """True if a task is here."""
        return bool(self.tasks)

    def give(self, task: GradingTask) -> None:
        """Take a task, which must have room."""
        assert self.room
        self.tasks.append(task)

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """Return the oldest."""
        self.waits.append(timeout)
        done, self.tasks = self.tasks[:1], self.tasks[1:]
        return [TaskResult(task.id, "done") for task in done]

    def close(self) -> None:
        """Do nothing."""


def tasks() -> Iterator[GradingTask]:
    """Yield tasks without end."""
    return (GradingTask(id, "doubling", "a.py", b"") for id in count(1))


def test_every_task_comes_back_once() -> None:
    """A finite source is graded to its end, with a wait per result and no wait after it."""
    workers = FakeWorkers()
    results = [one.id for done in run_grading_loop(workers, TaskSource.from_tasks(islice(tasks(), 5))) for one in done]
    assert results == [1, 2, 3, 4, 5]
    assert workers.waits == [None] * 5
    assert list(run_grading_loop(workers, TaskSource.from_tasks(iter(())))) == []


def test_tasks_are_taken_only_as_workers_have_room() -> None:
    """Of an endless source no more is taken than what is done and what the workers hold."""
    taken: list[int] = []

    def watched() -> Iterator[GradingTask]:
        for task in tasks():
            taken.append(task.id)
            yield task

    results = [done[0].id for done in islice(run_grading_loop(FakeWorkers(), TaskSource.from_tasks(watched())), 4)]
    assert results == [1, 2, 3, 4]
    assert taken == [1, 2, 3, 4, 5]


def test_a_source_without_a_task_at_the_moment_is_asked_again() -> None:
    """While the source has not ended, the loop waits for the given time and asks again; then it finishes what runs."""
    workers = FakeWorkers()
    waiting: list[GradingTask] = []
    ended: list[bool] = []
    loop = run_grading_loop(workers, TaskSource(lambda: waiting.pop() if waiting else None, lambda: bool(ended)), 0.5)
    assert next(loop) == []
    waiting += list(islice(tasks(), 2))
    assert [one.id for one in next(loop)] == [2]
    ended.append(True)
    waiting += list(islice(tasks(), 1))
    assert [one.id for one in next(loop)] == [1]
    assert list(loop) == []
    assert len(waiting) == 1
    assert workers.waits == [0.5] * 3
