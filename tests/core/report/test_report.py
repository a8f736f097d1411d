"""A report contains sentences, no data of hidden checks, and the documented JSON.

Covers `core/report/check_report.py`.
"""

import json
import re
from dataclasses import fields, replace
from pathlib import PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.mismatch import (
    DtypeMismatch,
    KeysMismatch,
    LengthMismatch,
    NonfiniteMismatch,
    PropertyMismatch,
    ShapeMismatch,
    TextMismatch,
    TypeMismatch,
    ValuesMismatch,
)
from grader.core.compare.tensor_table import TensorTable
from grader.core.compare.tensors import Remark
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.question import Mistake, Question
from grader.core.report.report import Report, SubmissionInfo, build_error_report, build_report, find_own_code
from grader.core.results.disclosure import (
    Audience,
    DisclosureStep,
    FeedbackRules,
    HiddenDetail,
    Hints,
    Instructor,
    Student,
)
from grader.core.results.grading import CheckDetails, CheckResult, Grading, QuestionResult
from grader.core.results.mark import Mark
from grader.core.results.reason import (
    CodePlace,
    Departure,
    Explanation,
    KnownMistake,
    ProcessDeath,
    Relation,
    Repair,
    RepairEdit,
    ReturnedForm,
    Skipped,
)
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, ExceptionInfo, LimitHit
from grader.core.wire.submission import Cell, ParsedSubmission

MARKER = "planted"
SEEN = Check("seen", "Each row is normalised.", 2.0, lambda rng: 0)
UNSEEN = Check("unseen", "A batch is normalised row by row.", 2.0, lambda rng: 0, hidden=True)
SOFTMAX = Question(
    "softmax",
    CODE,
    "Softmax",
    (SEEN, UNSEEN),
    (Mistake("whole_batch", "You divided by the sum over the whole batch.", lambda x: x),),
    "softmax",
    lambda x: x,
)
EXERCISE = Exercise("losses", "Losses", (SOFTMAX,), PurePath("losses"))
PROGRAM = ParsedSubmission(
    (
        Cell("# Softmax", "markdown", "cell 1", question="softmax"),
        Cell("def softmax(x):\n    return x / 0", label="cell 2"),
        Cell("print(1)", label="cell 3"),
    )
)
PASSED = CheckResult("seen", Verdict.PASSED, 2.0, 2.0, hidden=False)
SEEN_WRONG = replace(
    PASSED,
    verdict=Verdict.WRONG_ANSWER,
    points=0.0,
    reason=ShapeMismatch((2, 3), (3, 2)),
    explanations=(Relation("transposed"), Departure("values", "x", CodePlace("cell 2", 2))),
)
WRONG = CheckResult("unseen", Verdict.WRONG_ANSWER, 0.0, 2.0, hidden=True, explanations=(KnownMistake("whole_batch"),))


def graded(*checks: CheckResult, cells: tuple[CellRun, ...] = ()) -> Grading:
    """Return a grading of the question with these checks."""
    questions = (QuestionResult("softmax", "code", checks),)
    return Grading("losses", "v1", "0.1", "0123456789abcdef", "full", questions, cells, 11.23)


def reported(*checks: CheckResult) -> Report:
    """Return the report of these checks."""
    return build_report(EXERCISE, graded(*checks), SubmissionInfo("ada", 3, PROGRAM))


