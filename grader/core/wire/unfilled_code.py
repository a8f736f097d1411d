"""Recognize code that was given out and not filled in: `pass`, `...`, `raise NotImplementedError`, `delta2 = None`."""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from grader.core.wire.assignments import Function

MAX_UNFILLED: Final = 8
_MAX_LENGTH: Final = 60
_MAX_STATEMENTS: Final = 2000


def find_stub_text(tree: Function) -> str:
    """Return the last statement of a function that computes nothing, `docstring` if it has no other; or an empty text.

    Such a function has only a docstring, `pass`, `...` or `raise NotImplementedError`, and perhaps a return of None
    behind them. A function that only returns None is a wrong one.
    """
    body = tree.body[:-1] if _returns_none(tree.body[-1]) else tree.body
    if not body or not all(map(_is_nothing, body)):
        return ""
    return "docstring" if _is_text(body[-1]) else ast.unparse(body[-1])[:_MAX_LENGTH]


def uses_parameters(tree: Function) -> bool:
    """Tell whether the body of a function reads one of its parameters: code that does not calculates nothing."""
    given = tree.args
    parameters = {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    parameters |= {one.arg for one in (given.vararg, given.kwarg) if one}
    nodes = (node for statement in tree.body for node in ast.walk(statement))
    return any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in parameters for n in nodes)


def list_unfilled_targets(tree: Function) -> list[str]:
    """Return the variables, and items of these, to which a function assigns None or `...` and nothing else."""
    unfilled: Counter[str] = Counter()
    stores: Counter[str] = Counter()
    for number, node in enumerate(ast.walk(tree)):
        if number > _MAX_STATEMENTS:
            return []
        if isinstance(node, ast.stmt) and (label := _get_unfilled_target(node)):
            unfilled[label] += 1
        if isinstance(node, ast.Name | ast.Subscript) and isinstance(node.ctx, ast.Store):
            stores[ast.unparse(node)] += 1
    return [label[:_MAX_LENGTH] for label, count in unfilled.items() if stores[label] == count][:MAX_UNFILLED]


def mentions(text: str, label: str) -> bool:
    """Tell whether a line of code uses a variable, or an item of one."""
    return re.search(rf"(?<![\w.]){re.escape(label)}(?!\w)", text.replace('"', "'")) is not None


def is_empty_value(value: Any) -> bool:
    """Tell whether a value is None or `...`, or a dict or tuple that has one as an item."""
    items = value.values() if type(value) is dict else value if type(value) in (tuple, list) else (value,)
    return any(item is None or item is ... for item in items)


def has_empty_local(found: Mapping[str, Any]) -> bool:
    """Tell whether one of these variables is None or `...`."""
    return any(value is None or value is ... for value in found.values())


def _get_unfilled_target(statement: ast.stmt) -> str:
    """Return the target of `target = None` or `target = ...`; an empty text for another statement."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and _is_empty(statement.value):
        target = statement.targets[0]
        return ast.unparse(target) if isinstance(target, ast.Name | ast.Subscript) else ""
    return ""


def _is_empty(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is ...)


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _returns_none(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Return):
        return False
    return statement.value is None or (isinstance(statement.value, ast.Constant) and statement.value.value is None)


def _is_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass():
            return True
        case ast.Expr(value):
            return _is_text(statement) or _is_empty(value)
        case ast.Return(value):
            return value is not None and _is_empty(value)
        case ast.Raise(exc):
            raised = exc.func if isinstance(exc, ast.Call) else exc
            return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return False
