"""Sentences for people, made of stored data when they are shown. Facts only; hints are the author's.

Each is one line, whatever a student's code named its types and keys or wrote into its exceptions.
"""

import builtins
from dataclasses import replace
from typing import Final

from grader.core.compare import Mismatch, Remark
from grader.core.grading import CheckResult, Relation
from grader.core.job import CellRun, Ended, LimitHit, Missing, Raised
from grader.core.verdict import Verdict

_KNOWN_EXCEPTIONS: Final = frozenset(
    {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}
    | {"AxisError", "LinAlgError"}
)
"""What may be said of a hidden check: a class of the student's own could be named after its input."""


def check_sentence(result: CheckResult) -> str:
    """What a learner reads about one check. Of a hidden check: nothing of inputs, values or exception text."""
    return one_line(_check(result))


def one_line(text: str) -> str:
    """The text with every run of white space, control and other unprintable characters as one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _check(result: CheckResult) -> str:
    if result.verdict is Verdict.PASSED:
        return "A person reads and marks this." if result.pending else ""
    if result.verdict is Verdict.GRADER_ERROR:
        return "The grader itself failed here. It costs you nothing and will be graded again."
    if result.missing:
        return _missing(result.missing)
    if result.skipped:
        return f"Not run, because an earlier check of this question was stopped ({_named(result.verdict)})."
    if result.hidden:
        return _hidden(result)
    if result.raised:
        return _raised(result.raised)
    if result.limit:
        return limit_sentence(result.limit)
    if result.signal:
        return f"Your code ended the Python process ({result.signal})."
    if result.mismatch:
        said = mismatch_sentence(result.mismatch, _subject(result))
        return f"{said} {relation_sentence(result.relation)}" if result.relation else said
    return _unexplained(result)


def _hidden(result: CheckResult) -> str:
    """No line, no text, no amount that was used: each could carry an input out."""
    if result.raised:
        if result.raised.blank:
            return "A blank (`____`) is still empty."
        kind = result.raised.type
        return f"Your code raised {kind if kind in _KNOWN_EXCEPTIONS else 'an exception of its own'}."
    if result.limit:
        return limit_sentence(replace(result.limit, used=None))
    if result.signal:
        return "Your code ended the Python process."
    return _unexplained(result)


def _unexplained(result: CheckResult) -> str:
    match result.verdict:
        case Verdict.WRONG_ANSWER if result.points > 0:
            return f"{_subject(result)} is right in part."
        case Verdict.WRONG_ANSWER:
            return f"{_subject(result)} is not what was expected."
        case Verdict.NOT_ATTEMPTED:
            return "Nothing was found to judge here."
        case _:
            return f"Your code was stopped ({_named(result.verdict)})."


def _named(verdict: Verdict) -> str:
    return str(verdict).replace("_", " ")


def _subject(result: CheckResult) -> str:
    return f"`{result.output}`" if result.output else "The result"


def _missing(missing: Missing) -> str:
    if missing.blank:
        return f"`{missing.name}` is still a blank (`____`)."
    return f"Nothing named `{missing.name}` was found: it is looked for among what your cells leave behind."


def _raised(raised: Raised) -> str:
    if raised.blank:
        where = f" in line {raised.line}" if raised.line else ""
        line = f": `{raised.text.strip()}`" if raised.text else ""
        return f"A blank (`____`) is still empty{where}{line}"
    where = f"Line {raised.line} of your code" if raised.line else "Your code"
    line = f" (`{raised.text.strip()}`)" if raised.text else ""
    message = f": {raised.message}" if raised.message else ""
    return f"{where}{line} raised {raised.type}{message}"


def limit_sentence(limit: LimitHit) -> str:
    """`Stopped after 2.01 s of processor time; 2 s are allowed.`"""
    what = {
        "cpu": "processor time",
        "wall": "waiting",
        "memory": "memory",
        "output": "returned data",
        "total_cpu": "processor time for the whole submission",
        "total_wall": "time for the whole submission",
    }.get(limit.name, limit.name)
    allowed = amount(limit.allowed, limit.unit)
    used = None if limit.used is None or limit.used <= limit.allowed else amount(limit.used, limit.unit)
    if used is None or used == allowed:
        return f"Stopped: more than the {allowed} of {what} that are allowed."
    return f"Stopped after {used} of {what}; {allowed} are allowed."


def amount(value: float, unit: str) -> str:
    """A quantity with its unit: `2 s`, `512 MB`."""
    if unit == "s":
        return f"{_digits(value)} s"
    for name, size in (("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if value >= size:
            return f"{_digits(value / size)} {name}"
    return f"{value:.0f} bytes"


def _digits(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def shape_text(shape: tuple[int, ...]) -> str:
    """`shape (4, 10)`, `shape (3,)`, or `shape () (a single number)`."""
    if not shape:
        return "shape () (a single number)"
    return f"shape ({shape[0]},)" if len(shape) == 1 else f"shape ({', '.join(map(str, shape))})"


def mismatch_sentence(mismatch: Mismatch, subject: str) -> str:
    """One sentence of fact about how a tensor is wrong."""
    return one_line(_mismatch(mismatch, subject))


def _mismatch(mismatch: Mismatch, subject: str) -> str:
    subject = f"{subject} at {mismatch.where}" if mismatch.where else subject
    match mismatch.kind:
        case "type":
            wanted = _WANTED.get(mismatch.expected_type, mismatch.expected_type)
            if mismatch.type_name == "None":
                return f"{subject} should be {wanted}, but is nothing (None): is a `return` missing?"
            return f"{subject} should be {wanted}, but is {mismatch.type_name}."
        case "text":
            return f"{subject} is not the text that was expected."
        case "shape":
            expected, actual = shape_text(mismatch.expected_shape), shape_text(mismatch.actual_shape)
            return f"{subject} has {actual}; expected was {expected}."
        case "dtype":
            return f"{subject} has dtype {mismatch.actual_dtype}; expected was {mismatch.expected_dtype}."
        case "keys":
            parts = []
            if mismatch.missing:
                parts.append("lacks " + ", ".join(f"`{k}`" for k in mismatch.missing))
            if mismatch.extra:
                parts.append("has also " + ", ".join(f"`{k}`" for k in mismatch.extra))
            return f"{subject} {' and '.join(parts)}."
        case "length":
            return f"{subject} has {mismatch.actual_shape[0]} items; expected were {mismatch.expected_shape[0]}."
        case "property":
            return mismatch.text
        case _:
            return _values(mismatch, subject)


_WANTED: Final = {"": "an array of numbers", "str": "text"} | {k: f"a {k}" for k in ("dict", "tuple", "list")}


def _values(mismatch: Mismatch, subject: str) -> str:
    at = f" at [{', '.join(map(str, mismatch.first))}]" if mismatch.first else ""
    if mismatch.size <= 1:
        far = (
            f" They differ by {mismatch.largest}."
            if mismatch.actual_at == mismatch.expected_at and mismatch.largest
            else ""
        )
        return f"{subject} is {mismatch.actual_at}; expected was {mismatch.expected_at}.{far}"
    if mismatch.kind == "nonfinite":
        lead = f"{subject} has {mismatch.actual_at} in {mismatch.differing} of {mismatch.size} places"
        return f"{lead}; the first is{at}, where {mismatch.expected_at} was expected."
    lead = f"{mismatch.differing} of {mismatch.size} values of {subject[0].lower() + subject[1:]} differ"
    far = f" The largest difference is {mismatch.largest}." if mismatch.largest else ""
    return f"{lead}; the first is{at}: {mismatch.actual_at}, where {mismatch.expected_at} was expected.{far}"


_RELATIONS: Final = {
    "transposed": "It is the expected tensor transposed: rows and columns are swapped.",
    "negated": "It is the expected tensor with the opposite sign.",
    "input": "It is argument {detail} as it came in.",
    "summed": "It is the expected one times the number of samples: a sum where a mean is meant.",
    "averaged": "It is the expected one divided by the number of samples once too often.",
    "scaled": "It is {detail} times the expected one, everywhere.",
    "shifted": "It is the expected one plus {detail}, everywhere.",
    "rows_reversed": "The rows are right, but in reverse order.",
    "columns_reversed": "The columns are right, but in reverse order.",
    "one_row_late": "Each row holds what the row before it should hold.",
    "one_row_early": "Each row holds what the row after it should hold.",
    "column": "The numbers are right, but they stand in a column: shape (n, 1) where (n,) was expected.",
    "row": "The numbers are right, but there is an axis too many: shape (1, n) where (n,) was expected.",
    "flattened": "The numbers are right, but the axes are gone: it was flattened.",
    "summed_rows": "It is the expected one summed over axis 0.",
    "summed_columns": "It is the expected one summed over axis 1.",
    "one_row": "Everything is right but the {detail} row.",
    "stale": "Each call gives what the call before should have given.",
    "overflow": "It is right while the numbers are small; from about {detail} on it overflows.",
    "other_axis": "Each column sums to one, where each row should.",
    "whole_batch": "The whole batch sums to one, where each row should.",
    "inaccurate": "It is right to about three digits, but not exact.",
    "permuted": "The numbers are right, but in another order.",
}


def relation_sentence(relation: Relation) -> str:
    """One sentence of fact about how the wrong tensor relates to the expected one, in every case that was tried."""
    return _RELATIONS[relation.kind].format(detail=relation.detail)


def remark_sentence(remark: Remark) -> str:
    """A remark that costs nothing."""
    return one_line(_remark(remark))


def _remark(remark: Remark) -> str:
    match remark.kind:
        case "converted":
            return f"A {remark.detail} was returned; it was taken as an array. `np.array` would make it one."
        case "low_precision":
            return f"The result is {remark.detail}, which is less precise than float64."
        case "changed":
            return f"Argument {remark.detail} was changed in place: whoever called the function still needs it."
        case "warning":
            return f"numpy warned: {remark.detail}"
        case "printed":
            return f"{remark.detail} bytes were printed."
    return remark.detail


def cell_sentences(cell: CellRun) -> list[str]:
    """What there is to say about how a cell ran; nothing where it ran well. An empty blank is told at its question."""
    said = list(cell.remarks)
    kept = len(cell.printed.encode())
    if cell.printed_bytes > kept:
        said.append(f"{amount(cell.printed_bytes, 'bytes')} were printed, more than the {amount(kept, 'bytes')} kept.")
    if cell.ended is not Ended.DONE:
        said.append(_stopped(cell))
    elif cell.raised and not cell.raised.blank:
        said.append(_raised(cell.raised))
    return [one_line(sentence) for sentence in said]


def _stopped(cell: CellRun) -> str:
    if cell.ended is Ended.FAULT:
        return "The grader itself failed at this cell."
    if cell.limit:
        return limit_sentence(cell.limit)
    return "This cell ended the Python process" + (f" ({cell.signal})." if cell.signal else ".")
