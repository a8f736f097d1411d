"""Messages about mismatches of tensors, relations to the right tensor, quantities and shapes."""

from collections.abc import Mapping
from typing import Final, assert_never

from grader.core.compare.mismatch import (
    DtypeMismatch,
    KeysMismatch,
    LengthMismatch,
    Mismatch,
    NonfiniteMismatch,
    PropertyMismatch,
    ShapeMismatch,
    TextMismatch,
    TypeMismatch,
    ValuesMismatch,
)
from grader.core.results.reason import Relation
from grader.core.text.messages import Message, MessageLike, gettext, join_messages
from grader.core.text.numbers import localize_number


def describe_subject(output: str) -> Message:
    """Return the subject of a sentence: the output of that name, or the function's result."""
    return Message(f"`{output}`") if output else gettext("The result")


def describe_mismatch(mismatch: Mismatch, output: str) -> MessageLike:
    """Describe the mismatch of a tensor in one sentence; `output` is its name, empty for the returned value."""
    if isinstance(mismatch, PropertyMismatch):
        return mismatch.text
    subject = describe_subject(output)
    if mismatch.location:
        subject = gettext("{subject} at {where}", subject=subject, where=mismatch.location)
    match mismatch:
        case TypeMismatch():
            return _describe_type(mismatch, subject)
        case TextMismatch():
            return gettext("{subject} is not the expected text.", subject=subject)
        case KeysMismatch():
            return _describe_keys(mismatch, subject, output)
        case LengthMismatch(expected, actual):
            return gettext(
                "{subject} has {actual} items; expected {expected}.",
                subject=subject,
                actual=actual,
                expected=expected,
            )
        case ShapeMismatch(expected_shape, actual_shape):
            return gettext(
                "{subject} has {actual}; expected {expected}.",
                subject=subject,
                actual=describe_shape(actual_shape),
                expected=describe_shape(expected_shape),
            )
        case DtypeMismatch(expected_dtype, actual_dtype):
            return gettext(
                "{subject} has dtype {actual}; expected {expected}.",
                subject=subject,
                actual=actual_dtype,
                expected=expected_dtype,
            )
        case NonfiniteMismatch() | ValuesMismatch() if mismatch.size <= 1:
            return _describe_single_value(mismatch, subject)
        case NonfiniteMismatch():
            return gettext(
                "{subject} has {actual} at {n} of {size} positions; the first is {at}, where {expected} was expected.",
                subject=subject,
                **_get_places(mismatch),
            )
        case ValuesMismatch():
            return _describe_values(mismatch, subject, output)
        case _:
            assert_never(mismatch)


_TYPE_DESCRIPTIONS: Final = {
    "": gettext("an array of numbers"),
    "str": gettext("text"),
    "dict": gettext("a dict"),
    "tuple": gettext("a tuple"),
    "list": gettext("a list"),
}


def _describe_type(mismatch: TypeMismatch, subject: Message) -> Message:
    wanted = _TYPE_DESCRIPTIONS.get(mismatch.expected) or Message(mismatch.expected)
    if mismatch.actual == "None":
        return gettext(
            "{subject} should be {wanted}, but is None: is a `return` missing?",
            subject=subject,
            wanted=wanted,
        )
    return gettext(
        "{subject} should be {wanted}, but is {found}.", subject=subject, wanted=wanted, found=mismatch.actual
    )


def _describe_keys(mismatch: KeysMismatch, subject: Message, output: str) -> Message:
    if mismatch == KeysMismatch(missing=(output,)):  # the judged output itself is not there
        return gettext("{subject} is missing.", subject=subject)
    missing, extra = (", ".join(f"`{key}`" for key in keys) for keys in (mismatch.missing, mismatch.extra))
    if missing and extra:
        return gettext(
            "{subject} lacks {missing} and has the unexpected {extra}.", subject=subject, missing=missing, extra=extra
        )
    if missing:
        return gettext("{subject} lacks {missing}.", subject=subject, missing=missing)
    return gettext("{subject} has the unexpected {extra}.", subject=subject, extra=extra)


def _describe_single_value(mismatch: NonfiniteMismatch | ValuesMismatch, subject: Message) -> Message:
    actual, expected = localize_number(mismatch.actual_at), localize_number(mismatch.expected_at)
    lead = gettext("{subject} is {actual}; expected {expected}.", subject=subject, actual=actual, expected=expected)
    if actual != expected or not mismatch.largest:
        return lead
    return join_messages((lead, gettext("They differ by {largest}.", largest=localize_number(mismatch.largest))))