# contents of a hostile answer: markers in every text, and numbers that can't occur by chance
marked = st.integers(10**11, 10**12).map(lambda n: f"{MARKER}{n}\n")
numbers = st.integers(10**11, 10**12)
tables = st.builds(TensorTable, marked, st.tuples(numbers), marked, st.tuples(st.tuples(marked)), st.just(((0, 0),)))
shapes = st.tuples(numbers, numbers)
places = {"shape": shapes, "differing": numbers, "size": numbers, "first_index": st.tuples(numbers)} | dict.fromkeys(
    ("location", "expected_at", "actual_at", "largest"), marked
)
mismatches = st.one_of(
    st.builds(TypeMismatch, marked, marked, location=marked),
    st.builds(TextMismatch, location=marked),
    st.builds(KeysMismatch, st.tuples(marked), st.tuples(marked), location=marked),
    st.builds(LengthMismatch, numbers, numbers, location=marked),
    st.builds(ShapeMismatch, shapes, shapes, location=marked),
    st.builds(DtypeMismatch, marked, marked, location=marked),
    st.builds(NonfiniteMismatch, **places),
    st.builds(ValuesMismatch, **places),
    st.builds(PropertyMismatch, marked),
)
raisings = st.builds(
    ExceptionInfo,
    type=marked | st.just("ValueError"),
    message=marked,
    cell=marked | st.just("cell 2"),
    line=numbers,
    text=marked,
    function=marked,
    blank=st.booleans(),
)
stops = st.one_of(
    st.builds(LimitHit, st.just("cpu"), st.just(2.0), numbers.map(float), st.just("s")), st.builds(ProcessDeath, marked)
)
code_places = st.builds(CodePlace, marked, numbers)
explanations: st.SearchStrategy[Explanation] = st.one_of(
    st.just(KnownMistake("whole_batch")),
    st.builds(Relation, st.just("scaled"), marked),
    st.builds(ReturnedForm, st.just("first_item"), marked),
    st.builds(Departure, st.just("values"), marked, code_places),
    st.builds(Repair, st.tuples(st.builds(RepairEdit, st.just("axis"), code_places, marked, marked))),
)
hidden_results = st.builds(
    CheckResult,
    name=st.just("unseen"),
    verdict=st.sampled_from(Verdict),
    points=st.just(0.0),
    max_points=st.just(2.0),
    hidden=st.just(True),
    output=st.sampled_from(["", "grad['W']"]),
    reason=st.none() | mismatches | raisings | stops | st.builds(Skipped, st.none() | stops),
    explanations=st.lists(explanations, max_size=2).map(tuple),
    remarks=st.lists(st.builds(Remark, st.just("warning"), marked)).map(tuple),
    details=st.none() | st.builds(CheckDetails, st.tuples(tables), st.tuples(tables), st.tuples(tables)),
    printed=marked,
    carried=st.sampled_from([(), ("delta2",)]),
)


@given(hidden_results)
def test_a_hidden_check_reveals_nothing(result: CheckResult) -> None:
    """Report and JSON of a hidden check contain no value, input, exception text or output of it."""
    whole = reported(PASSED, result)
    hidden = whole.questions[0].checks[1]
    for shown in (json.dumps(whole.as_json()), repr(hidden), hidden.message):
        assert MARKER not in shown
        assert not any(len(number) > 10 for number in "".join(c if c.isdigit() else " " for c in shown).split()[:200])
    assert (hidden.line, hidden.details, hidden.printed, hidden.remarks) == (None, None, "", ())


CLOSED_LIST = re.compile(
    r"(The result|`grad\['W'\]`) (is not what was expected(: its (shape|kind of numbers) differs|: its values differ)?|"
    r"is partly right|passes, but so would an answer without any calculation.*)\.|"
    r"Your code (raised an exception|was stopped \([a-z ]+\))\.|A blank \(`____`\) is still empty\.|"
    r"Not run, because an earlier check of this question was stopped \([a-z ]+\)\.|No answer was found\.|"
    r"The grader failed here\. This costs you no points and will be graded again\.|"
    r"Checked with earlier errors corrected, so that one error costs points only once\.|"
)


@given(hidden_results, hidden_results, st.sampled_from(Hints))
def test_two_answers_that_differ_on_hidden_inputs_get_the_same_words(
    one: CheckResult, other: CheckResult, hints: Hints
) -> None:
    """Apart from verdicts, points and hints of known mistakes, a student reads the same, but for one of a few words."""
    known = tuple(e for e in one.explanations if isinstance(e, KnownMistake))
    others = tuple(e for e in other.explanations if not isinstance(e, KnownMistake))
    other = replace(other, verdict=one.verdict, output=one.output, carried=one.carried)
    other = replace(other, explanations=(*known, *others))
    exercise = replace(EXERCISE, feedback=FeedbackRules(hints))
    read = []
    for result in (one, other):
        report = build_report(exercise, graded(SEEN_WRONG, result), SubmissionInfo("ada", 3, PROGRAM))
        data = json.loads(json.dumps(report.as_json()))
        message = data["questions"][0]["checks"][1].pop("message")
        word = message.removesuffix(" With earlier errors corrected, it is still wrong.")
        assert CLOSED_LIST.fullmatch(word), message
        read.append((data, replace(report.questions[0].checks[1], message="", blocked_access=False)))
    assert read[0] == read[1]


