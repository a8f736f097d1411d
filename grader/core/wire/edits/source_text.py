"""A program's text by the nodes of its syntax tree: the place and the text of a node, and the text of a changed one."""

import ast
from collections.abc import Mapping
from typing import Final

from grader.core.wire.edits.edit import Span, split_lines

SYMBOLS: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPERATOR_RANKS: Final[Mapping[type[ast.operator], int]] = {
    ast.BitOr: 7,
    ast.BitXor: 8,
    ast.BitAnd: 9,
    ast.LShift: 10,
    ast.RShift: 10,
    ast.Add: 11,
    ast.Sub: 11,
    ast.Pow: 14,
}
_PRODUCT, _SIGN, _ATOM = 12, 13, 16


class SourceText:
    """The text of one program."""

    def __init__(self, source: str) -> None:
        self.lines = split_lines(source)

    def find_span(self, node: ast.stmt | ast.expr) -> Span:
        """Return a node's place, with columns in characters; a syntax tree counts them in bytes."""
        last_line, last_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        first = node.lineno, self._count_characters(node.lineno, node.col_offset)
        return Span(*first, last_line, self._count_characters(last_line, last_column))

    def get_text(self, span: Span) -> str:
        """Return the text of a place."""
        lines = self.lines[span.first_line - 1 : span.last_line]
        lines[-1] = lines[-1][: span.last_column]
        lines[0] = lines[0][span.first_column :]
        return "".join(lines)

    def write(self, node: ast.expr) -> str:
        """Return the text of an expression; its parts that stand in the program keep their text."""
        if hasattr(node, "lineno"):
            return self.get_text(self.find_span(node))
        match node:
            case ast.BinOp():
                rank = get_rank(node)
                right_first = isinstance(node.op, ast.Pow)
                left = self._write_operand(node.left, rank + right_first)
                return f"{left} {SYMBOLS[type(node.op)]} {self._write_operand(node.right, rank + (not right_first))}"
            case ast.Compare(ops=[operator], comparators=[right]):
                left, rank = self._write_operand(node.left, get_rank(node) + 1), get_rank(node) + 1
                return f"{left} {SYMBOLS[type(operator)]} {self._write_operand(right, rank)}"
            case ast.UnaryOp(op=ast.USub()):
                return f"-{self._write_operand(node.operand, _SIGN)}"
            case ast.Attribute():
                return f"{self._write_operand(node.value, _ATOM)}.{node.attr}"
            case ast.Call():
                arguments = [self._write_operand(arg, 1) for arg in node.args]
                named = [f"{k.arg}={self._write_operand(k.value, 1)}" for k in node.keywords if k.arg]
                named += [f"**{self._write_operand(k.value, _ATOM)}" for k in node.keywords if not k.arg]
                return f"{self._write_operand(node.func, _ATOM)}({', '.join(arguments + named)})"
            case ast.Tuple():
                return ", ".join(self._write_operand(item, 1) for item in node.elts)
        return ast.unparse(node)

    def write_in_place_of(self, old: ast.expr, new: ast.expr, *, is_whole: bool) -> str:
        """Return the text of an expression that takes the place of another, in brackets where it needs them.

        An expression that `is_whole`, such as an argument, needs none, unless it goes over several lines.
        """
        text = self.write(new)
        if isinstance(new, ast.Tuple):
            return f"({text})" if self.write(old).startswith("(") else text
        needs_brackets = not is_whole and get_rank(new) < get_rank(old)
        return f"({text})" if needs_brackets or "\n" in text else text

    def _write_operand(self, node: ast.expr, least_rank: int) -> str:
        text = self.write(node)
        is_bracketed = isinstance(node, ast.Tuple) and text.startswith("(")
        return f"({text})" if get_rank(node) < least_rank and not is_bracketed else text

    def _count_characters(self, line: int, column: int) -> int:
        text = self.lines[line - 1]
        return column if text.isascii() else len(text.encode()[:column].decode(errors="replace"))


def get_rank(node: ast.expr) -> int:
    """Return how closely an expression binds, as in Python's grammar: 0 for the loosest, 16 for a name or call."""
    match node:
        case ast.BinOp():
            return _OPERATOR_RANKS.get(type(node.op), _PRODUCT)
        case ast.BoolOp():
            return 3 if isinstance(node.op, ast.Or) else 4
        case ast.UnaryOp():
            return 5 if isinstance(node.op, ast.Not) else _SIGN
        case ast.Constant(value=int() | float() as number) if number < 0:
            return _SIGN
        case ast.Tuple() | ast.NamedExpr() | ast.Yield() | ast.YieldFrom():
            return 0
    ranks = ((ast.Lambda, 1), (ast.IfExp, 2), (ast.Compare, 6), (ast.Await, 15))
    return next((rank for kind, rank in ranks if isinstance(node, kind)), _ATOM)
