"""Describe what stands in the place of a reference, and find names that a mistake can't use in a student's file."""

import builtins
import dis
import inspect
from collections.abc import Callable
from typing import Any

from grader.core.wire.play_steps import unwrap_function


def is_class_of_course(value: object) -> bool:
    """Tell whether a value is a class that is written in Python with methods of its own, as one of solution.py is."""
    return isinstance(value, type) and any(map(unwrap_function, vars(value).values()))


def describe_value(value: object) -> str:
    """Describe what stands in the place of a function, with advice for a class or a library's function."""
    if inspect.isclass(value):
        return f"the class {value.__name__}: write a function there that uses it, or a class derived from it"
    if callable(value):
        name = getattr(value, "__name__", type(value).__name__)
        return f"{name} of {getattr(value, '__module__', None) or 'a library'}: write a function there that calls it"
    return repr(value)


def explain_missing_name(function: Callable[..., Any], reference: Callable[..., Any], what: str) -> str:
    """Say which name a mistake uses that a student's file doesn't have, and what to do; empty if there is none."""
    known = reference.__globals__.keys() | vars(builtins).keys()
    steps = list(dis.get_instructions(function))
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if step.opname != "LOAD_GLOBAL" or step.argval in known:
            continue
        if inspect.ismodule(function.__globals__.get(step.argval)) and following is not None:
            return (
                f"uses {step.argval}.{following.argval}, but it replaces a function in a student's file, which has no "
                f"{step.argval}: write the calculation itself into the {what}"
            )
        return f"uses {step.argval}, which solution.py doesn't have: write it into the {what}"
    return ""
