"""The order in which edits are tried: first on the line where a call goes wrong, then by how often a kind mends.

The ranks of kinds follow from what mends answers of real learners to questions of this kind (numpy functions of a few
lines), and from the exceptions that each kind of fault raises.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from grader.core.judging.repair.subject import RepairSubject
from grader.core.wire.edits.edit import Edit, EditKind
from grader.core.wire.job import ExceptionInfo

_FEW: Final = (EditKind.RETURN, EditKind.YIELD, EditKind.SLICE, EditKind.LOOP_STEP, EditKind.COPY, EditKind.PARAMETER)
"""Kinds of which a function has few edits: they are tried first, whatever is plainer."""
_RANKS: Final[Mapping[EditKind, int]] = {
    kind: rank
    for rank, kinds in enumerate(
        (
            (EditKind.NAME, EditKind.AXIS, EditKind.KEEPDIMS, EditKind.SMALL_CONSTANT, EditKind.ROW_MAXIMUM),
            (EditKind.ONE_HOT, EditKind.LABELS, EditKind.BATCH_OF_ONE, EditKind.FUNCTION, EditKind.SIGN),
            (EditKind.WHOLE_ARRAY, EditKind.NUMPY_FUNCTION, EditKind.FLOAT_NUMBERS, EditKind.MOVED_STATEMENT),
            (EditKind.TRANSPOSITION, EditKind.OPERAND_ORDER, EditKind.EVERY_INDEX, EditKind.COMPARISON),
            (*_FEW, EditKind.FACTOR),
            (EditKind.LENGTH,),
            (EditKind.BRACKETS, EditKind.SCALE, EditKind.OPERATOR, EditKind.PICKED_ITEM, EditKind.ITEM, EditKind.KEY),
            (EditKind.CONSTANT, EditKind.DROPPED_CALL, EditKind.COMPLEMENT),
            (EditKind.SQUARE, EditKind.SHAPE, EditKind.ARGUMENT_ORDER, EditKind.ADDED_CALL, EditKind.DROPPED_ARGUMENT),
            (EditKind.VARIABLE, EditKind.DROPPED_STATEMENT),
        )
    )
    for kind in kinds
}
_BY_EXCEPTION: Final[Mapping[str, frozenset[EditKind]]] = {
    "NameError": frozenset({EditKind.NAME, EditKind.PARAMETER}),
    "KeyError": frozenset({EditKind.KEY}),
    "AttributeError": frozenset({EditKind.NAME, EditKind.NUMPY_FUNCTION}),
    "TypeError": frozenset({EditKind.WHOLE_ARRAY, EditKind.NUMPY_FUNCTION, EditKind.NAME, EditKind.ITEM}),
    "IndexError": frozenset({EditKind.EVERY_INDEX, EditKind.LABELS, EditKind.ONE_HOT, EditKind.BATCH_OF_ONE}),
    "AxisError": frozenset({EditKind.AXIS, EditKind.BATCH_OF_ONE, EditKind.KEEPDIMS}),
    "ValueError": frozenset(
        {EditKind.TRANSPOSITION, EditKind.KEEPDIMS, EditKind.AXIS, EditKind.OPERAND_ORDER, EditKind.WHOLE_ARRAY}
    ),
}

_BY_AXES: Final[Mapping[int, frozenset[EditKind]]] = {
    1: frozenset({EditKind.ADDED_CALL, EditKind.AXIS, EditKind.KEEPDIMS, EditKind.ITEM}),
    -1: frozenset({EditKind.DROPPED_CALL, EditKind.AXIS, EditKind.KEEPDIMS, EditKind.SHAPE}),
}

_OF_WHOLE_VALUES: Final = frozenset(
    {EditKind.SCALE, EditKind.SQUARE, EditKind.COMPLEMENT, EditKind.ADDED_CALL, EditKind.SIGN}
)
"""Kinds that change a whole value: the last statements come first, and those that divide already."""

_MANY: Final = frozenset({EditKind.SCALE, EditKind.ADDED_CALL, EditKind.VARIABLE})
"""Kinds of which one line may have dozens of edits."""
_RANK_OF_FIRST_LINE: Final = 1
"""A line at the top, which brings the parameters to another form, mends often: it is tried soon."""
_PLAINNESS_OF_FIRST_LINE: Final = 8
"""It mends much: an edit of what is written is plainer."""
_TRIED_TOGETHER: Final = 6
"""Number of edits of such a kind on one line that are tried before those of the next rank."""


def order_edits(subject: RepairSubject, edits: Sequence[Edit], errors: Sequence[ExceptionInfo]) -> list[Edit]:
    """Return the edits in the order in which they are tried; equal ones stay in the order of the text.

    `errors` are the exceptions of calls that still fail.
    """
    before = subject.first_line - 1
    suspected = {error.line - before for error in errors if error.line and error.cell == subject.cell}
    if subject.departed is not None and not suspected:
        suspected = {subject.departed - before}
    last = max(suspected, default=0)
    counts: dict[tuple[EditKind, int], int] = {}
    delays = {}
    for edit in edits:
        group = edit.kind, edit.span.first_line
        delays[edit] = counts.get(group, 0) // _TRIED_TOGETHER if edit.kind in _MANY else 0
        counts[group] = counts.get(group, 0) + 1
    likely = _BY_AXES.get(subject.more_axes, frozenset[EditKind]()).union(
        *(_BY_EXCEPTION.get(error.type, frozenset()) for error in errors)
    )

    def rank(edit: Edit) -> tuple[int, tuple[int, bool, int]]:
        is_on_line = any(edit.span.first_line <= line <= edit.span.last_line for line in suspected)
        is_behind = bool(suspected) and edit.span.first_line > last
        kind = -1 if edit.kind in likely else _get_rank(edit)
        place = 0 if is_on_line else 4 if is_behind else 2 if suspected else 0
        return kind + place + delays[edit], get_plainness(edit)

    return sorted(edits, key=rank)


def get_plainness(edit: Edit) -> tuple[int, bool, int]:
    """Return a sort key: of two edits that mend the same, the one with the lower key is the plainer one."""
    if _is_at_top(edit):
        return _PLAINNESS_OF_FIRST_LINE, False, edit.span.first_line
    if edit.kind in _OF_WHOLE_VALUES:
        return _RANKS[edit.kind], "/" not in edit.before, -edit.span.first_line
    return _RANKS[edit.kind], False, edit.span.first_line


def _is_at_top(edit: Edit) -> bool:
    """Tell whether an edit adds a line at the top of a function."""
    return not edit.before and edit.kind is not EditKind.PARAMETER


def _get_rank(edit: Edit) -> int:
    """Return the rank in which an edit is tried, whatever line it is on."""
    if edit.kind in (*_FEW, EditKind.LENGTH):
        return 0
    return _RANK_OF_FIRST_LINE if _is_at_top(edit) else _RANKS[edit.kind]
