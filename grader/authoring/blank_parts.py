"""The parts of a solution's function that a blank hides, and their names.

A blank is named by what its line assigns (`delta2`, `grad["b2"]`), by `return`, or by its right text. Of a block
between BEGIN and END, each statement is named in this way, and the block as a whole by its right text.
"""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from grader.authoring.solution_script import Position, Replacement, SolutionScript
from grader.core.errors import CourseError

RETURN: Final = "return"


@dataclass(frozen=True)
class BlankPart:
    """A statement of a solution that is hidden by a blank, or a whole block: its names, and where it is.

    `value` is the place of the right side, or of what is returned. `hidden` is what a filling replaces: the value, the
    statement, or in a block either.
    """

    names: tuple[str, ...]
    statement: tuple[Position, Position]
    statement_text: str
    value: tuple[Position, Position] | None = None
    value_text: str = ""
    hidden: Literal["value", "statement", "either"] = "statement"

    @property
    def label(self) -> str:
        """The name by which an error tells of this part."""
        return self.names[0] if self.names else _shorten(self.statement_text)


def list_blank_parts(script: SolutionScript, function: ast.stmt, blank: Replacement) -> Iterator[BlankPart]:
    """Yield what can be filled of a blank: its statement, or the statements of its block and the whole block."""
    lines = range(blank.first_line, blank.last_line + 1)
    statements = (node for node in ast.walk(function) if isinstance(node, ast.stmt) and node is not function)
    within = [node for node in statements if node.lineno in lines and node.end_lineno in lines]
    if blank.hides != "block":
        ending = (node for node in within if not hasattr(node, "body") and script.find_span(node)[1] == blank.end)
        yield from (_make_part(script, node, blank.hides) for node in ending)
        return
    for node in within:
        yield _make_part(script, node, "either")
    solved = script.lines[blank.first_line + 1 : blank.last_line]
    text = normalize_code("\n".join(solved))
    if function.lineno < blank.first_line and all(normalize_code(ast.unparse(node)) != text for node in within):
        start = blank.start[0], len(solved[0]) - len(solved[0].lstrip())
        yield BlankPart((), (start, blank.end), text)


def find_blank_part(parts: Sequence[BlankPart], blank: str) -> tuple[BlankPart, bool]:
    """Return the part that an author names, and whether the name is the text of the whole statement.

    Raises CourseError if none or several have this name.
    """
    wanted = normalize_code(blank)
    named = [part for part in parts if wanted in part.names]
    valued = [part for part in parts if part.value and part.value_text == wanted]
    stated = [part for part in parts if part.statement_text == wanted]
    found = next(filter(None, (named, valued, stated)), [])
    if len(found) == 1:
        return found[0], found is stated
    if not found:
        labels = ", ".join(dict.fromkeys(f"`{part.label}`" for part in parts)) or "none"
        raise CourseError(f"there is no blank `{blank}`; there are: {labels}")
    texts = ", ".join(dict.fromkeys(f"`{_shorten(part.statement_text)}`" for part in found))
    raise CourseError(f"there are {len(found)} blanks `{blank}`: name the one you mean by its right text: {texts}")


def _make_part(script: SolutionScript, node: ast.stmt, hidden: Literal["value", "statement", "either"]) -> BlankPart:
    start, end = script.find_span(node)
    names, value = _list_names(node)
    if value is None:
        return BlankPart(names, (start, end), ast.unparse(node), hidden="statement")
    span = script.find_span(value)
    if not isinstance(node, ast.For):  # brackets around the value belong to it
        line, column = script.find_value_start(start, node.end_lineno or node.lineno)
        text = script.lines[line][column:]
        span = (line, column + len(text) - len(text.lstrip())), end
    return BlankPart(names, (start, end), ast.unparse(node), span, ast.unparse(value), hidden)


def _list_names(node: ast.stmt) -> tuple[tuple[str, ...], ast.expr | None]:
    """Return the names of a statement's blank, and its value: what it assigns, in a loop's head too, or `return`."""
    match node:
        case ast.Assign(targets, value):
            return tuple(normalize_code(ast.unparse(target)) for target in targets), value
        case ast.AugAssign(target=target, value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            return (ast.unparse(target),), value
        case ast.For(target=target, iter=value):
            return (normalize_code(ast.unparse(target)),), value
        case ast.Return(ast.expr() as value):
            return (RETURN,), value
    return (), None


@lru_cache(maxsize=1024)
def normalize_code(text: str) -> str:
    """Return code in the form that `ast.unparse` gives it, so that blanks and quotes don't matter."""
    try:
        return ast.unparse(ast.parse(textwrap.dedent(text).strip()))
    except (SyntaxError, ValueError):
        return " ".join(text.split())


def _shorten(text: str) -> str:
    first, more, _ = text.partition("\n")
    return f"{first} …" if more else first
