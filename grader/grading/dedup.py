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
from grader.grading.pool import Done, Task

REMEMBERED: Final = 256
"""Results that are kept for twins to come; those met last."""
HELD: Final = 64
"""Twins that wait at once; beyond that they are judged like all others, so that a batch is taken as it is done."""

Key = tuple[str, str, bytes]
Batch = Callable[[Iterator[Task]], Generator[Done]]


def once(tasks: Iterable[Task], batch: Batch) -> Generator[Done]:
    """The results of all tasks, of which `batch` is given only one of those that are the same."""
    twins = _Twins()
    with contextlib.closing(batch(twins.distinct(tasks))) as results:
        for done in results:
            yield from twins.all_of(done)
    yield from twins.ready()
    if twins.apart:
        with contextlib.closing(batch(iter(twins.apart))) as results:
            yield from results


class _Twins:
    """What is under way and what is known, by what makes submissions the same."""

    def __init__(self) -> None:
        self.apart: list[Task] = []
        """Twins of something whose result isn't passed on."""
        self._under_way: dict[int, Key] = {}
        self._waiting: dict[Key, list[Task]] = {}
        self._held = 0
        self._known: OrderedDict[Key, Grading] = OrderedDict()
        self._ready: list[Done] = []

    def distinct(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """The tasks less those whose twin is known or under way."""
        for task in tasks:
            key = task.exercise, os.path.splitext(task.file_name)[1].lower(), hashlib.sha256(task.data).digest()
            if key in self._known and len(self._ready) < HELD:
                self._known.move_to_end(key)
                self._ready.append(Done(task.id, self._known[key]))
            elif key in self._waiting and self._held < HELD:
                self._waiting[key].append(task)
                self._held += 1
            else:
                self._waiting.setdefault(key, [])
                self._under_way[task.id] = key
                yield task

    def all_of(self, done: Done) -> Iterator[Done]:
        """A result, those of its twins, and whatever else is ready."""
        key = self._under_way.pop(done.id)
        twins = self._waiting.pop(key, [])
        self._held -= len(twins)
        yield done
        if not isinstance(done.result, Grading) or done.result.faulted:
            self.apart += twins
        else:
            result = self._known[key] = replace(done.result, elapsed_ms=0.0)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            yield from (Done(twin.id, result) for twin in twins)
        yield from self.ready()

    def ready(self) -> Iterator[Done]:
        """The results of twins of what was known already."""
        ready, self._ready = self._ready, []
        yield from ready
