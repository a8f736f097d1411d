"""Edits of calls: axes, kept axes, transpositions, exchanged functions, arguments."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from grader.core.wire.edits.edit import EditKind
from grader.core.wire.edits.operators import Replacement, get_number

REDUCTIONS: Final = frozenset({"sum", "mean", "max", "min", "prod", "std", "var", "argmax", "argmin", "any", "all"})
_AXES: Final = (0, 1, -1)
_PRODUCTS: Final = frozenset({"dot", "matmul"})
_COMMUTATIVE: Final = frozenset(
    {"maximum", "minimum", "add", "multiply", "allclose", "isclose", "array_equal", "equal"}
)
_FAMILIES: Final = (
    ("sum", "mean", "max"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("log", "log2", "log10"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("add", "subtract"),
    ("multiply", "divide"),
    ("std", "var"),
)


def replace_call(node: ast.expr) -> Iterator[Replacement]:
    """Yield what may stand in place of a call, a transposed array, a matrix product or a tuple."""
    if isinstance(node, ast.Call):
        yield from _change_axis(node)
        yield from _change_keepdims(node)
        yield from _transpose_factors(node)
        yield from _exchange_function(node)
        yield from _change_arguments(node)
        yield from _drop_call(node)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield EditKind.TRANSPOSITION, node.value
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        for left, right in _transpose_one(node.left, node.right):
            yield EditKind.TRANSPOSITION, ast.BinOp(left, node.op, right)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for kind, items in _swap_neighbours(node.elts):
            yield kind, ast.Tuple(items, ast.Load())


def find_axis(call: ast.Call) -> ast.expr | None:
    """Return the axis of a call: its argument of that name, or the one behind the array of a reduction."""
    for keyword in call.keywords:
        if keyword.arg == "axis":
            return keyword.value
    place = 1 if _is_module_function(call) else 0
    return call.args[place] if _is_reduction(call) and len(call.args) > place else None


def _change_axis(call: ast.Call) -> Iterator[Replacement]:
    axis = find_axis(call)
    if axis is None:
        if _is_reduction(call):
            for number in (0, -1):
                added = ast.keyword("axis", ast.Constant(number))
                yield EditKind.AXIS, ast.Call(call.func, call.args, [added, *call.keywords])
        return
    for number in _AXES:
        if number != get_number(axis):
            yield EditKind.AXIS, _replace_argument(call, axis, ast.Constant(number))
    if _is_reduction(call):
        yield EditKind.AXIS, _replace_argument(call, axis, None)


def _change_keepdims(call: ast.Call) -> Iterator[Replacement]:
    kept = next((k for k in call.keywords if k.arg == "keepdims"), None)
    if kept:
        yield EditKind.KEEPDIMS, _replace_argument(call, kept.value, None)
    elif _is_reduction(call) and find_axis(call) is not None:
        added = ast.keyword("keepdims", ast.Constant(True))
        yield EditKind.KEEPDIMS, ast.Call(call.func, call.args, [*call.keywords, added])


def _transpose_factors(call: ast.Call) -> Iterator[Replacement]:
    if _get_name(call) in _PRODUCTS and len(call.args) == 2:
        for factors in _transpose_one(*call.args):
            yield EditKind.TRANSPOSITION, ast.Call(call.func, list(factors), call.keywords)


def _transpose_one(left: ast.expr, right: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield both factors with one of them transposed; a factor that is transposed already loses it elsewhere."""
    for turned, other, is_left in ((left, right, True), (right, left, False)):
        if isinstance(turned, ast.Constant) or (isinstance(turned, ast.Attribute) and turned.attr == "T"):
            continue
        made = ast.Attribute(turned, "T", ast.Load())
        yield (made, other) if is_left else (other, made)


def _exchange_function(call: ast.Call) -> Iterator[Replacement]:
    name = _get_name(call)
    for family in _FAMILIES:
        for other in family if name in family else ():
            if other != name:
                yield EditKind.FUNCTION, ast.Call(_rename(call.func, other), call.args, call.keywords)


def _rename(func: ast.expr, name: str) -> ast.expr:
    return (
        ast.Attribute(func.value, name, ast.Load()) if isinstance(func, ast.Attribute) else ast.Name(name, ast.Load())
    )


def _change_arguments(call: ast.Call) -> Iterator[Replacement]:
    if not any(isinstance(arg, ast.Starred) for arg in call.args) and _get_name(call) not in _COMMUTATIVE:
        for kind, args in _swap_neighbours(call.args):
            ordered = EditKind.OPERAND_ORDER if _get_name(call) in _PRODUCTS else kind
            yield ordered, ast.Call(call.func, args, call.keywords)
    if _get_name(call) in _PRODUCTS and len(call.args) == 2 and not call.keywords:
        yield EditKind.OPERATOR, ast.BinOp(call.args[0], ast.Mult(), call.args[1])
    for keyword in call.keywords:
        if keyword.arg not in (None, "axis", "keepdims"):
            yield EditKind.DROPPED_ARGUMENT, _replace_argument(call, keyword.value, None)


def _drop_call(call: ast.Call) -> Iterator[Replacement]:
    """Yield the argument of a function of one argument, or the object of a method without any."""
    if _is_module_function(call) or isinstance(call.func, ast.Name):
        if len(call.args) == 1 and not isinstance(call.args[0], ast.Starred | ast.GeneratorExp):
            yield EditKind.DROPPED_CALL, call.args[0]
    elif isinstance(call.func, ast.Attribute) and (not call.args or call.func.attr in ("reshape", "astype")):
        yield EditKind.DROPPED_CALL, call.func.value


def _swap_neighbours(items: list[ast.expr]) -> Iterator[tuple[EditKind, list[ast.expr]]]:
    """Yield the items with two neighbours exchanged; of two numbers, each becomes another constant."""
    for n, (one, other) in enumerate(pairwise(items)):
        if ast.dump(one) != ast.dump(other):
            are_numbers = get_number(one) is not None and get_number(other) is not None
            kind = EditKind.CONSTANT if are_numbers else EditKind.ARGUMENT_ORDER
            yield kind, [*items[:n], other, one, *items[n + 2 :]]


def _replace_argument(call: ast.Call, old: ast.expr, new: ast.expr | None) -> ast.Call:
    """Return the call with another value of an argument, or without the argument."""
    args = [arg if arg is not old else new for arg in call.args]
    keywords = [k if k.value is not old else new and ast.keyword(k.arg, new) for k in call.keywords]
    return ast.Call(call.func, [arg for arg in args if arg], [keyword for keyword in keywords if keyword])


def _get_name(call: ast.Call) -> str:
    """Return the name of the called function or method, without what stands before it."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_reduction(call: ast.Call) -> bool:
    """Tell whether a call reduces an axis: `np.sum(x)` or `x.sum()`; Python's own `sum` has no axis."""
    return isinstance(call.func, ast.Attribute) and call.func.attr in REDUCTIONS


def _is_module_function(call: ast.Call) -> bool:
    """Tell whether the call is that of a function of numpy, `np.sum(x)`, and not of a method, `x.sum()`."""
    func = call.func
    return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in ("np", "numpy")
