"""Edits of statements that only mend: an `if` for whole arrays, a `return` moved out of loops, one line at the top."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Final

from grader.core.wire.assignments import Function
from grader.core.wire.edits.edit import Edit, EditKind, Span
from grader.core.wire.edits.mending_context import MendingContext
from grader.core.wire.edits.source_text import SourceText
from grader.core.wire.edits.statements import shift_statements

_MAX_PARAMETERS: Final = 4
_BLOCKS: Final = (ast.For, ast.While, ast.If, ast.With)


def mend_block(block: list[ast.stmt], text: SourceText, context: MendingContext) -> Iterator[Edit]:
    """Yield the edits that make one statement for whole arrays of an `if` for one number, and what follows it."""
    for number, statement in enumerate(block):
        if not isinstance(statement, ast.If) or not context.numpy or len(statement.body) != 1:
            continue
        others = statement.orelse
        if not others and isinstance(statement.body[0], ast.Return):
            others = block[number + 1 : number + 2]
        if len(others) == 1 and (made := _join(statement.test, statement.body[0], others[0], text, context)):
            last = statement if statement.orelse else others[0]
            first, end = text.find_span(statement), text.find_span(last)
            span = Span(first.first_line, first.first_column, end.last_line, end.last_column)
            yield Edit(EditKind.WHOLE_ARRAY, span, text.get_text(span), made)


def _join(test: ast.expr, one: ast.stmt, other: ast.stmt, text: SourceText, context: MendingContext) -> str:
    """Return the one statement for both branches; an empty text if they don't return or assign the same."""
    match one, other:
        case ast.Return(ast.expr() as first), ast.Return(ast.expr() as second):
            head = "return "
        case ast.Assign([ast.Name(name)], first), ast.Assign([ast.Name(same)], second) if name == same:
            head = f"{name} = "
        case _:
            return ""
    return f"{head}{context.numpy}.where({text.write(test)}, {text.write(first)}, {text.write(second)})"


def move_return(function: Function, text: SourceText) -> Iterator[Edit]:
    """Yield the edit that moves a `return` at the end of nested blocks out of all of them."""
    block, depth = function.body, 0
    while block and isinstance(block[-1], _BLOCKS) and not getattr(block[-1], "orelse", None):
        block, depth = block[-1].body, depth + 1
    if depth > 1 and len(block) > 1 and isinstance(block[-1], ast.Return):
        yield from shift_statements(block[-1:], function.body[0].col_offset, text)


def add_return(function: Function, text: SourceText) -> Iterator[Edit]:
    """Yield the edit that returns the value of the last statement of a function without `return`."""
    last = function.body[-1]
    has_result = any(isinstance(n, ast.Return | ast.Yield | ast.YieldFrom) for n in ast.walk(function))
    if not has_result and isinstance(last, ast.Assign | ast.Expr) and not isinstance(last.value, ast.Constant):
        span = text.find_span(last)
        yield Edit(EditKind.RETURN, span, text.get_text(span), f"return {text.write(last.value)}")


def replace_returns(function: Function, text: SourceText) -> Iterator[Edit]:
    """Yield the edits that make a `yield` of a `return` in a loop."""
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function)):
        return
    for statement in {n: None for loop in loops for n in ast.walk(loop) if isinstance(n, ast.Return) and n.value}:
        span, own = text.find_span(statement), text.get_text(text.find_span(statement))
        yield Edit(EditKind.YIELD, span, own, f"yield{own.removeprefix('return')}")


def add_parameter_lines(function: Function, text: SourceText, context: MendingContext) -> Iterator[Edit]:
    """Yield the edits that give a parameter the name from outside that is read; an unused one comes first."""
    parameters = dict.fromkeys([*context.unused_parameters, *context.parameters])
    for name, node in context.list_foreign_uses().items():
        statement = next(one for one in function.body if one.lineno <= node.lineno <= (one.end_lineno or 0))
        line = text.lines[statement.lineno - 1]
        if line[: statement.col_offset].strip() or not line.isascii():
            continue
        span = Span(statement.lineno, 0, statement.lineno, 0)
        for parameter in islice(parameters, _MAX_PARAMETERS):
            yield Edit(EditKind.PARAMETER, span, "", f"{line[: statement.col_offset]}{name} = {parameter}\n")


def add_first_line(function: Function, text: SourceText, context: MendingContext) -> Iterator[Edit]:
    """Yield the edits that add one line at the top, which brings the parameters to another form or order."""
    body = function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1
    first = body[1 if documented else 0]
    line = text.lines[first.lineno - 1]
    if line[: first.col_offset].strip() or not line.isascii():
        return
    span = Span(first.lineno, 0, first.lineno, 0)
    for kind, made in _list_first_lines(context):
        yield Edit(kind, span, "", f"{line[: first.col_offset]}{made}\n")


def _list_first_lines(context: MendingContext) -> Iterator[tuple[EditKind, str]]:
    numpy, names = context.numpy, context.parameters
    if len(names) == 2:
        yield EditKind.ARGUMENT_ORDER, f"{names[0]}, {names[1]} = {names[1]}, {names[0]}"
    if not numpy:
        return
    for name in names[:2]:
        yield EditKind.FLOAT_NUMBERS, f"{name} = {numpy}.array({name}, dtype=float)"
        yield EditKind.BATCH_OF_ONE, f"{name} = {numpy}.atleast_2d({name})"
    for label, other in ((names[0], names[1]), (names[1], names[0])) if len(names) == 2 else ():
        is_one_hot = f"{numpy}.shape({label}) == {other}.shape"
        batch = f"{other}.reshape(1, -1), {numpy}.reshape({label}, (1, -1))"
        yield EditKind.BATCH_OF_ONE, f"if {other}.ndim == 1: {other}, {label} = {batch}"
        yield EditKind.ONE_HOT, f"{label} = {label} if {is_one_hot} else {numpy}.eye({other}.shape[-1])[{label}]"
        yield EditKind.LABELS, f"{label} = {numpy}.argmax({label}, axis=-1) if {is_one_hot} else {label}"