def test_every_field_of_a_result_is_tested() -> None:
    """A new field of a result must get a marker in the test above before it is listed here."""
    thought_of = {
        *("name", "verdict", "points", "max_points", "hidden", "output", "reason", "explanations", "remarks"),
        *("details", "printed", "pending", "carried"),
    }
    assert {field.name for field in fields(CheckResult)} <= thought_of


def test_a_hidden_check_shows_its_public_fields() -> None:
    """A hidden check shows its sentence, verdict, points, mistake and hint, and that it is hidden."""
    hidden = reported(PASSED, WRONG).questions[0].checks[1]
    assert hidden.says == "A batch is normalised row by row."
    assert hidden.message == "The result is not what was expected."
    assert (hidden.verdict, hidden.points, hidden.max_points) == (Verdict.WRONG_ANSWER, 0.0, 2.0)
    assert (hidden.mistake, hidden.hint) == ("whole_batch", "You divided by the sum over the whole batch.")


OPEN = FeedbackRules(steps=(DisclosureStep(after_attempts=2, hidden=HiddenDetail.VALUES),))
TRANSPOSED = replace(
    WRONG,
    reason=ShapeMismatch((2, 3), (3, 2)),
    explanations=(Relation("transposed"),),
    details=CheckDetails((TensorTable("x", (), "float64", (("1",),)),)),
    printed="hello",
    remarks=(Remark("printed", "5"),),
)


@pytest.mark.parametrize(
    ("rules", "audience", "is_opened"),
    [
        (FeedbackRules(), Student(9), False),
        (OPEN, Student(1), False),
        (OPEN, Student(2), True),
        (FeedbackRules(Hints.NONE), Instructor(), True),
    ],
)
def test_a_hidden_check_is_opened_by_the_disclosure(rules: FeedbackRules, audience: Audience, is_opened: bool) -> None:
    """Values of a hidden check are shown to students as the author opened them, and to instructors always.

    Its `message` has none in any case.
    """
    grading = graded(PASSED, TRANSPOSED)
    exercise = replace(EXERCISE, feedback=rules)
    hidden = (
        build_report(exercise, grading, SubmissionInfo("ada", 3, PROGRAM), audience=audience).questions[0].checks[1]
    )
    assert hidden.message == "The result is not what was expected: its shape differs."
    assert hidden.is_opened is is_opened
    told = (hidden.shown_message, hidden.details, hidden.printed, hidden.remarks, len(hidden.explanations))
    if is_opened:
        said = (
            "The result has shape (3, 2); expected shape (2, 3). "
            "It is the expected tensor transposed: rows and columns are swapped."
        )
        assert told == (said, TRANSPOSED.details, "hello", ("5 bytes were printed.",), 1)
        first, second = json.loads(json.dumps(hidden.as_json()))["explanations"]
        assert (first["kind"], first["text"], second["kind"]) == ("difference", said, "relation")
        assert hidden.further_explanations == ()
    else:
        assert told == (hidden.message, None, "", (), 0)
        assert hidden.as_json()["explanations"] == []


def test_edits_are_kept_for_the_class() -> None:
    """The edits that mend an answer are listed once each with their question, whatever the reader is shown."""
    edit = RepairEdit("axis", CodePlace("cell 2", 2), "axis=0", "axis=1")
    found = replace(WRONG, explanations=(Repair((edit,)),))
    whole = reported(replace(PASSED, verdict=Verdict.WRONG_ANSWER, explanations=(Repair((edit,)),)), found)
    (offered,) = whole.edits
    assert (offered.question, offered.before, offered.after) == ("softmax", "axis=0", "axis=1")
    compile(offered.offer, "checks.py", "exec")
    assert offered.offer.startswith("@softmax.mistake\ndef axis_axis_0(x):\n")


