"""Edits that may mend a function: those of the catalogue and those that only mend, in the order of its text."""

import ast
from collections.abc import Iterator
from typing import Final

from grader.core.wire.assignments import Function
from grader.core.wire.edits.catalogue import list_edits
from grader.core.wire.edits.edit import Edit, EditKind, Span
from grader.core.wire.edits.join_edits import join_equal_edits
from grader.core.wire.edits.mend_expressions import ExpressionMender
from grader.core.wire.edits.mend_statements import (
    add_first_line,
    add_parameter_lines,
    add_return,
    mend_block,
    move_return,
    replace_returns,
)
from grader.core.wire.edits.mending_context import MendingContext
from grader.core.wire.edits.source_text import SourceText

MAX_REPAIRS: Final = 800
"""Greatest number of edits that are listed."""
MAX_ADDED_CHARS: Final = 90
"""Greatest number of characters by which an edit may lengthen a text: no edit may bring in a whole solution."""
MAX_REPLACED_CHARS: Final = 400
_USUAL_STEPS: Final = ("1e-3", "1e-4", "1e-5", "1e-6", "0.001", "0.0001", "0.00001")
_LISTS: Final = ("body", "orelse", "finalbody")


def list_repairs(function: Function, source: str, context: MendingContext) -> list[Edit]:
    """Return the edits of a function that may mend it, without repetitions, in the order of their text."""
    seen: set[tuple[Span, str]] = set()
    found: list[Edit] = []
    for edit in _list_all(function, source, context):
        key = edit.span, edit.after
        if key in seen or edit.before == edit.after or len(edit.before) > MAX_REPLACED_CHARS or _is_step(edit):
            continue
        seen.add(key)
        if len(edit.after) - len(edit.before) <= MAX_ADDED_CHARS:
            found.append(edit)
        if len(found) == MAX_REPAIRS:
            break
    found += join_equal_edits(found, source)
    return sorted(found, key=lambda edit: (edit.span.first_line, edit.span.first_column))


def _is_step(edit: Edit) -> bool:
    """Tell whether an edit changes the size of a usual step, which only hides how coarse a formula is."""
    return edit.kind is EditKind.CONSTANT and edit.before in _USUAL_STEPS


def _list_all(function: Function, source: str, context: MendingContext) -> Iterator[Edit]:
    text = SourceText(source)
    yield from add_first_line(function, text, context)
    yield from add_parameter_lines(function, text, context)
    yield from add_return(function, text)
    yield from replace_returns(function, text)
    yield from move_return(function, text)
    yield from _mend_statements(function, ExpressionMender(text, context))
    yield from list_edits(function, source)


def _mend_statements(node: ast.AST, mender: ExpressionMender) -> Iterator[Edit]:
    """Yield the edits within a statement and those in it."""
    if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for field, child in ast.iter_fields(node):
            for expression in child if isinstance(child, list) else [child]:
                if isinstance(expression, ast.expr) and field not in ("target", "targets"):
                    yield from _mend_value(expression, mender, is_value=field == "value", is_whole=True)
    for name in _LISTS:
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield from mend_block(block, mender.text, mender.context)
            for statement in block:
                yield from _mend_statements(statement, mender)
    for handler in getattr(node, "handlers", ()):
        yield from _mend_statements(handler, mender)


def _mend_value(node: ast.expr, mender: ExpressionMender, *, is_value: bool, is_whole: bool) -> Iterator[Edit]:
    """Yield the edits of an expression and of those in it; the items of a display are values of their own."""
    if isinstance(node, ast.JoinedStr):
        return
    for kind, after in mender.mend(node, is_value=is_value, is_whole=is_whole):
        yield Edit(kind, mender.text.find_span(node), mender.text.write(node), after)
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return
    is_display = is_value and isinstance(node, ast.Tuple | ast.List | ast.Dict)
    keeps_value = is_display or (is_value and isinstance(node, ast.UnaryOp))
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            child = child.value if isinstance(child, ast.keyword) else child
            if isinstance(child, ast.expr):
                whole = field in ("args", "keywords", "slice", "elts", "values") and not isinstance(node, ast.BoolOp)
                yield from _mend_value(child, mender, is_value=keeps_value and field != "keys", is_whole=whole)
            elif isinstance(child, ast.comprehension):
                yield from _mend_value(child.iter, mender, is_value=False, is_whole=True)
