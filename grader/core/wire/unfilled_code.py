"""Recognize code that was given out and not filled in: `pass`, `...`, `raise NotImplementedError`, `delta2 = None`."""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from grader.core.wire.assignments import Function
from grader.core.wire.placeholders import has_placeholder, is_placeholder_value, is_raised_by_template

MAX_UNFILLED: Final = 8
_MAX_LENGTH: Final = 60
_MAX_STATEMENTS: Final = 2000


def find_stub_text(tree: Function) -> str:
    """Return the last statement of a function that computes nothing, `docstring` if it has no other; or an empty text.

    Such a function has only a docstring, `pass`, `...` or `raise NotImplementedError`, and perhaps a return of None
    behind them. A function that only returns None is a wrong one. Statements behind one that raises are not reached.
    """
    raising = [i for i, statement in enumerate(tree.body) if is_raised_by_template(statement)]
    reached = tree.body[: raising[0] + 1] if raising else tree.body
    body = reached[:-1] if _returns_none(reached[-1]) else reached
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
    """Return the variables, and items of these, to which a function assigns nothing but None, `...` or the like.

    A statement that returns such a placeholder is listed by its text.
    """
    unfilled: Counter[str] = Counter()
    stores: Counter[str] = Counter()
    for number, node in enumerate(ast.walk(tree)):
        if number > _MAX_STATEMENTS:
            return []
        if isinstance(node, ast.stmt):
            unfilled.update(_list_unfilled_labels(node))
        if isinstance(node, ast.Name | ast.Subscript) and isinstance(node.ctx, ast.Store):
            stores[ast.unparse(node)] += 1
    labels = [label for label, count in unfilled.items() if stores[label] in (0, count)]
    return [label[:_MAX_LENGTH] for label in labels][:MAX_UNFILLED]


def mentions(text: str, label: str) -> bool:
    """Tell whether a line of code uses a variable, or an item of one."""
    return re.search(rf"(?<![\w.]){re.escape(label)}(?!\w)", text.replace('"', "'")) is not None


def is_empty_value(value: Any) -> bool:
    """Tell whether a value is None, `...` or the like, or a dict, list or tuple that has one as an item."""
    return is_placeholder_value(value)


def has_empty_local(found: Mapping[str, Any]) -> bool:
    """Tell whether one of these variables is None or `...`."""
    return any(value is None or value is ... for value in found.values())


def _list_unfilled_labels(statement: ast.stmt) -> list[str]:
    """Return the targets of `target = None` or the like, or the text of a return; nothing for another statement."""
    match statement:
        case ast.Return(value) if has_placeholder(value):
            return [ast.unparse(statement)[:_MAX_LENGTH]]
        case ast.Assign(targets=targets, value=value):
            found = [pair for target in targets for pair in _pair_targets(target, value)]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            found = [(target, value)]
        case _:
            return []
    return [
        ast.unparse(target)
        for target, value in found
        if isinstance(target, ast.Name | ast.Subscript) and (_is_empty(value) or has_placeholder(value))
    ]


def _pair_targets(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return the targets with their values; those of `a, b = None, None` one by one, if none has another value."""
    if not isinstance(target, ast.Tuple):
        return [(target, value)]
    items = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else []
    return list(zip(target.elts, items, strict=True)) if items and all(map(_is_empty, items)) else []


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
        case ast.Import() | ast.ImportFrom() | ast.Global() | ast.Nonlocal():
            return True
    return is_raised_by_template(statement)
