"""Edits of how arrays and dicts are accessed: lengths, slices, keys, single items, loops over them, given shapes."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import Final

from grader.core.wire.edits.edit import EditKind
from grader.core.wire.edits.mending_context import MendingContext
from grader.core.wire.edits.operators import get_number
from grader.core.wire.edits.source_text import SourceText, get_rank

_SUM_RANK: Final = 11
_JOINING: Final = frozenset({"array", "asarray", "concatenate", "hstack", "ravel", "flatten", "append"})
_MAX_ROTATED: Final = 4


def mend_access(
    node: ast.expr, text: SourceText, context: MendingContext, *, is_value: bool
) -> Iterator[tuple[EditKind, str]]:
    """Yield what may stand in place of an expression that accesses an array or a dict, or calls something with it."""
    match node:
        case ast.Subscript(value, ast.Constant(str(key))):
            yield from (
                (EditKind.KEY, f"{text.write(value)}[{_quote(other)}]") for other in context.list_other_keys(key)
            )
        case ast.Subscript(ast.Attribute(ast.Name(name), "shape"), index) if (number := get_number(index)) is not None:
            yield from _list_lengths(name, f"{name}.shape[{number}]")
        case ast.Call(ast.Name("len"), [ast.Name(name)]):
            yield from _list_lengths(name, f"len({name})")
        case ast.Attribute(ast.Name(name), "size" | "ndim" as attribute):
            yield from _list_lengths(name, f"{name}.{attribute}")
        case ast.Subscript(value, ast.Slice(ast.Name() as lower, ast.expr() as upper, None)):
            start, length = lower.id, text.write(upper)
            if get_rank(upper) > _SUM_RANK:
                yield EditKind.SLICE, f"{text.write(value)}[{start}:{start} + {length}]"
        case ast.Subscript(value, ast.Tuple([ast.Slice(None, None, None), ast.Name(label)])) if context.numpy:
            yield EditKind.PICKED_ITEM, f"{text.write(value)}[{context.numpy}.arange(len({label})), {label}]"
        case ast.Call(ast.Name("range"), [*args]) if len(args) in (1, 2):
            begin, end = ("0", text.write(args[0])) if len(args) == 1 else map(text.write, args)
            used = {n.id for arg in args for n in ast.walk(arg) if isinstance(n, ast.Name)}
            steps = (name for name in context.parameters if name not in used)
            yield from ((EditKind.LOOP_STEP, f"range({begin}, {end}, {step})") for step in steps)
        case ast.Call(func, [*args]) if 2 < len(args) <= _MAX_ROTATED and not node.keywords:
            parts = list(map(text.write, args))
            for turned in range(1, len(parts)):
                rotated = ", ".join([*parts[turned:], *parts[:turned]])
                yield EditKind.ARGUMENT_ORDER, f"{text.write(func)}({rotated})"
    if is_value:
        yield from _mend_value(node, text, context)


def _quote(key: str) -> str:
    return f'"{key}"' if key.isalnum() else repr(key)


def _list_lengths(name: str, own: str) -> Iterator[tuple[EditKind, str]]:
    lengths = (f"{name}.shape[0]", f"{name}.shape[-1]", f"{name}.size")
    same = {f"len({name})": f"{name}.shape[0]"}.get(own, own)
    yield from ((EditKind.LENGTH, length) for length in lengths if length != same)


def _mend_value(node: ast.expr, text: SourceText, context: MendingContext) -> Iterator[tuple[EditKind, str]]:
    """Yield all of a value in place of one item, and a value in the shape of an argument."""
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        yield EditKind.ITEM, text.write(node.value)
    if isinstance(node, ast.Name) and node.id in context.parameters:
        yield EditKind.COPY, f"{node.id}.copy()"
    is_joined = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _JOINING
    if context.numpy and (is_joined or isinstance(node, ast.Name)):
        for name in islice(context.parameters, _MAX_ROTATED):
            yield EditKind.SHAPE, f"{context.numpy}.reshape({text.write(node)}, {name}.shape)"
