"""Identical submissions are judged once: whoever handed in the same bytes gets the same result, recorded apart.

The same bytes in the same exercise, for in one batch course, secret and versions are the same. What failed through our
own fault, and what can't be read (whose line names the file), is never passed on.
"""

import contextlib
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from typing import Final

from grader.core.results.grading import Grading
from grader.grading.pool import GradingTask, TaskResult

MAX_REMEMBERED_RESULTS: Final = 256
"""Results that are kept for twins to come; those met last."""
MAX_WAITING_DUPLICATES: Final = 64
"""Twins that wait at once; beyond that they are judged like all others, so that a batch is taken as it is done."""

SubmissionKey = tuple[str, str, bytes]
BatchGrader = Callable[[Iterator[GradingTask]], Generator[TaskResult]]


def grade_distinct(tasks: Iterable[GradingTask], batch: BatchGrader) -> Generator[TaskResult]:
    """The results of all tasks, of which `batch` is given only one of those that are the same."""
    twins = _Duplicates()
    with contextlib.closing(batch(twins.filter_distinct(tasks))) as results:
        for done in results:
            yield from twins.expand_result(done)
    yield from twins.take_ready()
    if twins.ungraded_duplicates:
        with contextlib.closing(batch(iter(twins.ungraded_duplicates))) as results:
            yield from results


class _Duplicates:
    """What is under way and what is known, by what makes submissions the same."""

    def __init__(self) -> None:
        self.ungraded_duplicates: list[GradingTask] = []
        """Twins of something whose result isn't passed on."""
        self._under_way: dict[int, SubmissionKey] = {}
        self._waiting: dict[SubmissionKey, list[GradingTask]] = {}
        self._held = 0
        self._known: OrderedDict[SubmissionKey, Grading] = OrderedDict()
        self._ready: list[TaskResult] = []

    def filter_distinct(self, tasks: Iterable[GradingTask]) -> Iterator[GradingTask]:
        """The tasks less those whose twin is known or under way."""
        for task in tasks:
            key = task.exercise, os.path.splitext(task.file_name)[1].lower(), hashlib.sha256(task.data).digest()
            if key in self._known and len(self._ready) < MAX_WAITING_DUPLICATES:
                self._known.move_to_end(key)
                self._ready.append(TaskResult(task.id, self._known[key]))
            elif key in self._waiting and self._held < MAX_WAITING_DUPLICATES:
                self._waiting[key].append(task)
                self._held += 1
            else:
                self._waiting.setdefault(key, [])
                self._under_way[task.id] = key
                yield task

    def expand_result(self, done: TaskResult) -> Iterator[TaskResult]:
        """A result, those of its twins, and whatever else is ready."""
        key = self._under_way.pop(done.id)
        twins = self._waiting.pop(key, [])
        self._held -= len(twins)
        yield done
        if not isinstance(done.result, Grading) or done.result.faulted:
            self.ungraded_duplicates += twins
        else:
            result = self._known[key] = replace(done.result, elapsed_ms=0.0)
            if len(self._known) > MAX_REMEMBERED_RESULTS:
                self._known.popitem(last=False)
            yield from (TaskResult(twin.id, result) for twin in twins)
        yield from self.take_ready()

    def take_ready(self) -> Iterator[TaskResult]:
        """The results of twins of what was known already."""
        ready, self._ready = self._ready, []
        yield from ready
