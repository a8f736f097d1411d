"""How many submissions are recorded in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from grader.core.batches import split_into_batches

T = TypeVar("T")
SUBMISSIONS_PER_TRANSACTION: Final = 200
"""Submissions recorded in one transaction, unless they are large."""
BYTES_PER_TRANSACTION: Final = 50_000_000


def split_into_transactions(items: Iterable[T], data: Callable[[T], bytes]) -> Iterator[list[T]]:
    """Group items into lists that one transaction each can record; `data` gives an item's bytes."""
    return split_into_batches(
        items, SUBMISSIONS_PER_TRANSACTION, max_bytes=BYTES_PER_TRANSACTION, measure=lambda item: len(data(item))
    )
