"""Tests of splitting into batches."""

from hypothesis import given
from hypothesis import strategies as st

from grader.core.batches import split_into_batches


@given(st.lists(st.integers(0, 9)), st.integers(1, 5), st.integers(1, 20))
def test_batches_hold_everything_within_bounds(items: list[int], size: int, max_bytes: int) -> None:
    """All items come in order; no batch is empty, too long, or too large unless it is a single item."""
    batches = list(split_into_batches(items, size, max_bytes=max_bytes, measure=lambda item: item))
    assert [item for batch in batches for item in batch] == items
    assert all(0 < len(batch) <= size and (sum(batch) <= max_bytes or len(batch) == 1) for batch in batches)


def test_a_full_batch_is_given_at_once() -> None:
    """A batch doesn't wait for the item behind it."""
    taken: list[int] = []
    batches = split_into_batches((taken.append(n) or n for n in range(5)), 2)  # type: ignore[func-returns-value]
    assert next(batches) == [0, 1]
    assert taken == [0, 1]
    assert list(batches) == [[2, 3], [4]]
