"""Edits of statements: dropped, with another operator or sign, or moved one level out of a block or into a loop."""

import ast
from collections.abc import Iterator
from typing import Final

from grader.core.wire.edits.edit import Edit, EditKind, Span
from grader.core.wire.edits.operators import OPERATORS, can_be_negated
from grader.core.wire.edits.source_text import SYMBOLS, SourceText

_LEFT_ALONE: Final = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom),
    *(ast.Pass, ast.Global, ast.Nonlocal),
)
_BLOCKS: Final = (ast.For, ast.While, ast.If, ast.With)
_LOOPS: Final = (ast.For, ast.While)


def change_statement(statement: ast.stmt, text: SourceText) -> Iterator[Edit]:
    """Yield the edits of one statement alone."""
    if isinstance(statement, ast.AugAssign):
        for operator in OPERATORS.get(type(statement.op), ()):
            changed = f"{text.write(statement.target)} {SYMBOLS[operator]}= {text.write(statement.value)}"
            yield _replace(EditKind.OPERATOR, statement, changed, text)
    value = statement.value if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) else None
    if value is not None and can_be_negated(value):
        negated = ast.UnaryOp(ast.USub(), value)
        yield _replace(EditKind.SIGN, value, text.write_in_place_of(value, negated, is_whole=True), text)
    if not isinstance(statement, _LEFT_ALONE) and not _is_text(statement):
        yield _replace(EditKind.DROPPED_STATEMENT, statement, "pass", text)


def move_statements(block: list[ast.stmt], text: SourceText) -> Iterator[Edit]:
    """Yield the edits that move statements between a block of this list and the list itself."""
    for number, statement in enumerate(block):
        if not isinstance(statement, _BLOCKS) or getattr(statement, "orelse", None):
            continue
        for moved in range(1, len(statement.body)):
            yield from shift_statements(statement.body[-moved:], statement.col_offset, text)
        after = block[number + 1 : number + 2]
        if isinstance(statement, _LOOPS) and after and not isinstance(after[0], _BLOCKS):
            yield from shift_statements(after, statement.body[-1].col_offset, text)


def _replace(kind: EditKind, node: ast.stmt | ast.expr, after: str, text: SourceText) -> Edit:
    span = text.find_span(node)
    return Edit(kind, span, text.get_text(span), after)


def shift_statements(moved: list[ast.stmt], column: int, text: SourceText) -> Iterator[Edit]:
    """Yield the edit that indents whole lines by other spaces; none if they share a line or hold long texts."""
    first, last = moved[0].lineno, moved[-1].end_lineno or moved[-1].lineno
    lines = text.lines[first - 1 : last]
    span = Span(first, 0, last, len(lines[-1].removesuffix("\n")))
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    is_simple = len(indent) == moved[0].col_offset and not any(map(_has_long_text, moved))
    if is_simple and all(not line.strip() or line.startswith(indent) for line in lines):
        shifted = (f"{' ' * column}{line.removeprefix(indent)}" if line.strip() else line for line in lines)
        yield Edit(EditKind.MOVED_STATEMENT, span, text.get_text(span), "".join(shifted).removesuffix("\n"))


def _is_text(statement: ast.stmt) -> bool:
    """Tell whether a statement is a docstring or another text without effect."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _has_long_text(statement: ast.stmt) -> bool:
    """Tell whether a text of a statement goes over several lines, so that another indentation would change it."""
    texts = (node for node in ast.walk(statement) if isinstance(node, ast.Constant | ast.JoinedStr))
    return any((text.end_lineno or text.lineno) > text.lineno for text in texts)
