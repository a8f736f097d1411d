"""The protocol by which a use case reports progress; the caller decides where it is shown, if at all."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from grader.core.text.messages import MessageLike

T = TypeVar("T")


class Progress(Protocol):
    """A receiver of progress and remarks. Results are not sent here: a use case returns them."""

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Yield the items, and show how many of `total` are done."""

    def note(self, message: MessageLike) -> None:
        """Show one line to the user."""


class SilentProgress:
    """Progress that is not shown."""

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Yield the items."""
        yield from items

    def note(self, message: MessageLike) -> None:
        """Show nothing."""
