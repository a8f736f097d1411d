"""Limits of a job, and their allowed changes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.job import Limits


def test_limits_are_changed_by_name() -> None:
    """The named limits are replaced, the others stay; no changes give equal limits."""
    assert Limits().with_changes({}) == Limits()
    assert Limits().with_changes({"cpu": 5, "memory": 2**30}) == Limits(cpu=5.0, memory=2**30)


@given(st.dictionaries(st.sampled_from(["cpu", "wall", "memory", "output", "printed"]), st.floats(1e-9, 2**39)))
def test_limits_stay_positive_and_of_their_type(changes: dict[str, float]) -> None:
    """Seconds stay floats and bytes stay ints, and no positive number becomes zero."""
    limits = Limits().with_changes(changes)
    for name, value in vars(limits).items():
        assert type(value) is type(getattr(Limits(), name))
        assert value > 0


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), 2**40, True, "5", None, [1]])
def test_a_limit_is_a_positive_number(value: Any) -> None:
    """Any other value is refused with its name and value."""
    with pytest.raises(ValueError, match=r"the limit cpu must be a positive number, not "):
        Limits().with_changes({"cpu": value})


def test_unknown_limits_are_named() -> None:
    """The error for an unknown limit names it and lists the known ones."""
    with pytest.raises(ValueError, match="no limit 'gpu'; the limits are cpu, wall, memory, output, printed"):
        Limits().with_changes({"gpu": 1})
