"""Sentences about edits that mend a student's code: the line, the kind of edit, or the edit itself."""

from collections.abc import Mapping
from typing import Final

from grader.core.report.exception_text import describe_cell_label, is_numbered
from grader.core.results.disclosure import Hints
from grader.core.results.reason import CodePlace, RepairEdit
from grader.core.text.messages import Message, gettext
from grader.core.wire.edits.edit import EditKind

MAX_QUOTED_CHARS: Final = 300
"""Characters of one piece of code in a sentence."""

KIND_SENTENCES: Final[Mapping[EditKind, Message]] = {
    EditKind.COMPARISON: gettext("look at this comparison."),
    EditKind.SIGN: gettext("look at the sign."),
    EditKind.OPERATOR: gettext("look at the operator."),
    EditKind.OPERAND_ORDER: gettext("look at the order of the two operands."),
    EditKind.FACTOR: gettext("look at whether each part of this calculation belongs here."),
    EditKind.CONSTANT: gettext("look at this number."),
    EditKind.AXIS: gettext("look at the axis of this call."),
    EditKind.KEEPDIMS: gettext("look at whether this call keeps the axis that it reduces (`keepdims`)."),
    EditKind.TRANSPOSITION: gettext("look at whether an array must be transposed here (`.T`)."),
    EditKind.FUNCTION: gettext("look at which function is called."),
    EditKind.ARGUMENT_ORDER: gettext("look at the order of the arguments or items."),
    EditKind.DROPPED_CALL: gettext("look at whether this call belongs here."),
    EditKind.DROPPED_ARGUMENT: gettext("look at the named arguments of this call."),
    EditKind.DROPPED_STATEMENT: gettext("look at whether this statement belongs here."),
    EditKind.MOVED_STATEMENT: gettext("look at the indentation: which block does this statement belong to?"),
    EditKind.BRACKETS: gettext("look at the brackets: what is calculated first?"),
    EditKind.SCALE: gettext("look at the factor: what must this be multiplied with, or divided by?"),
    EditKind.COMPLEMENT: gettext("look at whether this or one minus this is meant."),
    EditKind.SQUARE: gettext("look at whether this must be squared."),
    EditKind.SMALL_CONSTANT: gettext("look at what the logarithm gives for 0."),
    EditKind.ROW_MAXIMUM: gettext("look at how large the argument of the exponential function becomes."),
    EditKind.ADDED_CALL: gettext("look at whether a function must be applied to this value."),
    EditKind.ITEM: gettext("look at whether all of this or one item of it is meant."),
    EditKind.FLOAT_NUMBERS: gettext("look at the kind of numbers that this array holds."),
    EditKind.NUMPY_FUNCTION: gettext("look at whether this works for numbers, lists and arrays of any shape."),
    EditKind.WHOLE_ARRAY: gettext("look at whether this converts a whole array, or one number only."),
    EditKind.EVERY_INDEX: gettext("look at whether the loop visits every position of an array of any shape."),
    EditKind.NAME: gettext("look at the spelling of this name."),
    EditKind.VARIABLE: gettext("look at which variable is meant here."),
    EditKind.ONE_HOT: gettext("look at whether this needs one-hot rows, or labels."),
    EditKind.LABELS: gettext("look at whether this needs labels, or one-hot rows."),
    EditKind.PICKED_ITEM: gettext("look at how the item of each row is picked: by its label, or by one-hot rows."),
    EditKind.BATCH_OF_ONE: gettext(
        "look at a single sample: it has one axis less than a batch, and a label may be a plain number."
    ),
    EditKind.LENGTH: gettext("look at which length or number of elements is meant."),
    EditKind.SLICE: gettext("look at where this slice begins and ends."),
    EditKind.LOOP_STEP: gettext("look at the step of this loop."),
    EditKind.YIELD: gettext("look at what `return` does in a loop, and what `yield` does."),
    EditKind.RETURN: gettext("look at what the function returns."),
    EditKind.PARAMETER: gettext("look at whether the function uses its parameter here, or another variable."),
    EditKind.KEY: gettext("look at the key."),
    EditKind.COPY: gettext("look at whether this is a copy, or the same array under another name."),
    EditKind.SHAPE: gettext("look at the shape of this result."),
}
"""The sentence of each kind of edit, after the line."""


def describe_edit(edit: RepairEdit, hints: Hints) -> Message | None:
    """Describe an edit of a student's code as far as the hints go; None if nothing of it is shown."""
    if hints is Hints.NONE:
        return None
    if hints is Hints.PLACE or edit.kind not in list(EditKind):
        return _describe_place(edit.place)
    return gettext("{where}: {what}", where=describe_line(edit.place), what=_describe_kind(edit, hints))


def describe_edit_at_line(edit: RepairEdit, hints: Hints) -> Message:
    """Describe an edit as `describe_edit` does, for a reader who sees the line beside it."""
    if hints <= Hints.PLACE or edit.kind not in list(EditKind):
        return gettext("look at this line.")
    return _describe_kind(edit, hints)


def _describe_kind(edit: RepairEdit, hints: Hints) -> Message:
    return KIND_SENTENCES[EditKind(edit.kind)] if hints is Hints.KIND else _describe_change(edit)


def describe_line(place: CodePlace) -> Message:
    """Return the beginning of a sentence about a line: `Line 3`, `Line 3 of cell 7`."""
    if is_numbered(place.cell):
        return gettext("Line {line} of {cell}", line=place.line, cell=describe_cell_label(place.cell))
    return gettext("Line {line}", line=place.line)


def _describe_place(place: CodePlace) -> Message:
    if is_numbered(place.cell):
        return gettext("Look at line {line} of {cell}.", line=place.line, cell=describe_cell_label(place.cell))
    return gettext("Look at line {line}.", line=place.line)


def _describe_change(edit: RepairEdit) -> Message:
    before, after = _quote(edit.before), _quote(edit.after)
    if edit.kind == EditKind.DROPPED_STATEMENT or (before and not after):
        return gettext("delete `{before}`.", before=before)
    if edit.kind == EditKind.MOVED_STATEMENT:
        if _measure_indent(edit.after) < _measure_indent(edit.before):
            return gettext("indent `{code}` less, so that it stands outside of the block.", code=before)
        return gettext("indent `{code}` more, so that it stands in the block.", code=before)
    if not before:
        return gettext("add `{after}`.", after=after)
    return gettext("write `{after}` in place of `{before}`.", before=before, after=after)


def _quote(code: str) -> str:
    """Return code on one line, cut to the length that a sentence has room for."""
    line = " ".join(code.split())
    return line if len(line) <= MAX_QUOTED_CHARS else f"{line[: MAX_QUOTED_CHARS - 1]}…"


def _measure_indent(code: str) -> int:
    return len(code) - len(code.lstrip(" \t"))
