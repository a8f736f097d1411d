"""Python source text in a normal form: two texts that mean the same code give the same one."""

import ast
import textwrap
from typing import Final

MAX_SOURCE_CHARS: Final = 20_000


def normalize_source(text: str) -> str:
    """The code as Python itself would write it: spacing, quotes, comments, brackets and a last semicolon don't count.

    Raises SyntaxError for what isn't Python, ValueError for more than 20,000 characters. Hostile text can exhaust
    memory and stack: let only the sandbox call it with a student's.
    """
    if len(text) > MAX_SOURCE_CHARS:
        raise ValueError(f"{len(text)} characters, more than {MAX_SOURCE_CHARS}")
    tree = ast.parse(textwrap.dedent(text).strip())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.kind = None  # u"…"
    return ast.unparse(tree)
