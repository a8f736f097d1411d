"""An author's solution, a percent script: where its blanks are.

    u = np.dot(x, W) + b  # blank: the total input        hides the value
    w -= rate * grad      # blank-line: one step          hides the statement
    ### BEGIN SOLUTION … ### END SOLUTION                 hides the lines between them

The text is tokenised and parsed, not searched, so that a marker inside a string does not count. A comment that
resembles a marker without being one is a CourseError with its line.
"""

import ast
import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from typing import Final, Literal

from grader.core.errors import CourseError
from grader.core.text.source_location import SourceLocation

BLANK_TEXT: Final = "____"
PROSE_BLANK: Final = "\\____"
"""A blank in Markdown. `____` alone on a line would be a horizontal rule."""
_MARKER: Final = re.compile(r"# blank(?P<line>-line)?: (?P<hint>\S.*)")
_MARKER_LIKE: Final = re.compile(
    r"(?i:#\s*blank(?![a-z]))|(BEGIN|END)[ _-]*SOLUTION|(?i:##\s*(begin|end)[ _-]*solution)"
)
_BEGIN: Final = "### BEGIN SOLUTION"
_END: Final = "### END SOLUTION"
_ASSIGNMENT_OPERATOR: Final = re.compile(r"(\*\*|//|>>|<<|[-+*/%@&|^])?=")


Position = tuple[int, int]
"""A line, from 1, and a column in characters, from 0."""


@dataclass(frozen=True)
class Replacement:
    """Lines `first_line` to `last_line` of the script, and the lines that replace them.

    Hidden is the text from `start` to `end`: the value of a statement, a whole statement, or a block of lines.
    """

    first_line: int
    last_line: int
    hint: str
    solution_lines: tuple[str, ...]
    release_lines: tuple[str, ...]
    hides: Literal["value", "statement", "block"]
    start: Position
    end: Position


