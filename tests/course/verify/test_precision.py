"""Solutions pass in float32, and known mistakes earn no more in float32 and float16."""

from collections.abc import Callable

from grader.core.questions.exercise import Course
from grader.course.verify.course import Findings

Verify = Callable[..., Findings]
Edit = Callable[..., Course]
ADVICE = "choose a smaller tolerance, or results that aren't round"


def test_exact_property(edit: Edit, verify: Verify) -> None:
    """A property that allows for no rounding is reported, because a right answer in float32 fails it."""
    exact = "points=1, holds=lambda value, x: None if np.array_equal(value, 2 * x) else 'No.'"
    said = "doubling: twice: check a_row: the solution cast to float32 doesn't pass: allow for errors of 1e-5"
    assert verify(edit(("checks.py", "points=1", exact))).warnings == (said,)


def test_results_beyond_float32(edit: Edit, verify: Verify) -> None:
    """A check whose right result float32 can't hold says nothing about its tolerance."""
    course = edit(("checks.py", "return rng.normal(size=3)", "return np.array([1e200, 1.0, 3.0])"))
    assert verify(course) == Findings()


def test_mistake_that_float32_hides(edit: Edit, verify: Verify) -> None:
    """A mistake that the allowance for float32 hides is reported."""
    found = verify(edit(("checks.py", "return x * x", "return 2 * x * (1 + 3e-6)")))
    said = f"doubling: twice: the mistake squared cast to float32 earns 3 points more: {ADVICE}"
    assert found == Findings(warnings=(said,))


def test_mistake_that_float16_hides(edit: Edit, verify: Verify) -> None:
    """A mistake that rounding to float16 removes is reported."""
    course = edit(
        ("checks.py", "return x * x", "return 2 * x + 0.3"),
        ("checks.py", "return rng.normal(size=3)", "return np.array([1024.0, 2048.0, 3072.0])"),
        ("checks.py", "return rng.normal(size=(2, 3))", "return np.array([[4096.0, 8192.0, 16384.0]])"),
    )
    said = f"doubling: twice: the mistake squared cast to float16 earns 3 points more: {ADVICE}"
    assert verify(course).warnings == (said,)
