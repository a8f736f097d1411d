"""Assigns the available items of a dict, where an earlier line that raised has left some of its variables missing.

`runs = {"a": {"curve": a_curve, "rate": 1}, "b": {"curve": b_curve, "rate": 2}}` still has b and a rate of a if
`a_curve` is missing. An item with a variable that is an unfilled blank is left out as a whole, so that an untouched
template has no answer.
"""

import ast
from collections.abc import Collection, Mapping
from typing import Any


class _MissingItemError(Exception):
    """A variable is missing, or the expression is more than variables, constants and displays of them."""


class _BlankItemError(Exception):
    """A variable is an unfilled blank."""


def assign_available_items(statement: ast.stmt | None, namespace: dict[str, Any], blanks: Collection[str]) -> None:
    """Assign the available items of a dict of variables that could not be made; change nothing if there are none."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Dict):
        return
    found = {}
    has_variables = False
    for key, item in zip(statement.value.keys, statement.value.values, strict=True):
        try:
            found[_read(key, namespace, blanks)] = _read(item, namespace, blanks)
        except (_MissingItemError, _BlankItemError, TypeError):
            continue
        has_variables = has_variables or any(isinstance(node, ast.Name) for node in ast.walk(item))
    for target in statement.targets:
        if has_variables and isinstance(target, ast.Name):
            namespace[target.id] = found


def _read(node: ast.expr | None, namespace: Mapping[str, Any], blanks: Collection[str]) -> Any:
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name) if name in namespace:
            return namespace[name]
        case ast.Name(name) if name in blanks:
            raise _BlankItemError
        case ast.List(items):
            return [_read(item, namespace, blanks) for item in items]
        case ast.Dict(keys, values):
            return _read_dict(keys, values, namespace, blanks)
    raise _MissingItemError


def _read_dict(
    keys: list[ast.expr | None], values: list[ast.expr], namespace: Mapping[str, Any], blanks: Collection[str]
) -> dict[Any, Any]:
    found = {}
    for key, item in zip(keys, values, strict=True):
        try:
            found[_read(key, namespace, blanks)] = _read(item, namespace, blanks)
        except _MissingItemError:
            continue
    return found
