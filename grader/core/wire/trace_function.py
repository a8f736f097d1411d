"""Run a function once and record the variables that its statements assign, one statement after the other.

Statements within `if` and `with` are recorded one by one; those of a loop, and of other blocks, when it has ended.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from grader.core.wire.assignment_target import format_access_path
from grader.core.wire.assignments import parse_variable_access
from grader.core.wire.edited_function import (
    FunctionText,
    UneditableFunctionError,
    compile_function,
    parse_text,
    replace_code,
)
from grader.core.wire.observe_call import observe
from grader.core.wire.values import DTYPES, Value

MAX_RECORDS: Final = 200
"""Greatest number of values that are recorded."""
MAX_RECORDED_BYTES: Final = 2**18
_RECORD_NAME: Final = "record variables"  # not an identifier, so it can't clash with a name
_ENTERED: Final = (ast.If, ast.With)
_LEFT_ALONE: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)

Step = tuple[int, str, Value]
"""A line of the function's file, the label of a variable that is assigned there, and its value then."""
_Store = tuple[str, tuple[str, ...]]


def trace(function: object, text: FunctionText, args: Sequence[Value]) -> tuple[list[Step], BaseException | None]:
    """Return the steps of one call with these arguments, and its exception. Raises UneditableFunctionError."""
    recorder = _Recorder()

    def make_code(flags: int) -> Any:
        tree = parse_text(text)
        try:
            _instrument(tree.body, recorder, text.first_line - 1)
            ast.fix_missing_locations(tree)
        except RecursionError as error:
            raise UneditableFunctionError("the function is nested too deeply") from error
        return compile_function(text, tree, flags)

    with replace_code(function, make_code) as changed:
        namespace: dict[str, Any] = changed.__globals__
        namespace[_RECORD_NAME] = recorder.record
        try:
            error = observe(changed, args).error
        finally:
            namespace.pop(_RECORD_NAME, None)
    return recorder.steps, error


@dataclass
class _Recorder:
    """Records values, up to a limit of their number and size."""

    stores: list[tuple[int, list[_Store]]] = field(default_factory=list)
    """For each place where variables are recorded: the line and the variables."""
    steps: list[Step] = field(default_factory=list)
    _left: int = MAX_RECORDED_BYTES

    def record(self, place: int) -> None:
        """Record the variables of a place from the frame of the caller."""
        line, stores = self.stores[place]
        variables = sys._getframe(1).f_locals
        for name, path in stores:
            if len(self.steps) < MAX_RECORDS and name in variables:
                value, size = _copy(_follow(variables[name], path))
                if size and size <= self._left:
                    self._left -= size
                    self.steps.append((line, format_access_path(name, path), value))


def _instrument(body: list[ast.stmt], recorder: _Recorder, lines_before: int) -> None:
    """Insert a call that records behind every statement that assigns."""
    changed: list[ast.stmt] = []
    for statement in body:
        changed.append(statement)
        if isinstance(statement, _ENTERED):
            _instrument(statement.body, recorder, lines_before)
            _instrument(getattr(statement, "orelse", []), recorder, lines_before)
            continue
        if isinstance(statement, _LEFT_ALONE) or not (stores := list(dict.fromkeys(_list_stores(statement)))):
            continue
        place = ast.Constant(len(recorder.stores))
        recorder.stores.append((statement.lineno + lines_before, stores))
        call = ast.Expr(ast.Call(ast.Name(_RECORD_NAME, ast.Load()), [place], []))
        changed.append(ast.copy_location(call, statement))
    body[:] = changed


def _list_stores(statement: ast.stmt) -> Iterator[_Store]:
    """Yield the variables that a statement stores, and items of dicts under text keys, outside of nested functions."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Name | ast.Subscript) and isinstance(node.ctx, ast.Store):
            access = parse_variable_access(node)
            if access is not None:
                keys = tuple(key for key in access.path if isinstance(key, str))
                yield access.name, keys if len(keys) == len(access.path) else ()
        elif not isinstance(node, (ast.Lambda, *_LEFT_ALONE)):
            pending += ast.iter_child_nodes(node)


def _follow(value: Any, path: Sequence[str]) -> Any:
    for key in path:
        if type(value) is not dict or key not in value:
            return None
        value = value[key]
    return value


def _copy(value: Any) -> tuple[Value, int]:
    """Return a copy of an array or number, and its size; the size 0 for anything else."""
    if type(value) is np.ndarray and value.dtype.str in DTYPES and value.nbytes <= MAX_RECORDED_BYTES:
        return value.copy(), value.nbytes + 16
    if type(value) in (bool, int, float) or (isinstance(value, np.generic) and value.dtype.str in DTYPES):
        return value, 24
    return None, 0


def read_steps(value: Value) -> list[Step]:
    """Return the steps in a value from the sandbox, which may be anything; those that aren't steps are left out."""
    items = value if isinstance(value, list | tuple) else ()
    return [
        (item[0], item[1], item[2])
        for item in items[:MAX_RECORDS]
        if isinstance(item, list | tuple) and len(item) == 3 and type(item[0]) is int and type(item[1]) is str
    ]
