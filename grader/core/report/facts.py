"""Facts as phrases: how a tensor is wrong, in what relation it stands to the right one, quantities, shapes."""

from collections.abc import Mapping
from typing import Final

from grader.core.compare.tensors import Mismatch
from grader.core.results.grading import Relation
from grader.core.text.messages import Phrase, Said, say, together


def subject_of(output: str) -> Phrase:
    """What is spoken of: the output of that name, or what a function returned."""
    return Phrase(f"`{output}`") if output else say("The result")


def mismatch_fact(mismatch: Mismatch, output: str) -> Said:
    """One sentence about how a tensor is wrong; `output` is its name, empty for what was returned."""
    subject = subject_of(output)
    if mismatch.where:
        subject = say("{subject} at {where}", subject=subject, where=mismatch.where)
    match mismatch.kind:
        case "type":
            wanted = _WANTED.get(mismatch.expected_type) or Phrase(mismatch.expected_type)
            if mismatch.type_name == "None":
                return say(
                    "{subject} should be {wanted}, but is nothing (None): is a `return` missing?",
                    subject=subject,
                    wanted=wanted,
                )
            return say(
                "{subject} should be {wanted}, but is {found}.",
                subject=subject,
                wanted=wanted,
                found=mismatch.type_name,
            )
        case "text":
            return say("{subject} is not the text that was expected.", subject=subject)
        case "shape":
            expected, actual = shape_text(mismatch.expected_shape), shape_text(mismatch.actual_shape)
            return say(
                "{subject} has {actual}; expected was {expected}.", subject=subject, actual=actual, expected=expected
            )
        case "dtype":
            return say(
                "{subject} has dtype {actual}; expected was {expected}.",
                subject=subject,
                actual=mismatch.actual_dtype,
                expected=mismatch.expected_dtype,
            )
        case "keys":
            return _keys(mismatch, subject)
        case "length":
            return say(
                "{subject} has {actual} items; expected were {expected}.",
                subject=subject,
                actual=mismatch.actual_shape[0],
                expected=mismatch.expected_shape[0],
            )
        case "property":
            return mismatch.text
        case _:
            return _values(mismatch, subject, output)


_WANTED: Final = {
    "": say("an array of numbers"),
    "str": say("text"),
    "dict": say("a dict"),
    "tuple": say("a tuple"),
    "list": say("a list"),
}


def _keys(mismatch: Mismatch, subject: Phrase) -> Phrase:
    missing, extra = (", ".join(f"`{key}`" for key in keys) for keys in (mismatch.missing, mismatch.extra))
    if missing and extra:
        return say("{subject} lacks {missing} and has also {extra}.", subject=subject, missing=missing, extra=extra)
    if missing:
        return say("{subject} lacks {missing}.", subject=subject, missing=missing)
    return say("{subject} has also {extra}.", subject=subject, extra=extra)


def _values(mismatch: Mismatch, subject: Phrase, output: str) -> Phrase:
    at = f"[{', '.join(map(str, mismatch.first))}]"
    actual, expected = mismatch.actual_at, mismatch.expected_at
    if mismatch.size <= 1:
        lead = say("{subject} is {actual}; expected was {expected}.", subject=subject, actual=actual, expected=expected)
        if actual != expected or not mismatch.largest:
            return lead
        return together((lead, say("They differ by {largest}.", largest=mismatch.largest)))
    places: dict[str, object] = {"n": mismatch.differing, "size": mismatch.size, "subject": subject}
    if mismatch.kind == "nonfinite":
        return say(
            "{subject} has {actual} in {n} of {size} places; the first is at {at}, where {expected} was expected.",
            at=at,
            actual=actual,
            expected=expected,
            **places,
        )
    if not output:
        places["subject"] = (
            say("{subject} at {where}", subject=say("the result"), where=mismatch.where)
            if mismatch.where
            else say("the result")
        )
    lead = say(
        "{n} of {size} values of {subject} differ; the first is at {at}: {actual}, where {expected} was expected.",
        at=at,
        actual=actual,
        expected=expected,
        **places,
    )
    if not mismatch.largest:
        return lead
    return together((lead, say("The largest difference is {largest}.", largest=mismatch.largest)))


_RELATIONS: Final[Mapping[str, Phrase]] = {
    "transposed": say("It is the expected tensor transposed: rows and columns are swapped."),
    "negated": say("It is the expected tensor with the opposite sign."),
    "input": say("It is argument {detail} as it came in."),
    "summed": say("It is the expected one times the number of samples: a sum where a mean is meant."),
    "averaged": say("It is the expected one divided by the number of samples once too often."),
    "scaled": say("It is {detail} times the expected one, everywhere."),
    "shifted": say("It is the expected one plus {detail}, everywhere."),
    "rows_reversed": say("The rows are right, but in reverse order."),
    "columns_reversed": say("The columns are right, but in reverse order."),
    "one_row_late": say("Each row holds what the row before it should hold."),
    "one_row_early": say("Each row holds what the row after it should hold."),
    "column": say("The numbers are right, but they stand in a column: shape (n, 1) where (n,) was expected."),
    "row": say("The numbers are right, but there is an axis too many: shape (1, n) where (n,) was expected."),
    "flattened": say("The numbers are right, but the axes are gone: it was flattened."),
    "summed_rows": say("It is the expected one summed over axis 0."),
    "summed_columns": say("It is the expected one summed over axis 1."),
    "one_row": say("Everything is right but the {detail} row."),
    "stale": say("Each call gives what the call before should have given."),
    "overflow": say("It is right while the numbers are small; from about {detail} on it overflows."),
    "other_axis": say("Each column sums to one, where each row should."),
    "whole_batch": say("The whole batch sums to one, where each row should."),
    "inaccurate": say("It is right to about three digits, but not exact."),
    "permuted": say("The numbers are right, but in another order."),
}


_ROWS: Final[Mapping[str, Phrase]] = {"first": say("first"), "last": say("last")}


def relation_fact(relation: Relation) -> Phrase:
    """One sentence of fact about how the wrong tensor relates to the expected one, in every case that was tried."""
    template = _RELATIONS[relation.kind].template
    return say(template, detail=_ROWS.get(relation.detail) or relation.detail)


def shape_text(shape: tuple[int, ...]) -> Phrase:
    """`shape (4, 10)`, `shape (3,)`, or `shape () (a single number)`."""
    if not shape:
        return say("shape () (a single number)")
    return say("shape {shape}", shape=f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})")


def amount(value: float, unit: str) -> Phrase:
    """A quantity with its unit: `2 s`, `512 MB`."""
    if unit == "s":
        return say("{value} s", value=_digits(value))
    if value >= 2**30:
        return say("{value} GB", value=_digits(value / 2**30))
    if value >= 2**20:
        return say("{value} MB", value=_digits(value / 2**20))
    if value >= 2**10:
        return say("{value} kB", value=_digits(value / 2**10))
    return say("{value} bytes", value=f"{value:.0f}")


def _digits(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
