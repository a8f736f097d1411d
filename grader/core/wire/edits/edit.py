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

    BRACKETS = "brackets"
    """`a / b + c` becomes `a / (b + c)`, and `a + b / c` becomes `(a + b) / c`."""
    SCALE = "scale"
    """A value is multiplied or divided by 2, or by the length or size of an argument: `a` becomes `a / len(x)`."""
    COMPLEMENT = "complement"
    """`a` becomes `1 - a`."""
    SQUARE = "square"
    """`a` becomes `a ** 2`."""
    SMALL_CONSTANT = "small_constant"
    """`np.log(a)` becomes `np.log(a + 1e-7)`, which is finite for 0."""
    ROW_MAXIMUM = "row_maximum"
    """`np.exp(a)` becomes `np.exp(a - np.max(a, axis=-1, keepdims=True))`, which doesn't overflow."""
    ADDED_CALL = "added_call"
    """A call is put around a value: `a` becomes `np.sum(a)` or `np.exp(a)`."""
    ITEM = "item"
    """One item of a value is taken: `a` becomes `a[0]`; of the tuple `a, b` only `a` is kept."""
    FLOAT_NUMBERS = "float_numbers"
    """A new array holds floats: `np.zeros_like(x)` becomes `np.zeros_like(x, dtype=float)`, `x.copy()` a float copy."""
    NUMPY_FUNCTION = "numpy_function"
    """A function of numpy takes the place of a method or a function for one number: `x.reshape(n)`, `math.exp(x)`."""
    WHOLE_ARRAY = "whole_array"
    """A conversion of one number becomes that of an array: `float(x > 0)` becomes `(x > 0).astype(float)`."""
    EVERY_INDEX = "every_index"
    """`range(x.size)` or `range(len(x))` becomes `np.ndindex(x.shape)`, all positions of an array of any shape."""
    NAME = "name"
    """A name becomes a similar one that exists: a misspelt one, one of another case, one that numpy no longer has."""
    VARIABLE = "variable"
    """Another variable of the function takes the place of one: `return a` becomes `return b`."""
    ONE_HOT = "one_hot"
    """Labels become one-hot rows where they are not: `d` becomes `np.eye(C)[d]`."""
    LABELS = "labels"
    """One-hot rows become labels: `d` becomes `np.argmax(d, axis=-1)`."""
    PICKED_ITEM = "picked_item"
    """`y * d` becomes `y[np.arange(len(y)), d]`, which picks one item of each row by its label, or the reverse."""
    BATCH_OF_ONE = "batch_of_one"
    """One sample becomes a batch of one: `x` becomes `np.atleast_2d(x)`."""
    LENGTH = "length"
    """Another length of an array takes the place of one: `len(x)` becomes `x.shape[-1]` or `x.size`."""
    SLICE = "slice"
    """A slice ends so many items behind its beginning: `x[a:n]` becomes `x[a:a + n]`."""
    LOOP_STEP = "loop_step"
    """The steps of a loop are as long as an argument says: `range(n)` becomes `range(0, n, size)`."""
    YIELD = "yield"
    """A `return` in a loop becomes a `yield`."""
    RETURN = "return"
    """The value of the last statement is returned: `a = b` becomes `return b`."""
    PARAMETER = "parameter"
    """A parameter takes the place of a name from outside of the function, or of one that doesn't exist."""
    KEY = "key"
    """A key becomes another one: `x["b1"]` becomes `x["b2"]` or `x["B1"]`."""
    COPY = "copy"
    """A copy takes the place of the same array under another name: `a = x` becomes `a = x.copy()`."""
    SHAPE = "shape"
    """A result gets the shape of an argument: `np.array(a)` becomes `np.reshape(np.array(a), x.shape)`."""


REPAIR_KINDS: Final = frozenset(
    {
        *(EditKind.BRACKETS, EditKind.SCALE, EditKind.COMPLEMENT, EditKind.SQUARE, EditKind.SMALL_CONSTANT),
        *(EditKind.ROW_MAXIMUM, EditKind.ADDED_CALL, EditKind.ITEM, EditKind.FLOAT_NUMBERS, EditKind.NUMPY_FUNCTION),
        *(EditKind.WHOLE_ARRAY, EditKind.EVERY_INDEX, EditKind.NAME, EditKind.VARIABLE, EditKind.ONE_HOT),
        *(EditKind.LABELS, EditKind.PICKED_ITEM, EditKind.BATCH_OF_ONE, EditKind.LENGTH, EditKind.SLICE),
        *(EditKind.LOOP_STEP, EditKind.YIELD, EditKind.PARAMETER, EditKind.KEY, EditKind.SHAPE),
        *(EditKind.COPY, EditKind.RETURN),
    }
)
"""Kinds that only mend: no mutant of a solution is made by them."""
MUTATION_KINDS: Final = frozenset(EditKind) - REPAIR_KINDS
"""Kinds that make mutants of a solution; the reverse of most of them mends."""


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


def write_edit(edit: Edit) -> tuple[object, ...]:
    """Return an edit as a value that crosses the sandbox's boundary."""
    span = edit.span
    place = span.first_line, span.first_column, span.last_line, span.last_column
    return str(edit.kind), *place, edit.before, edit.after


def read_edit(value: object) -> Edit | None:
    """Return the edit that a value stands for, which may be anything; None if it stands for none."""
    match value:
        case (str(kind), int(a), int(b), int(c), int(d), str(before), str(after)) if kind in set(EditKind):
            if all(0 <= number < 2**31 for number in (a, b, c, d)):
                return Edit(EditKind(kind), Span(a, b, c, d), before, after)
    return None


def split_lines(source: str) -> list[str]:
    """Return the lines of a source with their ends, as Python counts them: other separators don't end a line."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:]
