"""The syntax tree of a student's function, read from the text of the cell or file that defines it."""

import ast
import inspect
import linecache
import textwrap
from functools import lru_cache
from types import CodeType

from grader.core.wire.assignments import Function


def parse_function(function: object) -> Function | None:
    """Return the syntax tree of a function; None if its text can't be found or parsed."""
    code = getattr(function, "__code__", None)
    return _parse_code(code) if isinstance(code, CodeType) else None


@lru_cache(maxsize=64)
def _parse_code(code: CodeType) -> Function | None:
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    try:
        body = ast.parse(textwrap.dedent("".join(inspect.getblock(lines)))).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return body[0] if body and isinstance(body[0], Function) else None
