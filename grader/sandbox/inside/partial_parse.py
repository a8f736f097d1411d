"""Parses the valid top-level statements of a script that doesn't parse as a whole."""

import ast
import re
from typing import Final

_BEGINS: Final = re.compile(r"[^\s#)\]}]")
_CONTINUES: Final = re.compile(r"(?:else|elif|except|finally)\b")
_MAX_PARTS_PER_STATEMENT: Final = (
    30  # parts that one statement may span: lines of a string may begin in the first column
)


def parse_partially(source: str, name: str) -> ast.Module:
    """Return the statements of a script that compile on their own, with their true line numbers.

    A part extends from a line that begins in the first column to the next such line. A part that doesn't compile is
    tried together with the parts that follow it, and left out if that doesn't help either.
    """
    lines = source.split("\n")
    begins = [i for i, line in enumerate(lines) if _BEGINS.match(line)]
    ends = [*begins[1:], len(lines)]
    body: list[ast.stmt] = []
    part = 0
    while part < len(begins):
        found: list[ast.stmt] = []
        after = part + 1
        for last in range(part, min(part + _MAX_PARTS_PER_STATEMENT, len(begins))):
            if found and not _CONTINUES.match(lines[begins[last]]):
                break
            if longer := _parse_statements(lines[begins[part] : ends[last]], begins[part], name):
                found, after = longer, last + 1
        body += found
        part = after
    return ast.Module(body, type_ignores=[])


def _parse_statements(lines: list[str], offset: int, name: str) -> list[ast.stmt]:
    try:
        tree = ast.parse("\n".join(lines), name)
        compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError):
        return []
    ast.increment_lineno(tree, offset)
    return tree.body
