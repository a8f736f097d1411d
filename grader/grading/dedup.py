"""Grades identical submissions once: equal bytes get the same result, recorded separately for each.

Submissions are identical if bytes and exercise are equal; course, secret and versions are the same within one batch.
Two kinds of results are never shared: grader errors, and unreadable files, because their message names the file.
"""

import contextlib
import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from typing import Final

from grader.core.results.grading import Grading
from grader.grading.tasks import GradingTask, TaskResult

MAX_REMEMBERED_RESULTS: Final = 256
"""Number of results kept for later duplicates, the most recently used ones."""
MAX_WAITING_DUPLICATES: Final = 64
"""Maximum number of waiting duplicates; others are judged like any task, so that memory stays bounded."""

SubmissionKey = tuple[str, str, bytes]
BatchGrader = Callable[[Iterator[GradingTask]], Generator[TaskResult]]


def grade_distinct(tasks: Iterable[GradingTask], batch: BatchGrader) -> Generator[TaskResult]:
    """Yield the results of all tasks; `batch` gets only one of each set of identical tasks."""
    duplicates = _Duplicates()
    with contextlib.closing(batch(duplicates.filter_distinct(tasks))) as results:
        for done in results:
            yield from duplicates.expand_result(done)
    yield from duplicates.take_ready()
    if duplicates.ungraded_duplicates:
        with contextlib.closing(batch(iter(duplicates.ungraded_duplicates))) as results:
            yield from results


class _Duplicates:
    """Tasks in progress and known results, by the key that identical submissions share."""

    def __init__(self) -> None:
        self.ungraded_duplicates: list[GradingTask] = []
        """Duplicates of a submission whose result can't be shared."""
        self._under_way: dict[int, SubmissionKey] = {}
        self._waiting: dict[SubmissionKey, list[GradingTask]] = {}
        self._held = 0
        self._known: OrderedDict[SubmissionKey, Grading] = OrderedDict()
        self._ready: list[TaskResult] = []

    def filter_distinct(self, tasks: Iterable[GradingTask]) -> Iterator[GradingTask]:
        """Yield the tasks except those whose duplicate is known or in progress."""
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

    def expand_result(self, task_result: TaskResult) -> Iterator[TaskResult]:
        """Yield a result, those of its duplicates, and any others that are ready."""
        key = self._under_way.pop(task_result.id)
        duplicates = self._waiting.pop(key, [])
        self._held -= len(duplicates)
        yield task_result
        if not isinstance(task_result.result, Grading) or task_result.result.has_grader_error:
            self.ungraded_duplicates += duplicates
        else:
            result = self._known[key] = replace(task_result.result, elapsed_ms=0.0)
            if len(self._known) > MAX_REMEMBERED_RESULTS:
                self._known.popitem(last=False)
            yield from (TaskResult(duplicate.id, result) for duplicate in duplicates)
        yield from self.take_ready()

    def take_ready(self) -> Iterator[TaskResult]:
        """Yield the results of duplicates of known submissions."""
        ready, self._ready = self._ready, []
        yield from ready
