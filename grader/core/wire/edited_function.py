"""A function with another code for a while: that of its edited text, or one that records its variables.

The function object stays the same, so that calls of itself and references in containers reach the other code too. Only
plain functions of their own text can be changed: neither lambdas nor closures, nor other callable objects.
"""

import __future__

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any, Final

import numpy as np

from grader.core.wire.assignments import Function
from grader.core.wire.edits.edit import Edit
from grader.core.wire.edits.list_repairs import list_repairs
from grader.core.wire.edits.mending_context import MendingContext

MAX_SOURCE_CHARS: Final = 20_000
"""Greatest length of a function that is edited or traced."""
MAX_NODES: Final = 4000
"""Greatest number of nodes of its syntax tree."""
_FUTURE: Final = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
_MAX_GLOBAL_NAMES: Final = 2000
_DATA: Final = (np.ndarray, np.generic, int, float, dict, list, tuple)


@dataclass(frozen=True)
class FunctionText:
    """The text of a function without its outer indentation, the number of its first line, and its file."""

    source: str
    first_line: int
    file: str


class UneditableFunctionError(ValueError):
    """A function can't be edited: it has no text of its own, or its text isn't that of a plain function."""


def parse_text(text: FunctionText) -> Function:
    """Return the syntax tree of a function's text. Raises UneditableFunctionError."""
    if len(text.source) > MAX_SOURCE_CHARS:
        raise UneditableFunctionError("the function is too long")
    try:
        body = ast.parse(text.source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UneditableFunctionError("the text doesn't parse") from error
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise UneditableFunctionError("the text isn't one function")
    if sum(1 for _ in ast.walk(body[0])) > MAX_NODES:
        raise UneditableFunctionError("the function is too long")
    return body[0]


def list_function_repairs(function: object, text: FunctionText) -> list[Edit]:
    """Return the edits that may mend a function. Raises UneditableFunctionError."""
    namespace = require_plain(function).__globals__
    names = [name for name in list(namespace)[:_MAX_GLOBAL_NAMES] if isinstance(name, str)]
    tree = parse_text(text)
    data = frozenset(name for name in names if isinstance(namespace.get(name), _DATA))
    context = MendingContext(tree, frozenset(names), _find_numpy(namespace, names), data)
    try:
        return list_repairs(tree, text.source, context)
    except RecursionError as error:
        raise UneditableFunctionError("the function is nested too deeply") from error


def compile_function(text: FunctionText, tree: Function, flags: int) -> CodeType:
    """Return the code of a function's syntax tree, with the lines of its text. Raises UneditableFunctionError."""
    module = ast.Module([tree], [])
    try:
        ast.increment_lineno(module, text.first_line - 1)
    except RecursionError as error:
        raise UneditableFunctionError("the text doesn't compile") from error
    return _compile(module, text, flags)


def _compile(source: str | ast.Module, text: FunctionText, flags: int) -> CodeType:
    """Return the code of the last function that is defined at the top level; nothing of the source is run."""
    try:
        code = compile(source, text.file, "exec", flags & _FUTURE, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UneditableFunctionError("the text doesn't compile") from error
    found = [one for one in code.co_consts if isinstance(one, CodeType)]
    if not found:
        raise UneditableFunctionError("the text has no function")
    return found[-1]


@contextmanager
def replace_code(function: object, make_code: Callable[[int], CodeType]) -> Iterator[FunctionType]:
    """Give a function the code that is made with its flags, for a while. Raises UneditableFunctionError."""
    plain = require_plain(function)
    own = plain.__code__
    code = make_code(own.co_flags)
    if code.co_freevars or code.co_argcount != own.co_argcount or code.co_name != own.co_name:
        raise UneditableFunctionError("the text is that of another function")
    plain.__code__ = code
    try:
        yield plain
    finally:
        plain.__code__ = own


def compile_text(text: FunctionText, edited: str, flags: int) -> CodeType:
    """Return the code of a function's edited text, with its lines. Raises UneditableFunctionError."""
    if len(edited) > 2 * MAX_SOURCE_CHARS:
        raise UneditableFunctionError("the function is too long")
    return _compile("\n" * (text.first_line - 1) + edited, text, flags)


def require_plain(function: object) -> FunctionType:
    """Return a function that can be edited. Raises UneditableFunctionError for anything else."""
    if type(function) is not FunctionType or function.__code__.co_freevars:
        raise UneditableFunctionError("it isn't a plain function")
    return function


def _find_numpy(namespace: Mapping[str, Any], names: list[str]) -> str:
    """Return the name under which a module has imported numpy; `np` first."""
    return next((name for name in ("np", "numpy", *names) if namespace.get(name) is np), "")
