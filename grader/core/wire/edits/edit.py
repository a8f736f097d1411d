"""An edit: its kind, its place in the source, and the text that stands there before and after."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class EditKind(StrEnum):
    """The kinds of edits, a closed list."""

    COMPARISON = "comparison"
    """`a > b` becomes `a >= b` or `a < b`."""
    SIGN = "sign"
    """A sign is dropped, or put before a whole value."""
    OPERATOR = "operator"
    """`a + b` becomes `a - b`, `a * b` becomes `a / b` or `a @ b`."""
    OPERAND_ORDER = "operand_order"
    """`a - b` becomes `b - a`, `np.dot(a, b)` becomes `np.dot(b, a)`."""
    FACTOR = "factor"
    """One side of an operator is dropped: `a * b` becomes `a`."""
    CONSTANT = "constant"
    """A number becomes another one; True becomes False."""
    AXIS = "axis"
    """The axis of a reduction is another one, is dropped, or is added."""
    KEEPDIMS = "keepdims"
    """A reduced axis is kept, or is no longer kept."""
    TRANSPOSITION = "transposition"
    """`.T` is dropped, or is added to a factor of a matrix product."""
    FUNCTION = "function"
    """A function becomes another one of its family: `np.sum` becomes `np.mean`."""
    ARGUMENT_ORDER = "argument_order"
    """Two neighbouring arguments, or items of a tuple, change places."""
    DROPPED_CALL = "dropped_call"
    """`np.exp(a)` becomes `a`."""
    DROPPED_ARGUMENT = "dropped_argument"
    """A named argument is dropped."""
    DROPPED_STATEMENT = "dropped_statement"
    """A statement becomes `pass`."""
    MOVED_STATEMENT = "moved_statement"
    """The last statements of a block stand one level further out, or the one after a loop stands in it."""


ALL_KINDS: Final = frozenset(EditKind)


@dataclass(frozen=True)
class Span:
    """A part of a source text, with its end excluded. Lines count from 1, columns from 0, in characters."""

    first_line: int
    first_column: int
    last_line: int
    last_column: int


@dataclass(frozen=True)
class Edit:
    """One edit of a source text: at `span`, `after` replaces `before`."""

    kind: EditKind
    span: Span
    before: str
    after: str

    def apply(self, source: str) -> str:
        """Return the edited text of the source for which the edit was made."""
        lines = split_lines(source)
        head = lines[self.span.first_line - 1][: self.span.first_column]
        tail = lines[self.span.last_line - 1][self.span.last_column :]
        return "".join([*lines[: self.span.first_line - 1], head, self.after, tail, *lines[self.span.last_line :]])


def split_lines(source: str) -> list[str]:
    """Return the lines of a source with their ends, as Python counts them: other separators don't end a line."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:]
