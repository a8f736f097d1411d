"""Recognize what templates put in the place of an answer, whichever system they are made with.

Such are `...` or a text or comment such as `YOUR CODE HERE` in the place of a value, `None` in the place of a function
or a factor, and names such as `_____`. Of these alone a function that computes something else is not called unfilled:
only the variables are that get them, or the whole function if it merely prepares and returns variables.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from grader.core.wire.assignments import Function

_MARKER: Final = re.compile(
    r"\b(?:your|student'?s?|own) (?:own )?(?:code|answer|solution|implementation)s?\b"
    r"|\bvotre (?:code|r[ée]ponse|solution)\b|\b[àa] compl[ée]ter\b"
    r"|\b(?:dein|ihr|eigener) code\b|\b(?:code|l[öo]sung) hier\b"
    r"|\btodo\b|\bfixme\b|\bto be (?:done|completed|implemented)\b|\bnot (?:yet )?implemented\b"
    r"|\b(?:implement|fill|complete|replace|write|insert|add|put|start|begin|end)"
    r"(?: (?:it|me|this|in|out|of|your|the|missing))*"
    r" (?:here|below|code)\b|\b(?:implement|complete|replace) (?:me|this|it)\b|\bfill (?:me |this |it )?in\b",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"^[^\"'#]*(#.*)$", re.MULTILINE)
"""A comment; if a quotation mark stands before it, it may be part of a text."""
_NAME: Final = re.compile(r"_{3,}")
_MAX_CHARS: Final = 20_000
_MAX_ITEMS: Final = 100
_MAX_TEXT_CHARS: Final = 60
_PREPARING: Final = frozenset(
    ["zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full", "full_like", "list", "dict", "tuple"]
)
_CONVERTING: Final = _PREPARING | {"copy", "deepcopy", "array", "asarray", "float", "int", "len", "set"}
_COMPOUND: Final = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.If, ast.While)


def is_marker(text: str) -> bool:
    """Tell whether a text asks for an answer in its place: `YOUR CODE HERE`, `TODO`."""
    return _MARKER.search(text[:300].replace("_", " ")) is not None


def find_marker_comment(source: str) -> str:
    """Return the first comment that asks for an answer in its place; an empty text without one."""
    found = (match[1] for match in _COMMENT.finditer(source[:_MAX_CHARS]))
    return next((comment for comment in found if is_marker(comment)), "")


def is_below_marker(line: int, source: str) -> bool:
    """Tell whether a line, counted from 1, stands directly below a comment that asks for an answer, or has one."""
    lines = source[:_MAX_CHARS].split("\n")[:line]
    while len(lines) > 1 and not lines[-2].strip():
        del lines[-2]
    return any(find_marker_comment(one) for one in lines[-2:])


def is_placeholder_value(value: Any) -> bool:
    """Tell whether a value is what code has that was not filled in, or holds some of it."""
    if value is None or value is ... or value is NotImplemented or value is NotImplementedError:
        return True
    if type(value) is str:
        return len(value) <= _MAX_TEXT_CHARS and is_marker(value)
    if type(value) is np.ndarray and value.dtype == object:
        return any(item is None or item is ... for item in value.ravel()[:_MAX_ITEMS])
    if type(value) not in (dict, list, tuple):
        return False
    items = [item for item, _ in zip(value.values() if type(value) is dict else value, range(_MAX_ITEMS), strict=False)]
    return any(item is None or item is ... or (type(item) is str and is_marker(item)) for item in items)


def has_placeholder(node: ast.expr | None) -> bool:
    """Tell whether an expression has something in it that stands for an answer."""
    return node is not None and any(map(_is_placeholder, _list_operands(node)))


def is_raised_by_template(statement: ast.stmt) -> bool:
    """Tell whether a statement raises because nothing is filled in: `raise NotImplementedError`, `assert False`."""
    if isinstance(statement, ast.Assert):
        return isinstance(statement.test, ast.Constant) and not statement.test.value
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    if isinstance(raised, ast.Name) and raised.id in ("NotImplementedError", "NotImplemented"):
        return True
    texts = statement.exc.args if isinstance(statement.exc, ast.Call) else []
    return any(_is_marker_text(text) for text in texts)


def find_unfilled_body(tree: Function, source: str) -> str:
    """Return what stands in the place of an answer, if a function does nothing but prepare and return variables.

    A comment alone tells so only if what is returned is a constant or made of constants.
    """
    leaves = list(_list_leaves(tree.body))
    unfilled = [leaf for leaf in leaves if _is_unfilled(leaf)]
    if unfilled:
        is_empty = all(_is_preparation(leaf, _CONVERTING, {"*"}) for leaf in leaves)
        return _write_head(unfilled[0]) if is_empty else ""
    comment = find_marker_comment(source)
    if not comment or not leaves or any(isinstance(leaf, _COMPOUND) for leaf in leaves):
        return ""
    made = {target.id for leaf in leaves for target in _list_targets(leaf) if isinstance(target, ast.Name)}
    return comment.strip() if all(_is_preparation(leaf, _PREPARING, made) for leaf in leaves) else ""


def _list_leaves(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements up to one that raises, with those within others, without descriptions and imports."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal | ast.Pass) or (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
            and not is_marker(statement.value.value)
        ):
            continue
        yield statement
        if isinstance(statement, _COMPOUND):
            yield from _list_leaves((*statement.body, *getattr(statement, "orelse", ())))
        if is_raised_by_template(statement):
            return


def _is_unfilled(statement: ast.stmt) -> bool:
    """Tell whether a statement, or the head of one, stands for an answer or has something in it that does."""
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.AugAssign(value=value):
            return has_placeholder(value)
        case ast.Return(value=value):
            return value is not None and has_placeholder(value)
        case ast.Expr(value):
            shows = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print"
            texts = value.args if shows and isinstance(value, ast.Call) else []
            return has_placeholder(value) or any(map(_is_marker_text, texts))
        case ast.If(test=test) | ast.While(test=test):
            return _is_empty(test) or has_placeholder(test)
        case ast.For(iter=values):
            return _is_empty(values) or has_placeholder(values)
    return is_raised_by_template(statement)


def _is_preparation(statement: ast.stmt, functions: frozenset[str], names: set[str]) -> bool:
    """Tell whether a statement computes nothing: it is unfilled, or names, copies or returns values of these names.

    With the name `*`, all names are meant, and the items and attributes of what they name.
    """
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_unfilled(statement) or _is_given(value, functions, names | {"*"})
        case ast.Return(value=value):
            return value is None or _is_unfilled(statement) or _is_given(value, functions, names)
        case ast.For() | ast.With():
            return True
    return _is_unfilled(statement)


def _is_given(value: ast.expr, functions: frozenset[str], names: set[str]) -> bool:
    match value:
        case ast.Constant(constant):
            return "*" in names or not constant or constant != constant
        case ast.Name(id=name):
            return "*" in names or name in names
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return all(_is_given(item, functions, names) for item in items)
        case ast.Dict(values=items):
            return all(_is_given(item, functions, names) for item in items)
        case ast.Attribute(value=inner) | ast.Subscript(value=inner):
            return "*" in names and _is_given(inner, functions, names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
            return name in functions and all(_is_given(arg, functions, {"*"}) for arg in args)
    return False


def _list_targets(statement: ast.stmt) -> list[ast.expr]:
    return list(statement.targets) if isinstance(statement, ast.Assign) else []


def _write_head(statement: ast.stmt) -> str:
    return ast.unparse(statement).partition("\n")[0]


def _list_operands(node: ast.expr) -> Iterator[ast.AST]:
    """Yield the expressions in an expression, without indices, where `...` and `None` have another meaning.

    In a tuple or list beside other items, `...` may be an index, too.
    """
    waiting: list[ast.AST] = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, ast.Subscript):
            waiting.append(one.value)
        elif isinstance(one, ast.Tuple | ast.List) and any(_is_empty(item) for item in one.elts):
            waiting += one.elts if all(map(_is_empty, one.elts)) else [i for i in one.elts if not _is_empty(i)]
        elif not isinstance(one, ast.Lambda):
            waiting += ast.iter_child_nodes(one)


def _is_placeholder(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value):
            return value is ... or _is_marker_text(node)
        case ast.Name(id=name, ctx=ast.Load()):
            return _NAME.fullmatch(name) is not None or name in ("NotImplemented", "NotImplementedError")
        case ast.BinOp(left=left, right=right):
            return _is_empty(left) or _is_empty(right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert(), operand=operand):
            return _is_empty(operand)
        case ast.Compare(left=left, ops=ops, comparators=others):
            ordered = any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in ops)
            return ordered and any(map(_is_empty, (left, *others)))
        case ast.Call(func=function, args=args):
            counts = isinstance(function, ast.Name) and function.id in ("range", "len", "enumerate", "zip")
            return _is_empty(function) or (counts and any(map(_is_empty, args)))
    return False


def _is_empty(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is ...)


def _is_marker_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and is_marker(node.value)
