"""The protocol by which a use case reports progress: whoever calls it decides where that is shown, if at all."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from grader.core.text.messages import MessageLike

T = TypeVar("T")


class Progress(Protocol):
    """A place for progress and remarks. Results never go here: a use case returns them."""

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Passes the items on, and shows how many of `total` have passed."""

    def note(self, message: MessageLike) -> None:
        """Shows one line to the person who waits."""


class SilentProgress:
    """Progress that nobody looks at."""

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Passes the items on."""
        yield from items

    def note(self, message: MessageLike) -> None:
        """Shows nothing."""
