"""The value that a function was about to return when an exception stopped it, as far as its variables hold it."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.core.wire.assignment_target import PathKey
from grader.core.wire.assignments import Function
from grader.core.wire.flow_graph import build_flow_graph, read_display
from grader.core.wire.values import Value


def find_frame_variables(error: BaseException, function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the local variables of a function at the moment when an exception left it."""
    code = getattr(function, "__code__", None)
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code is code:
            return dict(step.tb_frame.f_locals)
        step = step.tb_next
    return {}


def collect_unreturned(
    tree: Function | None, variables: Mapping[str, Any], arguments: Sequence[Any], part: PathKey
) -> Value:
    """Return what a function of this text was about to return: a variable, or the variables of a display.

    Without a `return` that tells, it is the only dict with this part that isn't an argument. None if nothing is found.
    """
    for value in reversed(build_flow_graph(tree).returned) if tree else ():
        if isinstance(value, ast.Name) and value.id in variables:
            return variables[value.id]
        items = {key: item.id for key, item in read_display(value).items() if isinstance(item, ast.Name)}
        if found := {key: variables[name] for key, name in items.items() if name in variables}:
            return found
    dicts = [value for value in variables.values() if type(value) is dict and part in value]
    own = [value for value in dicts if not any(value is argument for argument in arguments)]
    return own[0] if len(own) == 1 else None
