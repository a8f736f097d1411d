"""Placeholders for an author's functions, which a release does not contain."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from grader.core.errors import CourseError


def raise_no_course_code(*args: object) -> NoReturn:
    """Raise CourseError, in place of an author's function that isn't in a release."""
    raise CourseError("a release has no code of the course")


def make_stub_function(names: Sequence[str]) -> Callable[..., Any]:
    """Return a function without a body that has these arguments, so that they can be passed by name."""

    def function(*args: object) -> NoReturn:
        raise_no_course_code()

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    function.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    return function