def _describe_values(mismatch: ValuesMismatch, subject: Message, output: str) -> Message:
    if not output:  # in the middle of a sentence
        subject = gettext("the result")
        if mismatch.location:
            subject = gettext("{subject} at {where}", subject=subject, where=mismatch.location)
    lead = gettext(
        "{n} of {size} values of {subject} differ; the first is at {at}: {actual} instead of {expected}.",
        subject=subject,
        **_get_places(mismatch),
    )
    if not mismatch.largest:
        return lead
    largest = localize_number(mismatch.largest)
    return join_messages((lead, gettext("The largest difference is {largest}.", largest=largest)))


def _get_places(mismatch: NonfiniteMismatch | ValuesMismatch) -> dict[str, object]:
    return {
        "at": f"[{', '.join(map(str, mismatch.first_index))}]",
        "actual": localize_number(mismatch.actual_at),
        "expected": localize_number(mismatch.expected_at),
        "n": mismatch.differing,
        "size": mismatch.size,
    }


_RELATIONS: Final[Mapping[str, Message]] = {
    "transposed": gettext("It is the expected tensor transposed: rows and columns are swapped."),
    "negated": gettext("It is the expected tensor with the opposite sign."),
    "input": gettext("It is argument {detail}, unchanged."),
    "summed": gettext("It is the expected tensor times the number of samples: a sum instead of a mean."),
    "averaged": gettext("It is the expected tensor divided once too often by the number of samples."),
    "scaled": gettext("Every value is {detail} times the expected one."),
    "shifted": gettext("Every value is the expected one plus {detail}."),
    "rows_reversed": gettext("The rows are right, but in reverse order."),
    "columns_reversed": gettext("The columns are right, but in reverse order."),
    "one_row_late": gettext("Each row contains what the row before it should contain."),
    "one_row_early": gettext("Each row contains what the row after it should contain."),
    "column": gettext("The numbers are right, but in a column: the shape is (n, 1) instead of (n,)."),
    "row": gettext("The numbers are right, but there is one axis too many: the shape is (1, n) instead of (n,)."),
    "flattened": gettext("The numbers are right, but the array was flattened."),
    "summed_rows": gettext("It is the expected tensor summed over axis 0."),
    "summed_columns": gettext("It is the expected tensor summed over axis 1."),
    "one_row": gettext("Everything is right except the {detail} row."),
    "stale": gettext("Each call returns what the previous call should have returned."),
    "overflow": gettext("It is right for small numbers, but overflows from about {detail} on."),
    "other_axis": gettext("Each column sums to one, but each row should."),
    "whole_batch": gettext("The whole batch sums to one, but each row should."),
    "inaccurate": gettext("It is right to about three digits, but not exact."),
    "permuted": gettext("The numbers are right, but in a different order."),
    "also_transposed": gettext("In addition, rows and columns are swapped."),
    "also_negated": gettext("In addition, the sign is the opposite one."),
    "also_summed": gettext("In addition, all values are multiplied by the number of samples: a sum instead of a mean."),
    "also_averaged": gettext("In addition, all values are divided once too often by the number of samples."),
    "also_scaled": gettext("In addition, all values have the factor {detail}."),
    "also_overflow": gettext("In addition, it overflows from about {detail} on."),
}


_ROW_NAMES: Final[Mapping[str, Message]] = {"first": gettext("first"), "last": gettext("last")}


def describe_relation(relation: Relation) -> Message:
    """Describe in one sentence the relation of the wrong tensor to the expected one, which holds in every case."""
    template = _RELATIONS[relation.kind].template
    return gettext(template, detail=_ROW_NAMES.get(relation.detail) or localize_number(relation.detail))


def is_known_relation(relation: Relation) -> bool:
    """Tell whether there is a sentence for the relation; a later version of the program may have stored others."""
    return relation.kind in _RELATIONS


def describe_shape(shape: tuple[int, ...]) -> Message:
    """Describe a shape: `shape (4, 10)`, `shape (3,)`, or `shape () (a single number)`."""
    if not shape:
        return gettext("shape () (a single number)")
    return gettext("shape {shape}", shape=format_shape(shape))


def format_shape(shape: tuple[int, ...]) -> MessageLike:
    """Format a shape without the word: `(4, 10)`, `(3,)`, or `a single number`."""
    if not shape:
        return gettext("a single number")
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def format_quantity(value: float, unit: str) -> Message:
    """Format a quantity with its unit: `2 s`, `512 MB`."""
    if unit == "s":
        return gettext("{value} s", value=_format_digits(value))
    if value >= 2**30:
        return gettext("{value} GB", value=_format_digits(value / 2**30))
    if value >= 2**20:
        return gettext("{value} MB", value=_format_digits(value / 2**20))
    if value >= 2**10:
        return gettext("{value} kB", value=_format_digits(value / 2**10))
    return gettext("{value} bytes", value=f"{value:.0f}")


def _format_digits(value: float) -> MessageLike:
    return localize_number(f"{value:.3g}" if value < 100 else f"{value:.0f}")
