"""Explanations of visible checks follow from visible checks alone; hidden ones only rule out what these show."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from grader.core.judging.explain_answers import Explanations, explain_answers, group_by_output
from grader.core.judging.reference_data import Case, compute_output
from grader.core.questions.checks import Check, Output
from grader.core.questions.kinds.registry import get_kind
from grader.core.questions.question import Mistake, Question
from grader.core.results.reason import CodePlace, KnownMistake, Relation
from grader.core.wire.job import ActionResult, Answer, ExceptionInfo, Status

Function = Callable[[np.ndarray], Any]


def softplus(x: np.ndarray) -> Any:
    """Return the reference's result."""
    return np.log1p(np.exp(x))


def small(x: np.ndarray) -> Any:
    """Return the result of a mistake that is wrong for large inputs only."""
    return softplus(x) if np.max(x) < 5 else softplus(x) + x


MISTAKES: dict[str, Function] = {"small": small, "squared": lambda x: softplus(x) ** 2}
SHOWN, UNSEEN = ("a", "b"), ("c", "d")
INPUTS = {
    "a": np.array([0.5, -1.25, 2.0]),
    "b": np.array([1.5, 0.75, 7.25, 8.0]),
    "c": np.array([-0.25, 0.3]),
    "d": np.array([9.5, 6.5, 1.0]),
}


def explain(answer: Function | dict[str, Function], failed: Sequence[str], **answers: Answer) -> Explanations:
    """Return the explanations of the failed checks; a dict has another answer for each check."""
    checks = tuple(Check(n, n, 1.0, lambda rng: 0, hidden=n in UNSEEN) for n in INPUTS)
    known = tuple(Mistake(name, name, function) for name, function in MISTAKES.items())
    question = Question("q", get_kind("code"), "q", checks, known, "softplus", softplus)
    cases = {n: (Case((x,), softplus(x), {m: f(x) for m, f in MISTAKES.items()}),) for n, x in INPUTS.items()}
    given = {
        n: Answer(results=(ActionResult((answer[n] if isinstance(answer, dict) else answer)(x)),))
        for n, x in INPUTS.items()
    }
    return explain_answers(question, checks, failed, cases, given | answers)


def test_a_mistake_explains_all_checks() -> None:
    """A known mistake is named at each failed check, visible or hidden, and at no other."""
    found = explain(MISTAKES["squared"], "abcd")
    assert found == dict.fromkeys("abcd", (KnownMistake("squared"),))
    assert explain(MISTAKES["small"], "bd") == dict.fromkeys("bd", (KnownMistake("small"),))
    assert explain(softplus, "") == {}


def test_hidden_checks_add_nothing_to_visible_ones() -> None:
    """Two answers that differ on hidden inputs only have the same explanations of visible checks, or none."""
    other: dict[str, Function] = {"a": softplus, "b": MISTAKES["small"], "c": softplus}
    same, silenced = explain(other | {"d": MISTAKES["small"]}, "bd"), explain(other | {"d": softplus}, "b")
    assert same["b"] == (KnownMistake("small"),)
    assert silenced == {}
    assert explain(dict.fromkeys("ab", np.ones_like) | {"c": MISTAKES["squared"], "d": np.ones_like}, "abcd") == {}


def test_hidden_checks_are_explained_by_all_checks() -> None:
    """If visible checks pass, a hidden one is explained from its own evidence and theirs."""
    other: dict[str, Function] = {"a": softplus, "b": softplus, "c": softplus, "d": lambda x: -softplus(x)}
    assert explain(other, "d") == {}
    assert explain(lambda x: -softplus(x), "abcd")["d"] == (Relation("negated"),)


def test_a_relation_must_hold_in_hidden_checks() -> None:
    """A relation that visible checks show is dropped if a hidden one contradicts it."""
    negated: dict[str, Function] = dict.fromkeys("abcd", lambda x: -softplus(x))
    assert explain(negated, "abcd")["a"] == (Relation("negated"),)
    assert explain(negated | {"d": np.sin}, "abcd") == {}


def test_two_things_are_told() -> None:
    """Where no single mistake fits, a mistake and a relation to its results are told."""
    found = explain(lambda x: -(softplus(x) ** 2), "abcd")
    assert found == dict.fromkeys("abcd", (KnownMistake("squared"), Relation("also_negated")))


