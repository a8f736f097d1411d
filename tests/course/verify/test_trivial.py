"""Questions in which an answer without any calculation earns points are reported."""

from collections.abc import Callable

from grader.core.questions.exercise import Course
from grader.course.verify.course import Findings

Verify = Callable[..., Findings]
Edit = Callable[..., Course]


def test_question_of_properties_that_zeros_have(edit: Edit, verify: Verify) -> None:
    """A question whose checks are all passed by a trivial answer is reported with that answer."""
    multiple = "holds=lambda value, x: None if np.allclose(value, np.round(value / x) * x) else 'No.'"
    course = edit(
        ("checks.py", "points=1", f"points=1, {multiple}"),
        ("checks.py", "hidden=True", f"hidden=True, {multiple}"),
        ("checks.py", "return x * x", "return x + 0.5"),
    )
    assert verify(course).warnings == (
        "doubling: twice: the answer zeros earns 3 of 3 points: add a check that it fails",
    )


def test_template_with_none(edit: Edit, verify: Verify) -> None:
    """A template whose given code is right without its blank is reported."""
    given = "    z = 0 * x  # blank: nothing\n    return x + x + (0 if z is None else z)\n"
    course = edit(("solution.py", "    y = x + x  # blank: x and x\n    return y\n", given))
    assert verify(course).warnings == (
        "doubling: twice: the template with None in its blanks earns 3 of 3 points: add a check that it fails",
    )


def test_answer_that_equals_the_reference(edit: Edit, verify: Verify) -> None:
    """The input is the right answer of the identity, and is not reported."""
    assert verify(edit(("solution.py", "y = x + x", "y = x + 0"))) == Findings()