def test_a_visible_check_shows_everything() -> None:
    """A visible check's report contains its tables, output, remarks and the line at fault."""
    shown = CheckDetails((TensorTable("x", (), "float64", (("1",),)),))
    result = replace(
        PASSED,
        verdict=Verdict.RUNTIME_ERROR,
        reason=ExceptionInfo("ZeroDivisionError", "division by zero", "cell 2", 2, "    return x / 0"),
        details=shown,
        printed="hello",
        remarks=(Remark("printed", "5"),),
    )
    check = reported(result).questions[0].checks[0]
    assert check.message == "Line 2 of cell 2 (`return x / 0`) raised ZeroDivisionError: division by zero"
    assert (check.line, check.details, check.printed, check.remarks) == (2, shown, "hello", ("5 bytes were printed.",))


@pytest.mark.parametrize("cell", ["", "cell 3"])
def test_a_line_of_another_cell_is_not_blamed(cell: str) -> None:
    """A line is marked only if it is in the shown cell; without a shown cell, none is marked."""
    result = replace(PASSED, verdict=Verdict.RUNTIME_ERROR, reason=ExceptionInfo("ValueError", "", cell, 1))
    assert reported(result).questions[0].checks[0].line is None
    nothing = build_report(EXERCISE, graded(result), SubmissionInfo())
    assert nothing.questions[0].checks[0].line is None


CONTRACT: dict[str, type | tuple[type, ...]] = {
    "student": (str, type(None)),
    "exercise": str,
    "submission": int,
    "score": float,
    "max_score": float,
    "pending": float,
    "seed": str,
    "course_version": str,
    "sandbox": str,
    "elapsed_ms": float,
    "questions": list,
}
QUESTION: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "kind": str,
    "score": float,
    "max_score": float,
    "checks": list,
}
CHECK: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "says": str,
    "verdict": str,
    "points": float,
    "max_points": float,
    "hidden": bool,
    "message": str,
    "mistake": (str, type(None)),
    "hint": (str, type(None)),
}


def keeps(data: dict[str, Any], contract: dict[str, type | tuple[type, ...]], *more: str) -> None:
    """Assert that the documented keys come first, in order, with their types, and only the given ones follow."""
    assert list(data)[: len(contract)] == list(contract)
    assert set(data) - set(contract) <= set(more)
    for key, kinds in contract.items():
        assert isinstance(data[key], kinds), key


def test_json_is_as_documented() -> None:
    """The JSON of a grading has the documented keys and types, in their order, at every level."""
    data = json.loads(json.dumps(reported(PASSED, WRONG).as_json(), allow_nan=False))
    keeps(data, CONTRACT)
    (question,) = data["questions"]
    keeps(question, QUESTION)
    for check in question["checks"]:
        keeps(check, CHECK, "remarks", "carried", "explanations")
    assert (data["student"], data["exercise"], data["submission"]) == ("ada", "losses", 3)
    assert (data["score"], data["max_score"], data["pending"], data["elapsed_ms"]) == (2.0, 4.0, 0.0, 11.2)
    assert (question["id"], question["kind"], question["score"], question["max_score"]) == ("softmax", "code", 2.0, 4.0)
    passed, wrong = question["checks"]
    assert (passed["verdict"], passed["message"], passed["mistake"], passed["hint"]) == ("passed", "", None, None)
    assert (wrong["verdict"], wrong["mistake"], wrong["hidden"]) == ("wrong_answer", "whole_batch", True)


def test_json_of_an_unreadable_file() -> None:
    """A file that can't be read gives no questions, no points, and the error."""
    data = build_error_report("ada", "losses", "not a notebook", 14.0).as_json()
    keeps(data, CONTRACT, "error")
    assert (data["questions"], data["score"], data["max_score"], data["error"]) == ([], 0.0, 14.0, "not a notebook")


def test_json_contains_cells() -> None:
    """Cells that raised are listed by their label, and the key is missing without any."""
    runs = (CellRun("cell 2", raised=ExceptionInfo("ValueError", "no")), CellRun("cell 3"))
    whole = build_report(EXERCISE, graded(PASSED, cells=runs), SubmissionInfo())
    data = whole.as_json()
    keeps(data, CONTRACT, "cells")
    assert data["student"] is None
    assert data["cells"] == [{"cell": "cell 2", "message": "Your code raised ValueError: no"}]


