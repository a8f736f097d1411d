"""Splits long sequences into batches of bounded number and size."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def split_into_batches(
    items: Iterable[T], size: int, *, max_bytes: float = float("inf"), measure: Callable[[T], int] = lambda item: 0
) -> Iterator[list[T]]:
    """Yield lists of up to `size` items, in order, as soon as each is full.

    With `measure`, which gives an item's bytes, a list has at most `max_bytes`, unless a single item has more.
    """
    batch: list[T] = []
    total = 0
    for item in items:
        own = measure(item)
        if batch and total + own > max_bytes:
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += own
        if len(batch) == size:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
