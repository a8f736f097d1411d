"""Sentences are one line each and state facts; those of hidden checks can't reveal an input.

Covers `core/report/exception_text.py`, `core/report/limit_text.py`, `core/report/mismatch_text.py`,
`core/report/one_line.py`, `core/report/sandbox_notes.py`, `core/results/reason.py` and `core/results/verdict.py`.
"""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from grader.core.compare.tensors import Remark, compare
from grader.core.report.mismatch_text import describe_shape, format_quantity
from grader.core.report.one_line import collapse_to_one_line
from grader.core.report.sentences import (
    cell_sentences,
    check_sentence,
    limit_sentence,
    mismatch_sentence,
    remark_sentence,
)
from grader.core.results.grading import CheckResult
from grader.core.results.reason import ProcessDeath, Skipped
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, ExceptionInfo, LimitHit, MissingName, NameOrigin, Status
from grader.core.wire.near_names import NearName
from grader.core.wire.values import Opaque, Value

NAN, INF = float("nan"), float("inf")
CHECK = CheckResult("one", Verdict.WRONG_ANSWER, 0.0, 1.0, hidden=False)
HIDDEN = replace(CHECK, hidden=True)
UNEARNED = (
    "passes, but so would an answer without any calculation, such as zeros: this counts only together with another "
    "check."
)
ERROR = replace(CHECK, verdict=Verdict.RUNTIME_ERROR)


def is_one_line(sentence: str) -> bool:
    """Tell whether a sentence isn't empty, and a terminal prints it in one line."""
    return sentence != "" and sentence.isprintable() and sentence == sentence.strip()


SENTENCES: list[tuple[Value, Value, str]] = [
    (np.zeros(2), None, "The result should be an array of numbers, but is None: is a `return` missing?"),
    (np.zeros(2), Opaque("function"), "The result should be an array of numbers, but is function."),
    ({"a": 1.0}, [1.0], "The result should be a dict, but is list."),
    ((1.0, 2.0), 1.0, "The result should be a tuple, but is float."),
    ("a", 1.0, "The result should be text, but is float."),
    (None, 1.0, "The result should be None, but is float."),
    ("a", "b", "The result is not the expected text."),
    (np.zeros((4, 10)), np.zeros((10, 4)), "The result has shape (10, 4); expected shape (4, 10)."),
    (np.zeros(3), np.zeros(()), "The result has shape () (a single number); expected shape (3,)."),
    (np.array([0.5, 1.0]), np.array([0, 1]), "The result has dtype int64; expected float64."),
    ({"W": 1.0}, {"w": 1.0}, "The result lacks `W` and has the unexpected `w`."),
    ((1.0, 2.0), (1.0,), "The result has 1 items; expected 2."),
    (np.float64(0.5), np.float64(0.25), "The result is 0.25; expected 0.5."),
    (np.float64(1 / 3), 1 / 3 + 1e-6, "The result is 0.333334; expected 0.333333."),
    (np.float64(1.0), 1 + 2e-6, "The result is 1; expected 1. They differ by 2e-06."),
    (np.array([2.0]), np.array([NAN]), "The result is nan; expected 2."),
    (
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1.0, 2.0], [5.0, 1.0]]),
        "2 of 4 values of the result differ; the first is at [1, 0]: 5 instead of 3. The largest difference is 3.",
    ),
    (
        np.array([1.0, 2.0, 3.0]),
        np.array([1.0, INF, INF]),
        "The result has inf at 2 of 3 positions; the first is [1], where 2 was expected.",
    ),
    ({"W": np.zeros(2)}, {"W": np.zeros(3)}, "The result at ['W'] has shape (3,); expected shape (2,)."),
    (
        {"W": np.zeros(2)},
        {"W": np.ones(2)},
        "2 of 2 values of the result at ['W'] differ; the first is at [0]: 1 instead of 0."
        " The largest difference is 1.",
    ),
]


@pytest.mark.parametrize(("expected", "actual", "sentence"), SENTENCES)
def test_a_mismatch_is_described(expected: Value, actual: Value, sentence: str) -> None:
    """Each kind of difference has a sentence with the actual value, the expected one, and the place."""
    mismatch = compare(expected, actual).mismatch
    assert mismatch is not None
    assert mismatch_sentence(mismatch) == sentence
    assert check_sentence(replace(CHECK, reason=mismatch)) == sentence


