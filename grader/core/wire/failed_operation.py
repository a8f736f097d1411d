"""The operation that raised an exception: its kind and the name that it uses, as `call:reshape` or `binary:Add`.

It is found from the code position at which the innermost frame of somebody's own code stood (PEP 657), so that it is
the same for different texts that fail in the same way: `x.reshape(3)` and `np.reshape(x, 3)`, `np.dot(a, b)` and
`a @ b`. It runs inside the sandbox for students' code, and outside of it for a course's known mistakes.

truth:if            the truth value of an array, in an `if` (also: while, and, not, assert)
call:math.exp       a call; functions of numpy and methods have the last name alone
attribute:numpy.int a missing attribute of a module or, without a module, of a value
product 3 2         `@`, `dot` and `matmul`, with the inner sizes that differ, the left factor's first
call:sum axis 2     a call with an axis that the array doesn't have
subscript: (2,) (3,)  indices whose shapes can't be broadcast
binary:Mult (2,) (3,)  an operator, here with shapes that can't be broadcast, whichever comes first
binary:Add, augmented:Add, unary:USub, compare:Lt, subscript:'W1', name:y, iterate, unpack, raise, assert, import
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from types import BuiltinFunctionType, CodeType, FrameType, ModuleType, TracebackType
from typing import Any, Final

from numpy.exceptions import AxisError

MAX_FRAMES: Final = 5000
TREE_ATTRIBUTE: Final = "__compiled_tree__"
"""The attribute of a function that is compiled from a syntax tree, whose text is in no file."""
MAX_LENGTH: Final = 60
"""Characters of an operation that are kept."""
_MAX_SOURCE_CHARS: Final = 300_000
"""Characters of a cell or file in which an operation is looked for."""

Position = tuple[int | None, int | None, int | None, int | None]
"""First line, last line, first column and last column."""
Positions = dict[Position, list[tuple[ast.AST, ast.AST]]]
"""Nodes with their parents, by position."""
SourceReader = Callable[[CodeType], str | ast.AST]
"""Return the text of the file or cell of some code, or its tree."""

_TRUTH_KINDS: Final = {
    ast.If: "if",
    ast.IfExp: "if",
    ast.comprehension: "if",
    ast.While: "while",
    ast.BoolOp: "and",
    ast.Assert: "assert",
}
_COMPARING_FUNCTIONS: Final = ("max", "min", "sorted", "any", "all", "bool")
_SYNONYMS: Final = {"amax": "max", "amin": "min", "absolute": "abs"}
_PRODUCTS: Final = ("dot", "matmul")
_MAX_MESSAGE_CHARS: Final = 500
_ERRORS_WITH_SIZES: Final = (ValueError, IndexError, AxisError)
_UNALIGNED: Final = re.compile(r"not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)")
"""numpy's text about `dot`: the last size of the left factor, and the one of the right factor."""
_CORE_MISMATCH: Final = re.compile(r"size (\d+) is different from (\d+)")
"""numpy's text about `matmul` and `@`: the size of the right factor, and the one of the left factor."""
_NOT_BROADCAST: Final = re.compile(r"could not be broadcast together with shapes ((?:\([\d,]*\) ?)+)")
_NO_AXIS: Final = re.compile(r"axis (-?\d+) is out of bounds for array")


def find_failed_operation(error: BaseException, is_own: Callable[[str], bool], read_source: SourceReader) -> str:
    """Return the operation of the innermost frame whose file `is_own`; an empty text if it is not known.

    `read_source` returns the text of the file or cell that has some code, or the tree that the code was compiled from.
    """
    try:
        step = _find_own_step(error, is_own)
        operation = "" if step is None else _find_operation(error, step, read_source)
        return (operation and operation + _describe_sizes(error))[:MAX_LENGTH]
    except Exception:  # names, keys and sources may be anything
        return ""


def _describe_sizes(error: BaseException) -> str:
    """Return the sizes that don't fit, as numpy names them: ` 3 2` for the inner ones of a product, shapes, an axis."""
    message = str(error)[:_MAX_MESSAGE_CHARS] if type(error) in _ERRORS_WITH_SIZES else ""
    if found := _UNALIGNED.search(message):
        return f" {found[1]} {found[2]}"
    if found := _CORE_MISMATCH.search(message):
        return f" {found[2]} {found[1]}"
    if found := _NOT_BROADCAST.search(message):
        return f" {' '.join(sorted(found[1].split()))}"
    if found := _NO_AXIS.search(message):
        return f" axis {found[1]}"
    return ""


def _find_own_step(error: BaseException, is_own: Callable[[str], bool]) -> TracebackType | None:
    step: TracebackType | None = BaseException.__dict__["__traceback__"].__get__(error)
    found = None
    for _ in range(MAX_FRAMES):
        if step is None:
            break
        if is_own(step.tb_frame.f_code.co_filename):
            found = step
        step = step.tb_next
    return found


