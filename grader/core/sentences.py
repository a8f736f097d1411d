"""Sentences for people, made of stored data when they are shown. Facts only; hints are the author's."""

from grader.core.compare import Mismatch, Remark
from grader.core.grading import CheckResult
from grader.core.job import CellRun, Ended, LimitHit, Missing, Raised
from grader.core.verdict import Verdict


def check_sentence(result: CheckResult) -> str:
    """What a learner reads about one check. Of a hidden check: nothing of inputs, values or exception text."""
    if result.verdict is Verdict.PASSED:
        return ""
    if result.verdict is Verdict.GRADER_ERROR:
        return "The grader itself failed here. It costs you nothing and will be graded again."
    if result.missing:
        return _missing(result.missing)
    if result.skipped:
        return f"Not run, because an earlier check of this question was stopped ({_named(result.verdict)})."
    if result.raised:
        return _raised(result.raised, hidden=result.hidden)
    if result.limit:
        return limit_sentence(result.limit)
    if result.signal:
        return f"Your code ended the Python process ({result.signal})."
    if result.hidden or result.mismatch is None:
        return f"{_subject(result)} is not what was expected."
    return mismatch_sentence(result.mismatch, _subject(result))


def _named(verdict: Verdict) -> str:
    return str(verdict).replace("_", " ")


def _subject(result: CheckResult) -> str:
    return f"`{result.output}`" if result.output else "The result"


def _missing(missing: Missing) -> str:
    if missing.blank:
        return f"`{missing.name}` is still a blank (`____`)."
    return f"Nothing named `{missing.name}` was found in what you handed in."


def _raised(raised: Raised, *, hidden: bool) -> str:
    if raised.blank:
        where = f" in line {raised.line}" if raised.line else ""
        line = f": `{raised.text.strip()}`" if raised.text else ""
        return f"A blank (`____`) is still empty{where}{line}"
    if hidden:
        return f"Your code raised {raised.type}."
    where = f"Line {raised.line} of your code" if raised.line else "Your code"
    line = f" (`{raised.text.strip()}`)" if raised.text else ""
    message = f": {raised.message}" if raised.message else ""
    return f"{where}{line} raised {raised.type}{message}"


def limit_sentence(limit: LimitHit) -> str:
    """`Stopped: 2.01 s of processor time, 2 s are allowed.`"""
    what = {
        "cpu": "processor time",
        "wall": "waiting",
        "memory": "memory",
        "output": "returned data",
        "total_cpu": "processor time for the whole submission",
        "total_wall": "time for the whole submission",
    }.get(limit.name, limit.name)
    allowed = amount(limit.allowed, limit.unit)
    if limit.used is None or limit.used <= limit.allowed:
        return f"Stopped: more than the {allowed} of {what} that are allowed."
    return f"Stopped after {amount(limit.used, limit.unit)} of {what}; {allowed} are allowed."


def amount(value: float, unit: str) -> str:
    """A quantity with its unit: `2 s`, `512 MB`."""
    if unit == "s":
        return f"{value:.3g} s"
    for name, size in (("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value:.0f} bytes"


def shape_text(shape: tuple[int, ...]) -> str:
    """`(4, 10)`, `(3,)`, or `a single number`."""
    if not shape:
        return "a single number, shape ()"
    return f"shape ({shape[0]},)" if len(shape) == 1 else f"shape ({', '.join(map(str, shape))})"


def mismatch_sentence(mismatch: Mismatch, subject: str) -> str:
    """One sentence of fact about how a tensor is wrong."""
    subject = f"{subject} at {mismatch.where}" if mismatch.where else subject
    match mismatch.kind:
        case "type":
            came = "nothing (None): is a `return` missing?" if mismatch.type_name == "None" else mismatch.type_name
            return f"{subject} should be an array of numbers, but is {came}" + ("" if came.endswith("?") else ".")
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


def _values(mismatch: Mismatch, subject: str) -> str:
    at = f" at [{', '.join(map(str, mismatch.first))}]" if mismatch.first else ""
    if mismatch.size <= 1:
        return f"{subject} is {mismatch.actual_at}; expected was {mismatch.expected_at}."
    if mismatch.kind == "nonfinite":
        lead = f"{subject} has {mismatch.actual_at} in {mismatch.differing} of {mismatch.size} places"
        return f"{lead}; the first is{at}, where {mismatch.expected_at} was expected."
    lead = f"{mismatch.differing} of {mismatch.size} values of {subject[0].lower() + subject[1:]} differ"
    far = f" The largest difference is {mismatch.largest}." if mismatch.largest else ""
    return f"{lead}; the first is{at}: {mismatch.actual_at}, where {mismatch.expected_at} was expected.{far}"


def remark_sentence(remark: Remark) -> str:
    """A remark that costs nothing."""
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
    if cell.ended is not Ended.DONE:
        said.append(
            limit_sentence(cell.limit) if cell.limit else f"This cell ended the Python process ({cell.signal})."
        )
    elif cell.raised and not cell.raised.blank:
        said.append(_raised(cell.raised, hidden=False))
    return said
