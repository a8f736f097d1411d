"""What can still be run of a script that doesn't parse: its top-level statements, one by one."""

import ast
import re
from typing import Final

_BEGINS: Final = re.compile(r"[^\s#)\]}]")
_CONTINUES: Final = re.compile(r"(?:else|elif|except|finally)\b")
_MAX_PARTS_PER_STATEMENT: Final = (
    30  # parts that one statement may go over: lines of a text that begin in the first column
)


def parse_partially(source: str, name: str) -> ast.Module:
    """The statements of a script which compile on their own, with their true lines.

    A part goes from a line that begins in the first column to the next such line; one that doesn't compile is tried
    together with the parts that follow it, and left out if that doesn't help either.
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
        compile(tree, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return []
    ast.increment_lineno(tree, offset)
    return tree.body