class SolutionScript:
    """An author's text with its tokens and its syntax tree; lines count from 1."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self.lines = ["", *text.splitlines()]
        try:
            self._tokens = list(tokenize.generate_tokens(StringIO(text).readline))
            self.tree = ast.parse(text)
        except SyntaxError as error:  # includes tokenize's errors from Python 3.12 on
            raise self.error(error.lineno or 1, f"this is not valid Python: {error.msg}") from error
        except tokenize.TokenError as error:
            raise self.error(error.args[1][0], f"this is not valid Python: {error.args[0]}") from error
        self._starts = [token.start for token in self._tokens]
        statements = (n for n in ast.walk(self.tree) if isinstance(n, ast.stmt))
        self._statements = [n for n in statements if not (hasattr(n, "body") or hasattr(n, "cases"))]
        self._comments = {t.start[0]: t for t in self._tokens if t.type == tokenize.COMMENT}

    def error(self, line: int, text: str) -> CourseError:
        return CourseError(f"{SourceLocation(self._file, line)}: {text}")

    def require_python(self, source: str, span: range) -> None:
        """Raise CourseError if a released cell can't be parsed. `span` are its lines in the script."""
        try:
            ast.parse(source)
        except SyntaxError as error:
            problem = f"with its blanks this cell is not valid Python: {error.msg}"
            if all(line.startswith("#") or not line.strip() for line in self.lines[span.start : span.stop]):
                problem += "; begin it with # %% [markdown] if its answer is prose"
            raise self.error(span.start, problem) from error

    def cell_spans(self) -> list[range]:
        """Return the lines of each cell, including its `# %%`."""
        starts = [line for line, c in self._comments.items() if c.start[1] == 0 and c.string.startswith("# %%")]
        if any(line.strip() for line in self.lines[1 : starts[0] if starts else None]):
            starts.insert(0, 1)
        return [range(*pair) for pair in pairwise([*starts, len(self.lines)])]

    def apply_replacements(self, replacements: dict[int, Replacement], *, with_blanks: bool) -> str:
        """Return the whole text with each marked place replaced by its released or its solved lines."""
        lines: list[str] = []
        number = 1
        while number < len(self.lines):
            replacement = replacements.get(number)
            if replacement is None:
                lines.append(self.lines[number])
                number += 1
                continue
            lines.extend(replacement.release_lines if with_blanks else replacement.solution_lines)
            number = replacement.last_line + 1
        return "\n".join(lines) + "\n"

    def find_replacements(self) -> Iterator[Replacement]:
        """Yield all blanks in the order of the text."""
        for token in self._tokens:
            if token.type == tokenize.NAME and token.string == BLANK_TEXT:
                raise self.error(token.start[0], f"the solution has a {BLANK_TEXT}: write the answer, and mark it")
        begun: tuple[int, str] | None = None
        for line, comment in self._comments.items():
            match = _MARKER.fullmatch(comment.string)
            lead, block = self._block_marker(line)
            if block == _BEGIN and begun is None:
                begun = line, lead
            elif block == _END and begun is not None:
                yield self._block(begun[0], line, begun[1])
                begun = None
            elif match and begun is None:
                yield self._statement(line, match["hint"].strip(), whole=match["line"] is not None)
            elif match or _MARKER_LIKE.search(comment.string):
                raise self.error(line, self._advice(comment.string, inside=begun is not None))
        if begun is not None:
            raise self.error(begun[0], f"the end of this block is missing: write {_END} below it")

    @staticmethod
    def _advice(comment: str, *, inside: bool) -> str:
        if inside:
            return f"the block above is still open: end it first with {_END}"
        forms = f"# blank: HINT, # blank-line: HINT, {_BEGIN} and {_END}"
        return f"`{comment.strip()}` is not a blank; the forms are {forms}"

    def _block_marker(self, line: int) -> tuple[str, str]:
        """Return the text before a block's marker (indentation, `# ` in markdown) and the marker, or two empty ones."""
        match = re.fullmatch(rf"(\s*(?:# )?)({_BEGIN}|{_END})\s*", self.lines[line])
        return (match[1], match[2]) if match else ("", "")

    def _block(self, first: int, last: int, lead: str) -> Replacement:
        markdown = lead.startswith("#")
        if last == first + 1:
            raise self.error(first, "this block is empty: write the answer into it")
        released = lead + (PROSE_BLANK if markdown else f"{BLANK_TEXT}  # your code")
        end = last - 1, len(self.lines[last - 1])
        solved = tuple(self.lines[first + 1 : last])
        return Replacement(first, last, "", solved, (released,), "block", (first + 1, 0), end)

    def _statement(self, line: int, hint: str, *, whole: bool) -> Replacement:
        """Return the replacement for a marker that follows the last line of a statement."""
        comment = self._comments[line]
        ending = [s for s in self._statements if s.end_lineno == line]
        if not ending:
            raise self.error(line, "this blank follows no statement: put it after the last line of one")
        statement = max(ending, key=lambda s: s.end_col_offset or 0)
        (first, column), end = self.find_span(statement)
        keep = (first, column) if whole else self.find_value_start((first, column), line)
        kept = [*self.lines[first : keep[0]], self.lines[keep[0]][: keep[1]]]
        if not whole:
            kept[-1] += " "
        solved = [*self.lines[first:line], f"{self.lines[line][: comment.start[1]]}# {hint}"]
        released = *kept[:-1], f"{kept[-1]}{BLANK_TEXT}  # {hint}"
        hides: Literal["value", "statement"] = "statement" if whole else "value"
        return Replacement(first, line, hint, tuple(solved), released, hides, keep, end)

    def find_span(self, node: ast.stmt | ast.expr) -> tuple[Position, Position]:
        """Return the first position of a statement or expression of this text, and the position behind it."""
        end = self._count_characters(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return self._count_characters(node.lineno, node.col_offset), end

    def _count_characters(self, line: int, offset: int) -> Position:
        """Return the position at an offset in bytes, as the syntax tree counts them."""
        return line, len(self.lines[line].encode()[:offset].decode())

    def find_value_start(self, start: Position, last: int) -> Position:
        """Return the position behind the `=` (the last of `a = b = …`) or the `return` of the statement at `start`."""
        depth = 0
        end: Position | None = None
        for token in self._tokens[bisect_left(self._starts, start) :]:
            if token.start[0] > last:
                break
            if token.type == tokenize.COMMENT:
                continue
            if token.start == start and token.string == "return":
                return token.end
            if token.string == "lambda":
                break
            depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
            if token.type == tokenize.OP and depth == 0 and _ASSIGNMENT_OPERATOR.fullmatch(token.string):
                end = token.end
        if end is None:
            advice = "use # blank-line: HINT to hide another statement"
            raise self.error(last, f"`# blank:` must follow an assignment or a return; {advice}")
        return end