def test_every_kind_of_mismatch_is_tested() -> None:
    """The sentences above cover every kind of mismatch."""
    kinds = {type(compare(expected, actual).mismatch) for expected, actual, _ in SENTENCES}
    assert kinds == set(get_args(Mismatch)) - {PropertyMismatch}


def test_an_output_is_named_by_its_label() -> None:
    """A judged tensor is named by its label; a property's own sentence stays unchanged."""
    mismatch = compare(np.zeros(2), np.ones(2)).mismatch
    assert check_sentence(replace(CHECK, output="grad['W']", reason=mismatch)).startswith(
        "2 of 2 values of `grad['W']` differ"
    )
    said = PropertyMismatch("The rows don't sum to 1.")
    assert check_sentence(replace(CHECK, reason=said)) == "The rows don't sum to 1."


RAISED = ExceptionInfo("ValueError", "too many\nvalues", "cell 3", 4, "  a, b = x", "softmax")
BLANK = ExceptionInfo("NameError", "name '____' is not defined", "cell 3", 4, "  y = ____", "softmax", blank=True)
CPU = LimitHit("cpu", 2.0, 2.51, "s")


@pytest.mark.parametrize(
    ("result", "seen", "unseen"),
    [
        (replace(CHECK, verdict=Verdict.PASSED, points=1.0), "", ""),
        (replace(CHECK, verdict=Verdict.PASSED, output="grad"), f"`grad` {UNEARNED}", f"`grad` {UNEARNED}"),
        (replace(CHECK, verdict=Verdict.PASSED, carried=("z1",)), f"The result {UNEARNED}", f"The result {UNEARNED}"),
        (CHECK, "The result is not what was expected.", "The result is not what was expected."),
        (
            replace(CHECK, reason=ShapeMismatch((), (2,)), output="y"),
            "`y` has shape (2,); expected shape () (a single number).",
            "`y` is not what was expected: its shape differs.",
        ),
        (
            replace(CHECK, reason=DtypeMismatch("float64", "complex128")),
            "The result has dtype complex128; expected float64.",
            "The result is not what was expected: its kind of numbers differs.",
        ),
        (
            replace(CHECK, reason=compare(np.zeros(2), np.ones(2)).mismatch),
            "2 of 2 values of the result differ; the first is at [0]: 1 instead of 0. The largest difference is 1.",
            "The result is not what was expected: its values differ.",
        ),
        (
            replace(CHECK, reason=compare(np.zeros(2), np.ones(2)).mismatch, points=0.5),
            "2 of 2 values of the result differ; the first is at [0]: 1 instead of 0. The largest difference is 1.",
            "The result is partly right.",
        ),
        (
            replace(CHECK, reason=compare(np.zeros(2), None).mismatch),
            "The result should be an array of numbers, but is None: is a `return` missing?",
            "The result is not what was expected.",
        ),
        (
            replace(ERROR, reason=RAISED),
            "Line 4 of cell 3 (`a, b = x`) raised ValueError: too many values",
            "Your code raised an exception.",
        ),
        (
            replace(ERROR, reason=ExceptionInfo("Own", "")),
            "Your code raised Own",
            "Your code raised an exception.",
        ),
        (
            replace(CHECK, verdict=Verdict.NOT_ATTEMPTED, reason=BLANK),
            "A blank (`____`) is still empty in line 4 of cell 3: `y = ____`",
            "A blank (`____`) is still empty.",
        ),
        (
            replace(CHECK, verdict=Verdict.NOT_ATTEMPTED, reason=MissingName("softmax")),
            "`softmax` was not found: it does not exist after your cells have run.",
            "`softmax` was not found: it does not exist after your cells have run.",
        ),
        (
            replace(ERROR, reason=MissingName("softmax", origin=NameOrigin("softmax", "ndarray", "cell 9"))),
            "`softmax` is not a function after your cells have run: its type is ndarray. "
            "The last cell that assigns it is cell 9.",
            "`softmax` is not a function after your cells have run.",
        ),
        (
            replace(ERROR, reason=replace(RAISED, origin=NameOrigin("a", cell="cell 2"))),
            "Line 4 of cell 3 (`a, b = x`) raised ValueError: too many values. "
            "`a` is missing because cell 2 failed before it was defined.",
            "Your code raised an exception.",
        ),
        (
            replace(ERROR, reason=replace(RAISED, origin=NameOrigin("a", "int", "cell 2"))),
            "Line 4 of cell 3 (`a, b = x`) raised ValueError: too many values. "
            "The type of `a` is int here. The last cell that assigns it is cell 2.",
            "Your code raised an exception.",
        ),
        (
            replace(CHECK, verdict=Verdict.NOT_ATTEMPTED, reason=MissingName("choice", blank=True)),
            "`choice` is still a blank (`____`).",
            "`choice` is still a blank (`____`).",
        ),
        (
            replace(CHECK, verdict=Verdict.NOT_ATTEMPTED),
            "No answer was found.",
            "No answer was found.",
        ),
        (
            replace(CHECK, verdict=Verdict.TIME_LIMIT, reason=CPU),
            "Stopped after 2.51 s of processor time; the limit is 2 s.",
            "Your code was stopped (time limit).",
        ),
        (
            replace(CHECK, verdict=Verdict.MEMORY_LIMIT),
            "Your code was stopped (memory limit).",
            "Your code was stopped (memory limit).",
        ),
        (
            replace(ERROR, reason=ProcessDeath("SIGSEGV")),
            "Your code ended the Python process (SIGSEGV).",
            "Your code was stopped (runtime error).",
        ),
        (
            replace(CHECK, verdict=Verdict.TIME_LIMIT, reason=Skipped(CPU)),
            "Not run, because an earlier check of this question was stopped (time limit).",
            "Not run, because an earlier check of this question was stopped (time limit).",
        ),
        (
            replace(CHECK, verdict=Verdict.GRADER_ERROR),
            "The grader failed here. This costs you no points and will be graded again.",
            "The grader failed here. This costs you no points and will be graded again.",
        ),
    ],
)
def test_a_check_is_described(result: CheckResult, seen: str, unseen: str) -> None:
    """A visible check's sentence describes its result, that of a hidden one reveals less."""
    assert check_sentence(result) == seen
    assert check_sentence(replace(result, hidden=True)) == unseen


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("hidden", [False, True])
def test_every_verdict_has_a_sentence(verdict: Verdict, hidden: bool) -> None:
    """Every verdict except `passed` with all points has a sentence, even if nothing else is known."""
    points = 1.0 if verdict is Verdict.PASSED else 0.0
    said = check_sentence(replace(CHECK, verdict=verdict, points=points, hidden=hidden))
    assert is_one_line(said) if verdict is not Verdict.PASSED else said == ""


