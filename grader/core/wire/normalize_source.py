"""The normal form of Python source text: equivalent texts have the same normal form."""

import ast
import textwrap
from typing import Final

MAX_SOURCE_CHARS: Final = 20_000


def normalize_source(text: str) -> str:
    """Return the code as `ast.unparse` writes it: without spacing, comments, quote style and redundant brackets.

    Raises SyntaxError for text that isn't Python, ValueError for more than 20,000 characters. Hostile text can exhaust
    memory and stack, so a student's text may be passed only inside the sandbox.
    """
    if len(text) > MAX_SOURCE_CHARS:
        raise ValueError(f"{len(text)} characters, more than {MAX_SOURCE_CHARS}")
    tree = ast.parse(textwrap.dedent(text).strip())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.kind = None  # u"…"
    return ast.unparse(tree)