def test_a_stopped_check_is_no_evidence() -> None:
    """A check that was stopped is neither explained nor in the way."""
    stopped = Answer(Status.TIME_LIMIT)
    found = explain(MISTAKES["squared"], "abcd", b=stopped)
    assert found == dict.fromkeys("acd", (KnownMistake("squared"),))


def test_an_exception_is_explained_at_its_line() -> None:
    """A mistake that raises is recognised by its operation, and is shown at the line that raised."""

    def scalars(x: np.ndarray) -> Any:
        return x if x > 0 else 0

    check = Check("a", "a", 1.0, lambda rng: 0)
    question = Question("q", get_kind("code"), "q", (check,), (Mistake("scalars", "", scalars),), "f", np.abs)
    x = np.array([1.0, 2.0])
    case = Case((x,), np.abs(x), {"scalars": compute_output(scalars, (x,), Output())})
    for operation, expected in (
        ("truth:if", {"a": (KnownMistake("scalars", CodePlace("cell 3", 2)),)}),
        ("truth:and", {}),
        ("call:reshape", {}),
        ("", {}),
    ):
        raised = ExceptionInfo("ValueError", "", "cell 3", 2, operation=operation)
        answers = {"a": Answer(results=(ActionResult(raised=raised),))}
        assert explain_answers(question, (check,), "a", {"a": (case,)}, answers) == expected


@pytest.mark.parametrize("value", [None, 0.0, np.nan, "text", (1, 2), {}, [[1], [2, 3]], 3j])
def test_answers_without_calculation_are_not_explained(value: Any) -> None:
    """Nothing is said of a constant of any type."""
    assert explain(lambda x: value, "abcd") == {}
    if isinstance(value, float):
        assert explain(lambda x: np.full(x.shape, value), "abcd") == {}


def test_checks_are_grouped_by_their_output() -> None:
    """Checks of the same output lie together, in the order of their first one."""
    outputs = Output(path=("W",)), Output(path=("b",)), Output(path=("W",))
    checks = [Check(str(i), "", 1.0, lambda rng: 0, output=output) for i, output in enumerate(outputs)]
    question = Question("q", get_kind("code"), "q", tuple(checks), (), "f", np.abs)
    assert group_by_output(question, checks) == [[checks[0], checks[2]], [checks[1]]]


def test_one_output_may_be_explained_by_itself() -> None:
    """A mistake that explains all of one output is named there, also if another output, which it fails, is right."""
    outputs = {"W": Output(path=("W",)), "b": Output(path=("b",))}
    checks = tuple(Check(name, "", 1.0, lambda rng: 0, output=output) for name, output in outputs.items())
    question = Question("q", get_kind("code"), "q", checks, (Mistake("negated", "", np.negative),), "f", np.abs)
    x = INPUTS["b"]
    cases = {name: (Case((x,), softplus(x), {"negated": -softplus(x)}),) for name in outputs}
    answers = {"W": Answer(results=(ActionResult({"W": -softplus(x), "b": softplus(x)}),))}
    answers["b"] = answers["W"]
    assert explain_answers(question, checks, "W", cases, answers) == {"W": (KnownMistake("negated"),)}


def test_two_things_are_not_told_of_an_output_if_another_one_contradicts_them() -> None:
    """A mistake that is wrong in an output which is right isn't one of two mistakes in another output."""
    outputs = {name: Output(path=(name,)) for name in ("z", "u")}
    checks = tuple(Check(name, "", 1.0, lambda rng: 0, output=output) for name, output in outputs.items())
    question = Question("q", get_kind("code"), "q", checks, (Mistake("squared", "", np.square),), "f", np.abs)
    x = np.linspace(0.3, 2.7, 9)
    right = {"z": x, "u": softplus(x)}
    cases = {name: (Case((x,), value, {"squared": value**2}),) for name, value in right.items()}
    found = {}
    for z in (x, x**2):
        answer = Answer(results=(ActionResult({"z": z, "u": 3 * softplus(x) ** 2}),))
        failed = "u" if z is x else "zu"
        found[failed] = explain_answers(question, checks, failed, cases, dict.fromkeys("zu", answer))
    assert found["u"] == {}
    assert found["zu"]["u"] == (KnownMistake("squared"), Relation("also_scaled", "3"))
