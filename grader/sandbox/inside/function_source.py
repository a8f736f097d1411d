"""The text and the syntax tree of a student's function, read from the cell or file that defines it."""

import ast
import inspect
import linecache
import textwrap
from functools import lru_cache
from types import CodeType

from grader.core.wire.assignments import Function
from grader.core.wire.edited_function import FunctionText


def parse_function(function: object) -> Function | None:
    """Return the syntax tree of a function; None if its text can't be found or parsed."""
    code = getattr(function, "__code__", None)
    return _parse_code(code) if isinstance(code, CodeType) else None


def find_text(function: object) -> FunctionText | None:
    """Return the text of a function; None if it can't be found."""
    code = getattr(function, "__code__", None)
    return _find_code_text(code) if isinstance(code, CodeType) else None


@lru_cache(maxsize=64)
def _parse_code(code: CodeType) -> Function | None:
    text = _find_code_text(code)
    try:
        body = ast.parse(text.source).body if text else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return body[0] if body and isinstance(body[0], Function) else None


@lru_cache(maxsize=64)
def _find_code_text(code: CodeType) -> FunctionText | None:
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    try:
        source = textwrap.dedent("".join(inspect.getblock(lines)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return FunctionText(source, code.co_firstlineno, code.co_filename)
