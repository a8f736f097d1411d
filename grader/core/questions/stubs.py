"""Functions in place of an author's own, which a release does not hold."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from grader.core.errors import CourseError


def raise_no_course_code(*args: object) -> NoReturn:
    """Stands for an author's function that was not handed out. Raises CourseError."""
    raise CourseError("a release has no code of the course")


def make_stub_function(names: Sequence[str]) -> Callable[..., Any]:
    """A function without a body that has these arguments, so that they can be called by their names."""

    def function(*args: object) -> NoReturn:
        raise_no_course_code()

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    function.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    return function