def _find_operation(error: BaseException, step: TracebackType, read_source: SourceReader) -> str:
    code = step.tb_frame.f_code
    position = next(islice(code.co_positions(), step.tb_lasti // 2, None), None)
    source = read_source(code)
    nodes = _parse_positions(source) if isinstance(source, str) else _list_positions(source)
    if position is None or nodes is None:
        return ""
    pairs = nodes.get(position) or _find_call_by_end(nodes, position)
    if _asks_truth(error) and not any(_compares_itself(node, parent) for node, parent in pairs):
        return _describe_truth(pairs)
    found = (_describe_node(node, step.tb_frame, error) for node, _ in reversed(pairs))
    return next((text for text in found if text), "")


def _asks_truth(error: BaseException) -> bool:
    """Tell whether an exception is numpy's about the truth value of an array."""
    return type(error) is ValueError and str(error).startswith("The truth value of")


def _compares_itself(node: ast.AST, parent: ast.AST) -> bool:
    """Tell whether a call asks for truth values inside, like `max`, rather than code that tests its result."""
    if not isinstance(node, ast.Call):
        return False
    is_builtin = isinstance(node.func, ast.Name) and node.func.id in _COMPARING_FUNCTIONS
    return is_builtin or type(parent) not in _TRUTH_KINDS


@lru_cache(maxsize=8)
def _parse_positions(source: str) -> Positions | None:
    """Return the nodes of a text by position; None if it can't be parsed."""
    if len(source) > _MAX_SOURCE_CHARS:
        return None
    try:
        return _list_positions(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _list_positions(tree: ast.AST) -> Positions:
    """Return the nodes of a tree and their parents by position, outer ones first."""
    found: Positions = {}
    for node, parent in _walk(tree):
        if isinstance(node, ast.expr | ast.stmt):
            position = node.lineno, node.end_lineno, node.col_offset, node.end_col_offset
            found.setdefault(position, []).append((node, parent))
    return found


def _walk(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    left = [tree]
    while left:
        parent = left.pop()
        for node in ast.iter_child_nodes(parent):
            yield node, parent
            left.append(node)


def _find_call_by_end(nodes: Positions, position: Position) -> list[tuple[ast.AST, ast.AST]]:
    """Return the call that ends at a position: one over several lines has the line of its method as its start."""
    _, last, _, column = position
    return [
        pair
        for (_, end, _, end_column), pairs in nodes.items()
        for pair in pairs
        if (end, end_column) == (last, column) and isinstance(pair[0], ast.Call)
    ][-1:]


def _describe_truth(pairs: list[tuple[ast.AST, ast.AST]]) -> str:
    for node, parent in reversed(pairs):
        if kind := _TRUTH_KINDS.get(type(node)) or _TRUTH_KINDS.get(type(parent)):
            return f"truth:{kind}"
    return "truth:"


def _describe_node(node: ast.AST, frame: FrameType, error: BaseException) -> str:
    if isinstance(error, TypeError) and _is_iterated(node, str(error)):
        return "iterate"
    match node:
        case ast.Call():
            return _describe_call(node.func, frame)
        case ast.Attribute():
            return f"attribute:{_get_module_prefix(node.value, frame, with_numpy=True)}{node.attr}"
        case ast.Subscript():
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            return f"subscript:{key!r}" if isinstance(key, str) else "subscript:"
        case ast.BinOp(op=ast.MatMult()):
            return "product"
        case ast.BinOp() | ast.UnaryOp():
            return f"{'binary' if isinstance(node, ast.BinOp) else 'unary'}:{type(node.op).__name__}"
        case ast.AugAssign():
            return f"augmented:{type(node.op).__name__}"
        case ast.Compare():
            return f"compare:{type(node.ops[0]).__name__}"
        case ast.Name() if isinstance(error, NameError):
            return f"name:{node.id}"
        case ast.Tuple(ctx=ast.Store()):
            return "unpack"
        case ast.Raise() | ast.Assert():
            return type(node).__name__.lower()
        case ast.Import() | ast.ImportFrom():
            return "import"
    return ""


def _is_iterated(node: ast.AST, message: str) -> bool:
    """Tell whether a `for` went over something without items; a call that does so inside is another operation."""
    return not isinstance(node, ast.Call) and (message.endswith("not iterable") or "iteration over" in message)


def _describe_call(callee: ast.expr, frame: FrameType) -> str:
    if isinstance(callee, ast.Attribute):
        prefix, name = _get_module_prefix(callee.value, frame), callee.attr
    elif isinstance(callee, ast.Name):
        function = _look_up(callee.id, frame)
        prefix, name = "", callee.id
        if type(function) is BuiltinFunctionType and function.__module__ == "math":
            prefix, name = "math.", function.__name__
    else:
        return "call:"
    if not prefix and name in _PRODUCTS:
        return "product"
    return f"call:{prefix}{_SYNONYMS.get(name, name)}"


def _get_module_prefix(node: ast.expr, frame: FrameType, *, with_numpy: bool = False) -> str:
    """Return the name of a module and a dot; an empty text for anything else and, unless asked for, for numpy."""
    module = _look_up(node.id, frame) if isinstance(node, ast.Name) else None
    if type(module) is not ModuleType:
        return ""
    name = str(ModuleType.__getattribute__(module, "__dict__").get("__name__", ""))
    return "" if name.partition(".")[0] == "numpy" and not with_numpy else f"{name}."


def _look_up(name: str, frame: FrameType) -> Any:
    """Return the value of a name in a frame; None if it has none."""
    variables = frame.f_locals
    return variables[name] if name in variables else frame.f_globals.get(name)