text = st.text()
places = {"size": st.integers(0, 9), "first_index": st.tuples(st.integers())} | dict.fromkeys(
    ("location", "expected_at", "actual_at", "largest"), text
)
mismatches = st.one_of(
    st.builds(TypeMismatch, st.sampled_from(["", "dict", "str", "None"]), text, location=text),
    st.builds(TextMismatch, location=text),
    st.builds(ShapeMismatch, st.just((3,)), st.tuples(st.integers()), location=text),
    st.builds(DtypeMismatch, text, text, location=text),
    st.builds(NonfiniteMismatch, **places),
    st.builds(ValuesMismatch, **places),
    st.builds(KeysMismatch, st.tuples(text), st.tuples(text), location=text),
    st.builds(LengthMismatch, st.integers(), st.integers(), location=text),
)
raisings = st.builds(ExceptionInfo, text, text, text, st.none() | st.integers(), text, text, st.booleans())


@given(mismatches, raisings, st.sampled_from([True, False]))
def test_sentences_are_one_line(mismatch: Mismatch, raised: ExceptionInfo, hidden: bool) -> None:
    """For any names of types, keys, exceptions and lines, a sentence is one line without control characters."""
    assert is_one_line(mismatch_sentence(mismatch))
    assert is_one_line(check_sentence(replace(CHECK, reason=mismatch, hidden=hidden)))
    assert is_one_line(check_sentence(replace(ERROR, reason=raised, hidden=hidden)))
    assert is_one_line(check_sentence(replace(ERROR, reason=ProcessDeath("x" + raised.type), hidden=hidden)))


