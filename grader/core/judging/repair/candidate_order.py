"""The order in which edits are tried: first on the line where a call goes wrong, then by how often a kind mends.

The ranks of kinds follow from what mends answers of real learners to questions of this kind (numpy functions of a few
lines), and from the exceptions that each kind of fault raises.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from grader.core.judging.repair.subject import RepairSubject
from grader.core.wire.edits.edit import Edit, EditKind
from grader.core.wire.job import ExceptionInfo

_RANKS: Final[Mapping[EditKind, int]] = {
    kind: rank
    for rank, kinds in enumerate(
        (
            (EditKind.NAME, EditKind.AXIS, EditKind.KEEPDIMS, EditKind.SMALL_CONSTANT, EditKind.ROW_MAXIMUM),
            (EditKind.ONE_HOT, EditKind.LABELS, EditKind.BATCH_OF_ONE, EditKind.FUNCTION, EditKind.SIGN),
            (EditKind.WHOLE_ARRAY, EditKind.NUMPY_FUNCTION, EditKind.FLOAT_NUMBERS, EditKind.MOVED_STATEMENT),
            (EditKind.TRANSPOSITION, EditKind.OPERAND_ORDER, EditKind.EVERY_INDEX, EditKind.COMPARISON),
            (
                EditKind.BRACKETS,
                EditKind.SCALE,
                EditKind.FACTOR,
                EditKind.OPERATOR,
                EditKind.PICKED_ITEM,
                EditKind.ITEM,
            ),
            (EditKind.CONSTANT, EditKind.DROPPED_CALL, EditKind.SQUARE, EditKind.COMPLEMENT),
            (EditKind.ARGUMENT_ORDER, EditKind.ADDED_CALL, EditKind.DROPPED_ARGUMENT),
            (EditKind.VARIABLE, EditKind.DROPPED_STATEMENT),
        )
    )
    for kind in kinds
}
_BY_EXCEPTION: Final[Mapping[str, frozenset[EditKind]]] = {
    "NameError": frozenset({EditKind.NAME}),
    "AttributeError": frozenset({EditKind.NAME, EditKind.NUMPY_FUNCTION}),
    "TypeError": frozenset({EditKind.WHOLE_ARRAY, EditKind.NUMPY_FUNCTION, EditKind.NAME, EditKind.ITEM}),
    "IndexError": frozenset({EditKind.EVERY_INDEX, EditKind.LABELS, EditKind.ONE_HOT, EditKind.BATCH_OF_ONE}),
    "AxisError": frozenset({EditKind.AXIS, EditKind.BATCH_OF_ONE, EditKind.KEEPDIMS}),
    "ValueError": frozenset(
        {EditKind.TRANSPOSITION, EditKind.KEEPDIMS, EditKind.AXIS, EditKind.OPERAND_ORDER, EditKind.WHOLE_ARRAY}
    ),
}

_OF_WHOLE_VALUES: Final = frozenset(
    {EditKind.SCALE, EditKind.SQUARE, EditKind.COMPLEMENT, EditKind.ADDED_CALL, EditKind.SIGN}
)
"""Kinds that change a whole value: the last statements come first, and those that divide already."""

_RANK_OF_FIRST_LINE: Final = 1


def order_edits(subject: RepairSubject, edits: Sequence[Edit], errors: Sequence[ExceptionInfo]) -> list[Edit]:
    """Return the edits in the order in which they are tried; equal ones stay in the order of the text.

    `errors` are the exceptions of calls that still fail.
    """
    before = subject.first_line - 1
    suspected = {error.line - before for error in errors if error.line and error.cell == subject.cell}
    if subject.departed is not None and not suspected:
        suspected = {subject.departed - before}
    last = max(suspected, default=0)
    likely = frozenset[EditKind]().union(*(_BY_EXCEPTION.get(error.type, frozenset()) for error in errors))

    def rank(edit: Edit) -> tuple[int, tuple[int, bool, int]]:
        is_on_line = any(edit.span.first_line <= line <= edit.span.last_line for line in suspected)
        is_behind = bool(suspected) and edit.span.first_line > last
        kind = -1 if edit.kind in likely else get_plainness(edit)[0]
        return kind + (0 if is_on_line else 4 if is_behind else 2 if suspected else 0), get_plainness(edit)

    return sorted(edits, key=rank)


def get_plainness(edit: Edit) -> tuple[int, bool, int]:
    """Return a sort key: of two edits that mend the same, the one with the lower key is the plainer one."""
    if not edit.before:  # a line at the top
        return _RANK_OF_FIRST_LINE, False, edit.span.first_line
    if edit.kind in _OF_WHOLE_VALUES:
        return _RANKS[edit.kind], "/" not in edit.before, -edit.span.first_line
    return _RANKS[edit.kind], False, edit.span.first_line
