"""Lets a function go on after a statement that raises, so that what doesn't depend on it is still calculated.

`grad["W2"] = z1.T * delta2` becomes

    try: grad["W2"] = z1.T * delta2
    except: grad["W2"] = None

on its original lines. The items of a returned dict or tuple are calculated one by one in the same way.
"""

import ast
from collections.abc import Sequence
from typing import Final

from grader.core.wire.assignments import Function
from grader.core.wire.flow_graph import read_display

_KEPT: Final = (
    *(ast.Return, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Global, ast.Nonlocal, ast.Pass, ast.Raise, ast.Assert),
)
_SUSPENDING: Final = (ast.Yield, ast.YieldFrom, ast.Await)
_ITEM_NAME: Final = "returned item"  # not an identifier, so it can't clash with a name


def resume_after_errors(function: Function) -> None:
    """Change the statements of a function's body; a generator stays unchanged."""
    if any(isinstance(node, _SUSPENDING) for node in ast.walk(function)):
        return
    function.body = _guard_all(function.body)


def _guard_all(statements: list[ast.stmt]) -> list[ast.stmt]:
    body: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.Return):
            body += _calculate_items(statement)
        elif isinstance(statement, ast.If | ast.With):
            statement.body = _guard_all(statement.body)
            if isinstance(statement, ast.If):
                statement.orelse = _guard_all(statement.orelse)
        body.append(statement if isinstance(statement, _KEPT) else _guard(statement))
    return body


def _guard(statement: ast.stmt) -> ast.stmt:
    """Return the statement with its exceptions caught; what it would have assigned becomes None."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
        targets = [statement.target]
    emptied = [_ignore_errors([assignment]) for target in targets if (assignment := _make_empty(target))]
    guarded = _ignore_errors([statement], emptied)
    return ast.fix_missing_locations(ast.copy_location(guarded, statement))


def _ignore_errors(body: list[ast.stmt], then: Sequence[ast.stmt] = ()) -> ast.stmt:
    handler = ast.ExceptHandler(type=None, name=None, body=[*then] or [ast.Pass()])
    return ast.Try(body=body, handlers=[handler], orelse=[], finalbody=[])


def _make_empty(target: ast.expr) -> ast.stmt | None:
    """Return the assignment of None to a variable, or to an item under a constant key of one."""
    match target:
        case ast.Name(name):
            return ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None))
        case ast.Subscript(ast.Name(name), ast.Constant(str(key))):
            item = ast.Subscript(ast.Name(name, ast.Load()), ast.Constant(key), ast.Store())
            return ast.Assign([item], ast.Constant(None))
    return None


def _calculate_items(statement: ast.Return) -> list[ast.stmt]:
    """Return the statements that calculate the items of a returned display, and let it return their results."""
    value = statement.value
    if not isinstance(value, ast.Tuple | ast.Dict) or len(read_display(value)) != len(_list_items(value)):
        return []
    items = _list_items(value)
    names = [f"{_ITEM_NAME} {number}" for number in range(len(items))]
    assigned = [ast.Assign([ast.Name(name, ast.Store())], item) for name, item in zip(names, items, strict=True)]
    loaded: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
    if isinstance(value, ast.Tuple):
        value.elts = loaded
    else:
        value.values = loaded
    ast.fix_missing_locations(statement)
    return [_guard(ast.fix_missing_locations(ast.copy_location(one, one.value))) for one in assigned]


def _list_items(value: ast.Tuple | ast.Dict) -> list[ast.expr]:
    return value.elts if isinstance(value, ast.Tuple) else value.values
