"""Find code of the template that a student left in a function, if that may be why a call gave no right value."""

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from grader.core.wire.assignments import Function
from grader.core.wire.edited_function import FunctionText
from grader.core.wire.observe_call import Observation
from grader.core.wire.placeholders import find_marker_comment, find_unfilled_body, is_below_marker
from grader.core.wire.unfilled_code import (
    find_stub_text,
    has_empty_local,
    is_empty_value,
    list_unfilled_targets,
    mentions,
)

_MAX_LENGTH: Final = 60
_SIGN: Final = re.compile(r"\.\.\.|\bNone\b|NotImplemented|___|#|\bassert\b|\braise\b|\bprint\b")
"""One of these is in each text that has a placeholder and whose call may give an ordinary value nevertheless."""


def may_be_unfilled(observed: Observation, source: str) -> bool:
    """Tell whether it is worth the time to look for code that was not filled in."""
    if observed.error is not None or is_empty_value(observed.value) or has_empty_local(observed.locals):
        return True
    return _SIGN.search(source) is not None


def list_unfilled_code(
    tree: Function, text: FunctionText | None, observed: Observation, raised: Mapping[str, Any] | None
) -> list[str]:
    """Return the code of a function that was given out and not filled in; `raised` describes the call's exception.

    The first item is the statement of a function that computes nothing, or empty; the others are variables that have
    no value, or statements, if that may be why the call failed.
    """
    error = observed.error
    source = text.source if text else ""
    try:
        if not observed.changed_arguments and (error is None or _is_raised_in(tree, raised)):
            stub = find_stub_text(tree) or _find_unfilled_body(tree, source)
            if stub:
                return [stub[:_MAX_LENGTH]]
        if error is None and not (is_empty_value(observed.value) or has_empty_local(observed.locals)):
            return []
        labels = list_unfilled_targets(tree)
    except RecursionError:  # an expression that is nested very deeply
        return []
    if error is not None:
        line = str((raised or {}).get("text", ""))
        labels = [label for label in labels if mentions(line, label) or _is_same_code(line, label)]
        if isinstance(error, NotImplementedError) and _is_raised_below_marker(tree, text, raised):
            labels.append(line.strip()[:_MAX_LENGTH])
    return ["", *labels] if labels else []


@lru_cache(maxsize=64)
def _find_unfilled_body(tree: Function, source: str) -> str:
    return find_unfilled_body(tree, source)


def _is_raised_in(tree: Function, raised: Mapping[str, Any] | None) -> bool:
    return raised is not None and raised.get("function") == tree.name


def _is_raised_below_marker(tree: Function, text: FunctionText | None, raised: Mapping[str, Any] | None) -> bool:
    """Tell whether a function's own line raised that stands directly below a comment that asks for an answer."""
    line = (raised or {}).get("line")
    if text is None or not isinstance(line, int) or not _is_raised_in(tree, raised):
        return False
    return bool(find_marker_comment(text.source)) and is_below_marker(line - text.first_line + 1, text.source)


def _is_same_code(line: str, label: str) -> bool:
    """Tell whether a line of code is a statement, apart from spaces, quotes and comments."""
    try:
        return ast.unparse(ast.parse(line.strip()))[:_MAX_LENGTH] == label
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
