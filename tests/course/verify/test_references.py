"""References that can't be compared with are refused in one sentence."""

from collections.abc import Callable

import pytest

from grader.core.questions.exercise import Course
from grader.course.verify.course import Findings

Verify = Callable[..., Findings]
Edit = Callable[..., Course]


@pytest.mark.parametrize("number", ["np.inf", "-np.inf", "np.nan"])
def test_nonfinite_reference(edit: Edit, verify: Verify, number: str) -> None:
    """A reference that gives NaN or an infinity on the inputs of a check is refused, and nothing else is said."""
    course = edit(("checks.py", "return rng.normal(size=3)", f"return np.array([1.0, {number}, 2.0])"))
    shown = number.replace("np.", "")
    assert verify(course).problems == (
        f"doubling: twice: check a_row: the reference gives {shown} on its inputs: "
        "choose inputs for which it is finite",
    )


def test_random_reference(edit: Edit, verify: Verify) -> None:
    """A reference that gives other values in a second call is refused, once for each check."""
    course = edit(("solution.py", "return y", "return y + np.random.random()"))
    advice = "let it draw from a generator among its arguments, Seed(number), or use holds="
    assert verify(course).problems == tuple(
        f"doubling: twice: check {check}: the reference gives another result for the same inputs: {advice}"
        for check in ("a_row", "a_table")
    )


def test_random_reference_of_a_property(edit: Edit, verify: Verify) -> None:
    """A random reference is fit for a property, which uses only the form of its result."""
    near = "holds=lambda value, x: None if np.all(value > 2 * x - 1e-5) and np.all(value < 2 * x + 1.1) else 'No.'"
    course = edit(
        ("solution.py", "return y", "return y + np.random.random()"),
        ("checks.py", "points=1", f"points=1, {near}"),
        ("checks.py", "hidden=True", f"hidden=True, {near}"),
        ("checks.py", "@twice.mistake\n", ""),
    )
    assert verify(course) == Findings()