@given(text, raisings)
def test_sentences_of_cells_and_remarks_are_one_line(detail: str, raised: ExceptionInfo) -> None:
    """Sentences of remarks and cells are one line without control characters."""
    for kind in ("converted", "low_precision", "changed", "warning", "printed"):
        assert is_one_line(remark_sentence(Remark(kind, detail)))
    said = cell_sentences(CellRun("cell 1", raised=raised, remarks=("no module named " + detail,)))
    assert len(said) == (1 if raised.blank else 2)
    assert all(map(is_one_line, said))


@given(text)
def test_white_space_is_one_space(line: str) -> None:
    """Printable words stay unchanged; anything between them becomes one space."""
    assert collapse_to_one_line(line) == collapse_to_one_line(collapse_to_one_line(line))
    assert collapse_to_one_line("a \n\t\x1b\x00\u2028\u202e b") == "a b"
    assert collapse_to_one_line("a" + line + "b").isprintable()


def test_remarks_are_described() -> None:
    """A remark has the sentence of its kind; one of an unknown kind shows its detail."""
    assert remark_sentence(Remark("converted", "list")).startswith(
        "The result is a list; it was converted to an array."
    )
    assert remark_sentence(Remark("low_precision", "float32")).startswith("The result is float32,")
    assert remark_sentence(Remark("changed", "x")).startswith("Argument x was changed in place")
    assert remark_sentence(Remark("warning", "overflow")) == "numpy warning: overflow"
    assert remark_sentence(Remark("printed", "12")) == "12 bytes were printed."
    assert remark_sentence(Remark("other", "As it is.")) == "As it is."


def test_cells_are_described() -> None:
    """A cell that ran well has no sentence, and neither has an empty blank, which is reported at its question."""
    assert cell_sentences(CellRun("cell 1", printed="hello")) == []
    assert cell_sentences(CellRun("cell 1", raised=BLANK)) == []
    assert cell_sentences(CellRun("cell 1", raised=RAISED)) == [
        "Line 4 of your code (`a, b = x`) raised ValueError: too many values"
    ]
    assert cell_sentences(CellRun("cell 1", Status.TIME_LIMIT, limit=CPU)) == [limit_sentence(CPU)]
    assert cell_sentences(CellRun("cell 1", Status.DIED)) == ["This cell ended the Python process."]
    assert cell_sentences(CellRun("cell 1", Status.DIED, signal="SIGKILL")) == [
        "This cell ended the Python process (SIGKILL)."
    ]
    assert cell_sentences(CellRun("cell 1", Status.FAULT)) == ["The grader failed at this cell."]


@pytest.mark.parametrize(
    ("hit", "said"),
    [
        (CPU, "Stopped after 2.51 s of processor time; the limit is 2 s."),
        (replace(CPU, used=2.001), "Stopped: the limit of 2 s of processor time was exceeded."),
        (replace(CPU, used=1.9), "Stopped: the limit of 2 s of processor time was exceeded."),
        (LimitHit("wall", 10, 10.5, "s"), "Stopped after 10.5 s of elapsed time; the limit is 10 s."),
        (LimitHit("memory", 2**29, None, "bytes"), "Stopped: the limit of 512 MB of memory was exceeded."),
        (LimitHit("output", 2**23, None, "bytes"), "Stopped: the limit of 8 MB of returned data was exceeded."),
        (
            LimitHit("total_cpu", 20, 21, "s"),
            "Stopped after 21 s of processor time for the whole submission; the limit is 20 s.",
        ),
        (
            LimitHit("total_wall", 60, 61, "s"),
            "Stopped after 61 s of elapsed time for the whole submission; the limit is 60 s.",
        ),
    ],
)
def test_limits_are_described(hit: LimitHit, said: str) -> None:
    """A limit's sentence has the allowed amount, and the used one if it is known and differs visibly."""
    assert limit_sentence(hit) == said


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.05, "s", "0.05 s"),
        (1234.5, "s", "1234 s"),
        (1023, "bytes", "1023 bytes"),
        (1024, "bytes", "1 kB"),
        (1500 * 2**10, "bytes", "1.46 MB"),
        (1000 * 2**20, "bytes", "1000 MB"),
        (3 * 2**30, "bytes", "3 GB"),
    ],
)
def test_amounts_have_units(value: float, unit: str, shown: str) -> None:
    """Amounts are shown with about three digits, never in powers of ten."""
    assert str(format_quantity(value, unit)) == shown


