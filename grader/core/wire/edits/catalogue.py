"""All edits of a program, in the order of its text. The same program always has the same ones."""

import ast
from collections.abc import Collection, Iterator
from typing import Final

from grader.core.wire.edits.calls import find_axis, replace_call
from grader.core.wire.edits.edit import MUTATION_KINDS, Edit, EditKind
from grader.core.wire.edits.operators import get_number, replace_operator
from grader.core.wire.edits.source_text import SourceText
from grader.core.wire.edits.statements import change_statement, move_statements

_RULES: Final = (replace_operator, replace_call)
_LISTS: Final = ("body", "orelse", "finalbody")


def list_edits(tree: ast.AST, source: str, kinds: Collection[EditKind] = MUTATION_KINDS) -> Iterator[Edit]:
    """Yield the edits of a part of a program, of these kinds; each gives another text.

    `tree` is that part of the syntax tree of `source`: a module, a function, or another statement. Of a function the
    body alone is edited. Each edited text is valid Python, unless a statement stands where it must not.
    """
    seen = set()
    for edit in _walk(tree, SourceText(source)):
        key = edit.span, edit.after
        if edit.kind in kinds and edit.after != edit.before and key not in seen:
            seen.add(key)
            yield edit


def _walk(node: ast.AST, text: SourceText) -> Iterator[Edit]:
    """Yield the edits of a statement and of those in it."""
    if isinstance(node, ast.stmt):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for field, child in _list_expressions(node):
                yield from _edit_expression(child, text, is_whole=field != "target")
        yield from change_statement(node, text)
    for name in _LISTS:
        block = getattr(node, name, None)
        if isinstance(block, list):
            for statement in block:
                yield from _walk(statement, text)
            yield from move_statements(block, text)
    for handler in getattr(node, "handlers", ()):
        yield from _walk(handler, text)


def _list_expressions(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the expressions directly within a node, each with the name of its field."""
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.expr):
                yield field, child
            elif isinstance(child, ast.keyword | ast.comprehension | ast.withitem):
                yield from ((child.__class__.__name__, inner) for _, inner in _list_expressions(child))


def _edit_expression(node: ast.expr, text: SourceText, *, is_whole: bool) -> Iterator[Edit]:
    """Yield the edits of an expression and of those in it; one that `is_whole` needs no brackets."""
    if isinstance(node, ast.JoinedStr):
        return
    for rule in _RULES:
        for kind, new in rule(node):
            after = text.write_in_place_of(node, new, is_whole=is_whole)
            yield Edit(kind, text.find_span(node), text.write(node), after)
    if get_number(node) is not None:  # -1 is one number
        return
    skipped = _list_arguments_of_own_kind(node)
    for field, child in _list_expressions(node):
        if child not in skipped:
            whole = field in ("args", "keyword", "slice") and not isinstance(node, ast.Lambda)
            yield from _edit_expression(child, text, is_whole=whole)


def _list_arguments_of_own_kind(node: ast.expr) -> list[ast.expr]:
    """Return the arguments of a call that are no constants like others: its axis, and whether that is kept."""
    if not isinstance(node, ast.Call):
        return []
    kept = [keyword.value for keyword in node.keywords if keyword.arg == "keepdims"]
    axis = find_axis(node)
    return [*kept, axis] if axis is not None else kept
