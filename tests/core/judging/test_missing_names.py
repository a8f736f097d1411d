"""A missing function is told by what is there instead: a near name, unfilled code, or a cell that stopped."""

import pytest

from grader.core.judging.missing_names import build_no_value_result, find_unfilled
from grader.core.judging.name_origins import NameOrigins
from grader.core.results.grading import CheckResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ActionResult, Call, CellRun, ExceptionInfo, Job, MissingName, NameOrigin, Request
from grader.core.wire.near_names import NearName
from grader.core.wire.submission import Cell

EMPTY = CheckResult("a", Verdict.PASSED, 0.0, 1.0, hidden=False)
RELU = NearName("ReLU", "name", "", "cell 1", 1)
D_RELU = NearName("d_relu", "name", "", "cell 1", 3)
METHOD = NearName("relu", "method", "Net", "cell 1", 2)
EMPTY_BODY = "expected an indented block after function definition on line 1"
ERROR = ExceptionInfo("SyntaxError", "invalid syntax", "cell 1", 1)


def judge(missing: MissingName, source: str = "ReLU = 1", raised: ExceptionInfo | None = None) -> CheckResult:
    """Return the result of a check of `relu`, where the exercise asks for `d_relu`, too."""
    requests = tuple(Request("q", name, (Call(name, ()),)) for name in ("relu", "d_relu"))
    job = Job((Cell(source, "code", "cell 1", "q"),), requests)
    return build_no_value_result(EMPTY, missing, ("q", "relu"), NameOrigins(job, (CellRun("cell 1", raised=raised),)))


def test_a_near_name_is_the_reason() -> None:
    """The nearest name is kept, unless another question asks for it; it is no answer."""
    result = judge(MissingName("relu", near=(D_RELU, RELU, METHOD)))
    assert (result.verdict, result.points) == (Verdict.NOT_ATTEMPTED, 0.0)
    assert result.reason == MissingName("relu", near=(RELU,))
    assert judge(MissingName("relu", near=(D_RELU,))).reason == MissingName("relu")


def test_a_cell_that_stopped_comes_first() -> None:
    """If the cell that defines the name stopped, that is the reason; a cell without the name isn't."""
    stopped = judge(MissingName("relu", near=(RELU,)), "def relu(x: return 1", ERROR)
    assert (stopped.verdict, stopped.reason) == (Verdict.RUNTIME_ERROR, ERROR)
    assert judge(MissingName("relu", near=(RELU,)), "1 +", ERROR).reason == MissingName("relu", near=(RELU,))
    assert judge(MissingName("relu"), "1 +", ERROR).reason == ERROR


def test_a_method_is_named_though_its_text_defines_the_name() -> None:
    """A method of the same name is the reason if its cell ran to its end."""
    result = judge(MissingName("relu", near=(METHOD,)), "class Net:\n    def relu(self): pass")
    assert result.reason == MissingName("relu", near=(METHOD,))


def test_a_near_name_without_code_is_found_by_its_text() -> None:
    """The cell of a name without a function's code is the last one whose text assigns it."""
    found = judge(MissingName("relu", near=(NearName("ReLU"),))).reason
    assert found == MissingName("relu", near=(NearName("ReLU", cell="cell 1"),))


def test_a_blank_and_a_replaced_name_keep_their_reason() -> None:
    """Near names don't matter if the name is a blank, or no function."""
    blank = judge(MissingName("relu", blank=True, near=(RELU,)))
    assert blank.reason == MissingName("relu", blank=True)
    replaced = judge(MissingName("relu", origin=NameOrigin("relu", "int"), near=(RELU,)), "relu = 1").reason
    assert replaced == MissingName("relu", origin=NameOrigin("relu", "int", "cell 1"))


@pytest.mark.parametrize(
    ("unfilled", "label", "expected"),
    [
        ((), "", None),
        (("pass",), "", MissingName("relu", unfilled="pass")),
        (("", "delta1", "delta2"), "delta2", MissingName("delta2", unfilled="None")),
        (("", "delta1", "delta2"), "", MissingName("delta1", unfilled="None")),
        (("",), "", None),
    ],
)
def test_unfilled_code(unfilled: tuple[str, ...], label: str, expected: MissingName | None) -> None:
    """A function that computes nothing is unfilled itself; else a variable is, if possible the output."""
    assert find_unfilled(ActionResult(unfilled=unfilled), "relu", label) == expected
    if expected:
        assert judge(expected).verdict is Verdict.NOT_ATTEMPTED


@pytest.mark.parametrize(
    ("source", "line", "message", "attempted"),
    [
        (
            "def relu(x):\n    # YOUR CODE HERE",
            2,
            EMPTY_BODY,
            False,
        ),
        ("def f(x):\n    # no\nrelu = 1", 3, EMPTY_BODY, True),
        ("def relu(x):\n    y =  # YOUR CODE HERE\n    return y", 2, "invalid syntax", False),
        ("def f(x):\n    y =  # TODO\ndef relu(x):\n    return x", 2, "invalid syntax", True),
        ("relu =  # TODO", 1, "invalid syntax", False),
        ("def relu(x):\n    # TODO\n    return x x", 3, "invalid syntax", True),
    ],
)
def test_a_syntax_error_of_a_template(source: str, line: int, message: str, attempted: bool) -> None:
    """A definition that doesn't parse because nothing is filled in was not attempted."""
    text = source.split("\n")[line - 1]
    raised = ExceptionInfo(
        "IndentationError" if "indented" in message else "SyntaxError", message, "cell 1", line, text
    )
    result = judge(MissingName("relu"), source, raised)
    assert result.verdict is (Verdict.RUNTIME_ERROR if attempted else Verdict.NOT_ATTEMPTED)
    assert result.reason == raised
