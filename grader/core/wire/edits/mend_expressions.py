"""Edits of expressions that only mend: a missing factor, call or small constant, a misspelt name, and the like."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grader.core.wire.edits.calls import REDUCTIONS, find_axis
from grader.core.wire.edits.edit import EditKind
from grader.core.wire.edits.mend_access import mend_access
from grader.core.wire.edits.mending_context import MendingContext, list_similar_keywords
from grader.core.wire.edits.operators import get_number
from grader.core.wire.edits.regroup import regroup
from grader.core.wire.edits.source_text import SourceText, get_rank

Mended = tuple[EditKind, str]
"""A kind, and the text that takes the place of an expression."""

_PRODUCT_RANK, _SIGN_RANK, _POWER_RANK, _ATOM_RANK, _SUM_RANK = 12, 13, 15, 16, 11
_MAX_REPEATED: Final = 24
"""Greatest length of a text that an edit repeats."""
_LOGARITHMS: Final = frozenset({"log", "log2", "log10"})
_NEW_ARRAYS: Final = frozenset({"zeros_like", "ones_like", "empty_like", "full_like", "array", "asarray", "copy"})
_NUMBERS: Final = (0, 1, 2, -1, 0.5)
_STEPS: Final = (1e-7, 1e-4)
_WRAPPERS: Final = ("sum({})", "mean({})", "sum({}, axis=0)", "sum({}, axis=-1)", "exp({})", "log({})", "abs({})")
_ELEMENTWISE: Final = frozenset({"exp", "tanh", "log", "sqrt", "square", "sin", "cos"})
_METHODS: Final = frozenset({"reshape", "sum", "mean", "max", "min", "argmax", "ravel", "flatten", "transpose", "dot"})
_AMOUNTS_BEFORE_2: Final = 2
_ATTRIBUTES: Final = frozenset({"shape", "size", "ndim"})
_OF_ONE_NUMBER: Final = {"max": "maximum", "min": "minimum"}


@dataclass(frozen=True)
class ExpressionMender:
    """Yield what may stand in place of an expression.

    `is_value` tells that it is the whole value of a statement, or one item of it; `is_whole` that it needs no brackets.
    """

    text: SourceText
    context: MendingContext

    def mend(self, node: ast.expr, *, is_value: bool, is_whole: bool) -> Iterator[Mended]:
        """Yield all edits of this node itself, not of those in it."""
        yield from self._mend_name(node)
        yield from mend_access(node, self.text, self.context, is_value=is_value)
        yield from regroup(node, self.text, is_whole=is_whole)
        match node:
            case ast.Call():
                yield from self._mend_call(node, is_whole=is_whole)
            case ast.IfExp(test, body, orelse) if self.context.numpy:
                parts = ", ".join(map(self._write, (test, body, orelse)))
                yield EditKind.WHOLE_ARRAY, f"{self.context.numpy}.where({parts})"
            case ast.BinOp():
                yield from self._mend_binary(node, is_whole=is_whole)
            case ast.Constant() | ast.UnaryOp() if (number := get_number(node)) is not None:
                yield from self._mend_number(number)
            case ast.Attribute(value, "shape") if not is_value:
                yield EditKind.ITEM, f"{self._write(value)}.shape[0]"
                yield EditKind.ITEM, f"{self._write(value)}.shape[-1]"
        if is_value and not isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.Constant):
            yield from self._mend_value(node, is_whole=is_whole)

    def _write(self, node: ast.expr) -> str:
        return self.text.write(node)

    def _operand(self, node: ast.expr, rank: int) -> str:
        text = self._write(node)
        return f"({text})" if get_rank(node) < rank or "\n" in text else text

    def _mend_name(self, node: ast.expr) -> Iterator[Mended]:
        match node:
            case ast.Name(name, ast.Load()):
                yield from ((EditKind.NAME, other) for other in self.context.list_similar_names(name))
                yield from ((EditKind.VARIABLE, other) for other in self.context.list_other_variables(name))
            case ast.Attribute(value, _, ast.Load()):
                is_module = isinstance(value, ast.Name) and value.id == self.context.numpy
                head = "" if is_module else f"{self._write(value)}."
                yield from ((EditKind.NAME, head + other) for other in self.context.list_similar_attributes(node))
                if node.attr in _ATTRIBUTES and isinstance(value, ast.Name) and self.context.numpy and not is_module:
                    yield EditKind.NUMPY_FUNCTION, f"{self.context.numpy}.{node.attr}({value.id})"

    def _mend_number(self, number: int | float) -> Iterator[Mended]:
        others = () if 1e-5 <= abs(number) < 0.01 else _STEPS if 0 < abs(number) < 1e-5 else _NUMBERS
        yield from ((EditKind.CONSTANT, repr(other)) for other in others if other != number)

    def _mend_binary(self, node: ast.BinOp, *, is_whole: bool) -> Iterator[Mended]:
        if isinstance(node.op, ast.Sub):
            power = f"({self._write(node)}) ** 2"
            yield EditKind.SQUARE, power if is_whole else f"({power})"
        if isinstance(node.op, ast.BitXor):
            yield (
                EditKind.OPERATOR,
                f"{self._operand(node.left, _ATOM_RANK)} ** {self._operand(node.right, _SIGN_RANK)}",
            )
        if not isinstance(node.op, ast.Mult | ast.MatMult):
            return
        if get_number(node.right) == 2:
            yield EditKind.OPERATOR, f"{self._operand(node.left, _ATOM_RANK)} ** 2"
        left, right = self._operand(node.left, _PRODUCT_RANK), self._operand(node.right, _PRODUCT_RANK + 1)
        op = "@" if isinstance(node.op, ast.MatMult) else "*"
        for changed, other, is_left in ((node.right, left, False), (node.left, right, True)):
            own = self._write(changed)
            made = []
            if not isinstance(changed, ast.Constant):
                made.append((EditKind.COMPLEMENT, f"(1 - {self._operand(changed, _SUM_RANK + 1)})"))
            if self.context.numpy and isinstance(changed, ast.Name):
                made += [(EditKind.ADDED_CALL, f"{self.context.numpy}.{name}({own})") for name in ("log", "exp")]
            for kind, new in made:
                yield kind, f"{new} {op} {other}" if is_left else f"{other} {op} {new}"
        if isinstance(node.op, ast.Mult):
            for picked, label in ((node.left, node.right), (node.right, node.left)):
                if not isinstance(label, ast.Name) or label.id not in self.context.parameters:
                    continue
                if self.context.numpy and not isinstance(picked, ast.Constant):
                    rows = f"{self.context.numpy}.arange(len({label.id})), {label.id}"
                    yield EditKind.PICKED_ITEM, f"{self._operand(picked, _ATOM_RANK)}[{rows}]"

    def _mend_call(self, node: ast.Call, *, is_whole: bool) -> Iterator[Mended]:
        yield from self._mend_keywords(node)
        name, numpy = self.context.correct_name(_get_name(node)), self.context.numpy
        first = node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None
        own = self._write(first) if first is not None else ""
        head = self._write(node.func)
        rest = self._write_rest(node)
        if name in _LOGARITHMS and first is not None:
            yield EditKind.SMALL_CONSTANT, f"{head}({self._operand(first, _SUM_RANK)} + 1e-7{rest})"
        if name in ("abs", "absolute", "fabs") and first is not None:
            yield EditKind.SQUARE, f"({own}) ** 2" if is_whole else f"(({own}) ** 2)"
        if name in _ELEMENTWISE and first is not None and len(node.args) == 1:
            yield from (
                (EditKind.SCALE, f"{head}({self._operand(first, _PRODUCT_RANK)} {by}{rest})") for by in ("/ 2", "* 2")
            )
        if name == "exp" and first is not None:
            yield EditKind.SIGN, f"{head}(-{self._operand(first, _SIGN_RANK)}{rest})"
            if len(own) <= _MAX_REPEATED and numpy:
                lowered = f"{self._operand(first, _SUM_RANK)} - {numpy}.max({own}, axis=-1, keepdims=True)"
                yield EditKind.ROW_MAXIMUM, f"{head}({lowered}{rest})"
        if _is_numpy(node, numpy):
            yield from self._mend_numpy_call(node, name, head, own)
        elif isinstance(node.func, ast.Attribute):
            yield from self._mend_method(node, node.func)
        elif isinstance(node.func, ast.Name):
            yield from self._mend_plain_call(name, own, node)
        if name in REDUCTIONS and isinstance(node.func, ast.Attribute):
            yield from self._mend_reduction(node)

    def _mend_numpy_call(self, node: ast.Call, name: str, head: str, own: str) -> Iterator[Mended]:
        has_dtype = any(keyword.arg == "dtype" for keyword in node.keywords)
        if name in _NEW_ARRAYS and own and not has_dtype:
            made = f"{self.context.numpy}.array({own}" if name == "copy" else self._write(node)[:-1].rstrip(", ")
            yield EditKind.FLOAT_NUMBERS, f"{made}, dtype=float)"
        if name in ("zeros", "ones", "empty") and node.args:
            shaped = node.args[0]
            while isinstance(shaped, ast.Attribute) and shaped.attr in _ATTRIBUTES:
                shaped = shaped.value
            if isinstance(shaped, ast.Name):
                yield EditKind.FUNCTION, f"{head}_like({shaped.id}, dtype=float)"
                yield EditKind.FUNCTION, f"{head}({shaped.id}.shape)"
        if name in _OF_ONE_NUMBER and len(node.args) == 2:
            yield EditKind.FUNCTION, f"{self.context.numpy}.{_OF_ONE_NUMBER[name]}{self._write(node)[len(head) :]}"
        if name == "ndindex" and isinstance(node.args[0] if node.args else None, ast.Name):
            yield EditKind.EVERY_INDEX, f"{head}({own}.shape)"

    def _mend_method(self, node: ast.Call, func: ast.Attribute) -> Iterator[Mended]:
        numpy, owner = self.context.numpy, self._write(func.value)
        if func.attr == "copy" and not node.args:
            yield EditKind.FLOAT_NUMBERS, f"{owner}.astype(float)"
        if func.attr == "shuffle":  # changes its argument and gives None
            yield EditKind.FUNCTION, f"{owner}.permutation{self._write(node)[len(self._write(func)) :]}"
        if isinstance(func.value, ast.Name) and func.value.id == "math" and numpy:
            yield EditKind.NUMPY_FUNCTION, f"{numpy}.{self._write(node)[len('math.') :]}"
        elif func.attr in _METHODS and numpy and not any(isinstance(arg, ast.Starred) for arg in node.args):
            args = [self._write(arg) for arg in node.args]
            if func.attr == "reshape" and len(args) > 1:
                args = [f"({', '.join(args)})"]
            name = "ravel" if func.attr == "flatten" else func.attr
            named = [self._write_keyword(keyword) for keyword in node.keywords]
            yield EditKind.NUMPY_FUNCTION, f"{numpy}.{name}({', '.join([owner, *args, *named])})"

    def _mend_plain_call(self, name: str, own: str, node: ast.Call) -> Iterator[Mended]:
        """Yield what may stand in place of a call of Python's own or the student's function."""
        numpy = self.context.numpy
        if name in ("float", "int", "bool") and own:
            yield EditKind.WHOLE_ARRAY, f"({own}).astype({name})"
            yield EditKind.WHOLE_ARRAY, f"({own}).astype(float)"
        elif name in ("sum", "max", "min", "abs", "round") and numpy:
            renamed = _OF_ONE_NUMBER.get(name, name) if len(node.args) == 2 else name
            yield EditKind.NUMPY_FUNCTION, f"{numpy}.{renamed}{self._write(node)[len(name) :]}"
            if len(node.args) == 1 and name in REDUCTIONS:
                yield EditKind.NUMPY_FUNCTION, f"{numpy}.{name}({own}, axis=-1, keepdims=True)"
        elif name == "range" and len(node.args) == 1 and numpy:
            counted = node.args[0]
            while isinstance(counted, ast.Attribute | ast.Subscript) or (
                isinstance(counted, ast.Call) and _get_name(counted) == "len" and len(counted.args) == 1
            ):
                counted = counted.args[0] if isinstance(counted, ast.Call) else counted.value
            if isinstance(counted, ast.Name):
                yield EditKind.EVERY_INDEX, f"{numpy}.ndindex({counted.id}.shape)"
        elif name in self.context.global_names and own:
            yield from ((EditKind.ITEM, f"{self._write(node)}[{n}]") for n in (0, 1))

    def _mend_reduction(self, node: ast.Call) -> Iterator[Mended]:
        """Yield the reduction along the last axis, which is kept; along another one that is kept."""
        if any(keyword.arg == "keepdims" for keyword in node.keywords):
            return
        axis = find_axis(node)
        kept = [arg for arg in node.args if arg is not axis]
        named = [keyword for keyword in node.keywords if keyword.value is not axis]
        for number in (-1, 1, 0):
            if axis is None or get_number(axis) != number:
                added = [f"axis={number}", "keepdims=True"]
                parts = [*map(self._write, kept), *map(self._write_keyword, named), *added]
                yield EditKind.AXIS, f"{self._write(node.func)}({', '.join(parts)})"

    def _mend_keywords(self, node: ast.Call) -> Iterator[Mended]:
        for keyword in node.keywords:
            for other in list_similar_keywords(keyword.arg) if keyword.arg else ():
                parts = [
                    *map(self._write, node.args),
                    *(
                        f"{other}={self._write(k.value)}" if k is keyword else self._write_keyword(k)
                        for k in node.keywords
                    ),
                ]
                yield EditKind.NAME, f"{self._write(node.func)}({', '.join(parts)})"

    def _write_keyword(self, keyword: ast.keyword) -> str:
        return f"{keyword.arg}={self._write(keyword.value)}" if keyword.arg else f"**{self._write(keyword.value)}"

    def _write_rest(self, node: ast.Call) -> str:
        """Return the arguments behind the first one, each with a comma before it."""
        parts = [*map(self._write, node.args[1:]), *map(self._write_keyword, node.keywords)]
        return "".join(f", {part}" for part in parts)

    def _mend_value(self, node: ast.expr, *, is_whole: bool) -> Iterator[Mended]:
        """Yield the value with a factor, with a call around it, squared, as a difference from 1, or one item of it."""
        factor, whole, numpy = self._operand(node, _PRODUCT_RANK), self._write(node), self.context.numpy
        read = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        amounts = []
        for name in sorted(self.context.parameters, key=lambda name: name not in read):
            amounts += [f"len({name})", f"{name}.size", f"{name}.shape[-1]", f"{name}.shape[0]"]
        amounts.insert(_AMOUNTS_BEFORE_2, "2")
        made = [(EditKind.SCALE, f"{factor} {by} {amount}") for amount in amounts for by in "/*"]
        made += [(EditKind.COMPLEMENT, f"1 - {self._operand(node, _SUM_RANK + 1)}")]
        made += [(EditKind.SQUARE, f"{self._operand(node, _POWER_RANK)} ** 2")]
        yield from ((kind, text if is_whole else f"({text})") for kind, text in made)
        if numpy:
            yield from ((EditKind.ADDED_CALL, f"{numpy}.{wrapper.format(whole)}") for wrapper in _WRAPPERS)
        if isinstance(node, ast.Name):
            yield from ((EditKind.ITEM, f"{whole}[{n}]") for n in (0, 1))


def _get_name(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _is_numpy(call: ast.Call, numpy: str) -> bool:
    func = call.func
    return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == numpy != ""
