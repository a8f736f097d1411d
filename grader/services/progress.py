"""The protocol by which a use case reports progress; the caller decides where it is shown, if at all."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

from grader.core.text.messages import MessageLike

T = TypeVar("T")


class Progress(Protocol):
    """A receiver of progress and remarks. Results are not sent here: a use case returns them."""

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Yield the items, and show how many of `total` are done."""

    def wait(self) -> AbstractContextManager[Callable[[MessageLike], None]]:
        """Return a function that shows what is being done; the last such line goes away when the context ends."""

    def note(self, message: MessageLike) -> None:
        """Show one line to the user."""


class SilentProgress:
    """Progress that is not shown."""

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Yield the items."""
        yield from items

    def wait(self) -> AbstractContextManager[Callable[[MessageLike], None]]:
        """Return a function that shows nothing."""
        return nullcontext(_ignore)

    def note(self, message: MessageLike) -> None:
        """Show nothing."""


def _ignore(_: MessageLike) -> None:
    """Show nothing."""
