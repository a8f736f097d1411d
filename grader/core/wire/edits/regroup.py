"""Edits of the order of calculation: forgotten or superfluous brackets, and what stands inside or outside of a call."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from grader.core.wire.edits.edit import EditKind
from grader.core.wire.edits.source_text import SYMBOLS, SourceText, get_rank

_PRODUCT_RANK, _ATOM_RANK, _SUM_RANK = 12, 16, 11
_SUMS: Final = (ast.Add, ast.Sub)
_PRODUCTS: Final = (ast.Mult, ast.Div)
_MAX_COMMUTED: Final = 60
"""Greatest length of an argument in which a call moves inwards."""

Regrouped = tuple[EditKind, str]


def regroup(node: ast.expr, text: SourceText, *, is_whole: bool) -> Iterator[Regrouped]:
    """Yield an expression in another order of calculation; one that `is_whole` needs no brackets."""
    made: list[str] = []
    if isinstance(node, ast.BinOp):
        made += _group_otherwise(node, text)
        made += _move_into_call(node, text)
    elif isinstance(node, ast.Call):
        made += [one if is_whole else f"({one})" for one in _move_out_of_call(node, text)]
    yield from ((EditKind.BRACKETS, one) for one in made)


def _group_otherwise(node: ast.BinOp, text: SourceText) -> Iterator[str]:
    """Yield an expression of two operators without brackets, with those that were forgotten.

    `a / b + c` becomes `a / (b + c)`, `a + b / c` becomes `(a + b) / c`, `a - b ** 2` becomes `(a - b) ** 2`,
    `a / b * c` becomes `a / (b * c)`.
    """
    left, right = node.left, node.right
    outer = SYMBOLS.get(type(node.op), "")
    if isinstance(left, ast.BinOp) and _is_bare(left, text):
        inner = SYMBOLS.get(type(left.op), "")
        is_sum_behind = isinstance(node.op, _SUMS) and isinstance(left.op, _PRODUCTS)
        is_quotient = isinstance(node.op, ast.Mult) and isinstance(left.op, ast.Div)
        if is_sum_behind or is_quotient:
            last = _write(right, _SUM_RANK + 1 if is_sum_behind else _PRODUCT_RANK + 1, text)
            yield f"{_write(left.left, _PRODUCT_RANK, text)} {inner} ({text.write(left.right)} {outer} {last})"
    if isinstance(right, ast.BinOp) and _is_bare(right, text) and isinstance(node.op, _SUMS):
        inner = SYMBOLS.get(type(right.op), "")
        if isinstance(right.op, (*_PRODUCTS, ast.Pow)):
            rank = _ATOM_RANK if isinstance(right.op, ast.Pow) else _PRODUCT_RANK
            first = f"({_write(left, _SUM_RANK, text)} {outer} {_write(right.left, rank, text)})"
            yield f"{first} {inner} {_write(right.right, rank + 1 if rank < _ATOM_RANK else rank, text)}"


def _move_into_call(node: ast.BinOp, text: SourceText) -> Iterator[str]:
    """Yield `f(a + b)` in place of `f(a) + b`, and `f(a ** 2)` in place of `f(a) ** 2`."""
    call = node.left
    symbol = SYMBOLS.get(type(node.op), "")
    if isinstance(call, ast.Call) and call.args and symbol and not isinstance(call.args[0], ast.Starred):
        rank = get_rank(node)
        first = _write(call.args[0], _ATOM_RANK if isinstance(node.op, ast.Pow) else rank, text)
        rest = _write_rest(call, 1, text)
        yield f"{text.write(call.func)}({first} {symbol} {_write(node.right, rank + 1, text)}{rest})"


def _move_out_of_call(node: ast.Call, text: SourceText) -> Iterator[str]:
    """Yield `f(a) + b` in place of `f(a + b)`, and `f(a) / g(f(a))` in place of `f(a / g(a))`."""
    if not node.args or any(isinstance(arg, ast.Starred) for arg in node.args):
        return
    head, first = text.write(node.func), node.args[0]
    if isinstance(first, ast.BinOp) and (symbol := SYMBOLS.get(type(first.op))):
        rank = get_rank(first)
        called = f"{head}({text.write(first.left)}{_write_rest(node, 1, text)})"
        yield f"{called} {symbol} {_write(first.right, rank + 1, text)}"
        own = text.write(first)
        for name in _list_repeated(first) if len(own) <= _MAX_COMMUTED and len(node.args) == 1 else ():
            yield re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", lambda found: f"{head}({found[0]})", own)


def _list_repeated(node: ast.expr) -> list[str]:
    """Return the names that an expression reads more than once, except those of modules."""
    modules = {n.value.id for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)}
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    return sorted({name for name in names if names.count(name) > 1} - modules)


def _is_bare(node: ast.expr, text: SourceText) -> bool:
    """Tell whether no brackets stand around an operand."""
    span = text.find_span(node)
    before = text.lines[span.first_line - 1][: span.first_column].rstrip()
    behind = text.lines[span.last_line - 1][span.last_column :].lstrip()
    return not (before.endswith("(") and behind.startswith(")"))


def _write(node: ast.expr, rank: int, text: SourceText) -> str:
    own = text.write(node)
    return f"({own})" if get_rank(node) < rank or "\n" in own else own


def _write_rest(node: ast.Call, skipped: int, text: SourceText) -> str:
    """Return the arguments behind the first ones, each with a comma before it."""
    named = (f"{k.arg}={text.write(k.value)}" if k.arg else f"**{text.write(k.value)}" for k in node.keywords)
    return "".join(f", {part}" for part in (*map(text.write, node.args[skipped:]), *named))
