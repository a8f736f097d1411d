"""The values of a reference's local variables, one statement after the other, by which a departure is found."""

import copy
import inspect
import textwrap
import warnings
from collections.abc import Callable
from types import FunctionType

import numpy as np

from grader.core.judging.reference_data import Trace
from grader.core.wire.edited_function import FunctionText, UneditableFunctionError
from grader.core.wire.trace_function import trace
from grader.core.wire.values import Value


def trace_reference(reference: Callable[..., Value] | None, args: tuple[Value, ...]) -> Trace:
    """Return the local variables of a reference in a call with copies of these arguments; none without its source.

    Each value occurs once under its name, in the order of assignment.
    """
    text = _find_text(reference)
    if text is None:
        return ()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            steps, _ = trace(reference, text, copy.deepcopy(args))
        except UneditableFunctionError:
            return ()
    return tuple((name, value) for _, name, value in steps)


def _find_text(reference: object) -> FunctionText | None:
    if type(reference) is not FunctionType:
        return None
    try:
        lines, first = inspect.getsourcelines(reference)
    except (OSError, TypeError, SyntaxError):
        return None
    return FunctionText(textwrap.dedent("".join(lines)), first, reference.__code__.co_filename)