def test_shapes_are_written_in_pythons_notation() -> None:
    """A shape is written as numpy prints it; that of a single number is explained."""
    assert [str(describe_shape(s)) for s in [(4, 10), (3,), ()]] == [
        "shape (4, 10)",
        "shape (3,)",
        "shape () (a single number)",
    ]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (
            "`%matplotlib inline` was not run: it belongs to the notebook server.",
            "`%matplotlib inline` was not run: it is a command of the notebook server.",
        ),
        (
            "`torch` is not available here; what uses it raises an error, the rest runs.",
            "`torch` is not available here: code that uses it raises an error, the rest runs.",
        ),
        (
            "`common.bad`, which the course gives, could not be loaded: ValueError.",
            "`common.bad`, which the course provides, could not be loaded: ValueError.",
        ),
        (
            "`common` as the course gives it has no `f`; what uses it raises an error.",
            "The course's `common` has no `f`: code that uses it raises an error.",
        ),
        (
            "`input()` has no one to ask here: it gives an empty text.",
            "`input()` returns an empty string here: nobody can answer.",
        ),
        (
            "Files, the network and other programs are out of reach here.",
            "Files, the network and other programs are not available here.",
        ),
    ],
)
def test_earlier_remarks_of_the_sandbox_are_shown_in_todays_words(stored: str, shown: str) -> None:
    """A remark that an old database holds is shown in today's wording."""
    assert cell_sentences(CellRun("cell 1", remarks=(stored,))) == [shown]


def test_an_output_that_is_not_there_is_missing() -> None:
    """A tuple that is too short lacks the judged item: the sentence names it once."""
    absent = KeysMismatch(missing=("result[2]",))
    assert mismatch_sentence(absent, "result[2]") == "`result[2]` is missing."
    assert mismatch_sentence(KeysMismatch(missing=("W",)), "grad") == "`grad` lacks `W`."


NEAR_NAMES = [
    (NearName("ReLU", cell="cell 3", line=2), "`ReLU` is there (cell 3, line 2); the question asks for `relu`."),
    (NearName("ReLU", cell="cell 3"), "`ReLU` is there (cell 3); the question asks for `relu`."),
    (NearName("ReLU", cell="script", line=7), "`ReLU` is there (line 7); the question asks for `relu`."),
    (NearName("ReLU"), "`ReLU` is there; the question asks for `relu`."),
    (NearName("ReLU", "class"), "The class `ReLU` is there; the question asks for a function `relu`."),
    (
        NearName("relu", "method", "Net"),
        "`relu` is a method of the class `Net`; the question asks for a function `relu` outside of classes.",
    ),
    (
        NearName("relu", "nested", "make"),
        "`relu` is defined inside the function `make`; the question asks for a function `relu` outside of it.",
    ),
]


@pytest.mark.parametrize("is_hidden", [False, True])
@pytest.mark.parametrize(("near", "sentence"), NEAR_NAMES)
def test_near_names_are_told_with_their_place(near: NearName, sentence: str, is_hidden: bool) -> None:
    """A name that resembles a missing one is told with its cell and line, where they are known."""
    result = replace(CHECK, verdict=Verdict.NOT_ATTEMPTED, reason=MissingName("relu", near=(near,)), hidden=is_hidden)
    assert check_sentence(result) == sentence


@pytest.mark.parametrize(
    ("unfilled", "rest"),
    [
        ("pass", "it still has `pass`."),
        ("raise NotImplementedError", "it still has `raise NotImplementedError`."),
        ("docstring", "it has only a description."),
        ("None", "it is still None."),
    ],
)
def test_unfilled_code_is_named(unfilled: str, rest: str) -> None:
    """Code that was given out and not filled in is called that, with what is there."""
    result = replace(CHECK, verdict=Verdict.NOT_ATTEMPTED, reason=MissingName("relu", unfilled=unfilled))
    assert check_sentence(result) == f"`relu` is not filled in yet: {rest}"
