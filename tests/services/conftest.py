"""Fixtures of the services' tests: a loaded course, records, and a progress that keeps what it receives."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from grader.core.questions.exercise import Course
from grader.core.text.messages import MessageLike
from grader.course.loader import load_course
from grader.store import Store

T = TypeVar("T")


@dataclass
class RecordedProgress:
    """The bars and notes of a use case."""

    tracked: list[tuple[str, int, int]] = field(default_factory=list)
    """For each bar its label, its total and how many items passed."""
    notes: list[str] = field(default_factory=list)
    waited: list[str] = field(default_factory=list)

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Yield the items and count them."""
        count = 0
        try:
            for item in items:
                yield item
                count += 1
        finally:
            self.tracked.append((label, total, count))

    @contextlib.contextmanager
    def wait(self) -> Iterator[Callable[[MessageLike], None]]:
        """Keep the lines that say what is being done."""
        yield lambda message: self.waited.append(str(message))

    def note(self, message: MessageLike) -> None:
        """Keep a line."""
        self.notes.append(str(message))


@pytest.fixture
def course(course_folder: Path) -> Course:
    """Return the small course of one exercise, `doubling`."""
    return load_course(course_folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield empty records."""
    with Store.open(f"sqlite:///{tmp_path / 'records.db'}") as opened:
        yield opened


@pytest.fixture
def progress() -> RecordedProgress:
    """Return a progress that keeps what it receives."""
    return RecordedProgress()
