"""Edits of comparisons, signs, operators, operands and constants."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from grader.core.wire.edits.edit import EditKind

Replacement = tuple[EditKind, ast.expr]
"""A kind, and the expression that takes the place of another."""

_COMPARISONS: Final[Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: Final[Mapping[type[ast.operator], tuple[type[ast.operator], ...]]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
}
_ORDERED: Final = (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
_BOTH_SIDES: Final = (ast.Add, ast.Mult, ast.Sub)
_LEFT_SIDE: Final = (ast.Div, ast.Pow, ast.FloorDiv, ast.Mod)
_TINY: Final = 0.01
"""Below it, a number is a step or a guard against 0, of which only the size matters."""


def replace_operator(node: ast.expr) -> Iterator[Replacement]:
    """Yield what may stand in place of an expression with an operator, or of a constant."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for comparison in _COMPARISONS[type(node.ops[0])]:
            yield EditKind.COMPARISON, ast.Compare(node.left, [comparison()], node.comparators)
    elif isinstance(node, ast.BinOp):
        yield from _replace_binary(node)
    elif (number := get_number(node)) is not None:
        yield from ((EditKind.CONSTANT, ast.Constant(other)) for other in list_other_numbers(number))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield EditKind.CONSTANT, ast.Constant(not node.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield EditKind.SIGN, node.operand


def _replace_binary(node: ast.BinOp) -> Iterator[Replacement]:
    for operator in OPERATORS.get(type(node.op), ()):
        yield EditKind.OPERATOR, ast.BinOp(node.left, operator(), node.right)
    if isinstance(node.op, _ORDERED):
        yield EditKind.OPERAND_ORDER, ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, (*_BOTH_SIDES, *_LEFT_SIDE)):
        yield EditKind.FACTOR, node.left
    if isinstance(node.op, _BOTH_SIDES):
        yield EditKind.FACTOR, node.right


def get_number(node: ast.expr) -> int | float | None:
    """Return the number that a constant stands for, with its sign; None for any other expression."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = get_number(node.operand)
        return None if number is None or isinstance(node.operand, ast.UnaryOp) else -number
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def list_other_numbers(number: int | float) -> list[int | float]:
    """Return the numbers that take the place of a number: its neighbours, or others of another size."""
    if isinstance(number, int):
        return [0, 1] if number == -1 else [number + 1, number - 1]  # the last axis, or an unknown length
    if number == 0:
        return [1.0]
    if abs(number) < _TINY:
        return [float(f"{number * factor:.6g}") for factor in (1e-6, 1e3)]
    return [2 * number, number / 2]


def can_be_negated(node: ast.expr) -> bool:
    """Tell whether a sign before a value may change it: not before a sign, a text, a container, or zeros."""
    if isinstance(node, ast.Constant) or ast.unparse(node).startswith(("np.zeros", "numpy.zeros")):
        return False
    displays = (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
    others = (ast.UnaryOp, ast.JoinedStr, ast.Lambda, ast.Yield, ast.YieldFrom, ast.Await)
    return not isinstance(node, displays + others)
