"""What the tests of the services share: a loaded course, records, a progress that remembers what it was told."""

from collections.abc import Iterable, Iterator
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

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Passes the items on and counts them."""
        count = 0
        try:
            for item in items:
                yield item
                count += 1
        finally:
            self.tracked.append((label, total, count))

    def note(self, message: MessageLike) -> None:
        """Remembers a line."""
        self.notes.append(str(message))


@pytest.fixture
def course(course_folder: Path) -> Course:
    """The small course of one exercise, `doubling`."""
    return load_course(course_folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Empty records."""
    with Store.open(f"sqlite:///{tmp_path / 'records.db'}") as opened:
        yield opened


@pytest.fixture
def progress() -> RecordedProgress:
    """A progress that remembers."""
    return RecordedProgress()