def test_points_are_rounded_in_json() -> None:
    """Sums of points have at most six decimals."""
    checks = [replace(PASSED, points=0.1, max_points=0.1)] * 3
    data = reported(*checks).as_json()
    assert (data["score"], data["max_score"]) == (0.3, 0.3)


def test_points_of_a_grader_error_are_pending() -> None:
    """The points of a check that the grader failed at are pending, in the question and in total."""
    ours = replace(WRONG, verdict=Verdict.GRADER_ERROR, explanations=())
    whole = reported(PASSED, ours)
    assert (whole.score, whole.pending, whole.questions[0].pending) == (2.0, 2.0, 2.0)
    assert whole.questions[0].state == "pending"


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ((Verdict.PASSED, Verdict.PASSED), "right"),
        ((Verdict.PASSED, Verdict.WRONG_ANSWER), "partly"),
        ((Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT), "wrong"),
        ((Verdict.NOT_ATTEMPTED, Verdict.NOT_ATTEMPTED), "not_attempted"),
        ((Verdict.NOT_ATTEMPTED, Verdict.WRONG_ANSWER), "wrong"),
        ((Verdict.NOT_ATTEMPTED, Verdict.PASSED), "partly"),
        ((Verdict.GRADER_ERROR, Verdict.PASSED), "pending"),
    ],
)
def test_a_question_has_one_state(verdicts: tuple[Verdict, ...], state: str) -> None:
    """The verdicts of all checks determine the state of the question."""
    checks = [replace(PASSED, verdict=v, points=2.0 if v is Verdict.PASSED else 0.0) for v in verdicts]
    assert reported(*checks).questions[0].state == state


def test_a_grading_of_an_older_course_is_reported() -> None:
    """Questions and checks that the course no longer has are named by their ids, without sentences and hints."""
    old = QuestionResult("gone", "code", (WRONG,))
    renamed = QuestionResult("softmax", "code", (replace(WRONG, name="older", explanations=(KnownMistake("other"),)),))
    grading = replace(graded(), questions=(old, renamed))
    gone, softmax = build_report(EXERCISE, grading, SubmissionInfo(program=PROGRAM)).questions
    assert (gone.title, gone.code, gone.checks[0].says, gone.checks[0].hint) == ("gone", "", "unseen", None)
    assert (softmax.title, softmax.checks[0].says, softmax.checks[0].hint) == ("Softmax", "older", None)


def test_own_code_is_the_last_definition() -> None:
    """A student's code for a question is the last cell that defines its function, else the last one marked with it."""
    assert find_own_code(SOFTMAX, PROGRAM) == ("def softmax(x):\n    return x / 0", "cell 2")
    again = ParsedSubmission(
        (*PROGRAM.cells, Cell("def softmax(x): pass", label="cell 4"), Cell("def softmax2(x): pass"))
    )
    assert find_own_code(SOFTMAX, again) == ("def softmax(x): pass", "cell 4")
    assert find_own_code(SOFTMAX, ParsedSubmission(PROGRAM.cells[:1])) == ("# Softmax", "cell 1")
    assert find_own_code(SOFTMAX, ParsedSubmission(())) == ("", "")


def test_a_question_contains_its_code() -> None:
    """A question's report contains its title, and the student's code with the label of its cell."""
    (question,) = reported(PASSED).questions
    assert (question.code_label, question.title) == ("cell 2", "Softmax")
    assert question.code == PROGRAM.cells[1].source


def test_a_marked_question_waits_for_nobody() -> None:
    """With a mark, a check that was pending has no message and is not shown; the other checks are."""
    waiting = replace(WRONG, name="seen", hidden=False, verdict=Verdict.PASSED, pending=2.0, explanations=())
    grading = graded(replace(PASSED, name="other"), waiting)
    (before,) = build_report(EXERCISE, grading, SubmissionInfo()).questions
    assert [check.message for check in before.shown_checks] == ["", "A person reads and marks this."]
    mark = Mark("softmax", 3.0, 4.0)
    (after,) = build_report(EXERCISE, grading, SubmissionInfo(marks={"softmax": mark})).questions
    assert (after.score, after.pending, after.state) == (3.0, 0.0, "partly")
    assert [check.message for check in after.checks] == ["", ""]
    assert [check.name for check in after.shown_checks] == ["other"]
