"""Questions about data: variables, drawings, experiments; and their error messages."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.authoring import (
    Network,
    call,
    call_if_defined,
    drawing_question,
    experiment_question,
    given,
    read,
    variables_question,
)
from grader.authoring.value_questions import ValuesQuestion
from grader.core.errors import CourseError
from grader.core.judging.answer_results import judge_answer
from grader.core.judging.name_origins import NameOrigins
from grader.core.questions.checks import AnswerCheck, Probe
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.kinds.drawing import KIND as DRAWING
from grader.core.questions.kinds.experiment import KIND as EXPERIMENT
from grader.core.questions.question import Question
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import ActionResult, Answer, Call, ExceptionInfo, Job, MissingName, Read, ResultRef


def variables() -> ValuesQuestion:
    """Return a question about variables, without checks."""
    return variables_question("weights", title="Weights", points=1)


def asked(question: Question, name: str) -> Probe:
    """Return a check's probe."""
    check = next(check for check in question.checks if check.name == name)
    assert isinstance(check, AnswerCheck)
    return check.make_probe(np.random.default_rng(0))


def judged(question: Question, name: str, *values: Any) -> RuleResult:
    """Return the result of a check for these values."""
    return asked(question, name).rule(tuple(ActionResult(value) for value in values))


def test_variables_are_read() -> None:
    """A check of variables reads them in order and passes them to the author's function."""
    builder = variables()

    @builder.check("W", "u", points=1, hidden=True)
    def zeros(W: Any, u: Any) -> str | None:
        """All are 0."""
        return None if W == u == 0 else f"{W} {u}"

    made = builder.freeze()
    assert (made.kind, made.variables, made.function) == (CODE, ("W", "u"), "")
    assert asked(made, "zeros").actions == (Read("W"), Read("u"))
    assert judged(made, "zeros", 0, 0).passed
    assert str(judged(made, "zeros", 1, 2).wrong) == "1 2"


def test_an_optional_function_may_be_missing() -> None:
    """`call_if_defined` gives the judge None if the function is missing, but reports one with a blank or an error."""
    builder = experiment_question("runs", title="Runs", points=1, variables=("runs",))

    @builder.asks(points=1)
    def trained(rng: np.random.Generator) -> Any:
        """`train` gives 2."""
        return [read("runs"), call_if_defined("train", 1)], lambda runs, value: value in (None, 2)

    made = builder.freeze()
    (check,) = (check for check in made.checks if check.name == "trained")
    assert isinstance(check, AnswerCheck)
    probe = asked(made, "trained")
    verdicts = []
    for result in (
        ActionResult(2),
        ActionResult(3),
        ActionResult(raised=MissingName("train")),
        ActionResult(raised=MissingName("train", blank=True)),
        ActionResult(raised=ExceptionInfo("ValueError", "")),
    ):
        answer = Answer(results=(ActionResult({}), result))
        verdicts.append(str(judge_answer("runs", check, probe, answer, NameOrigins(Job((), ()), ())).verdict))
    assert verdicts == ["passed", "wrong_answer", "passed", "not_attempted", "runtime_error"]


def test_an_experiment_is_plotted_and_called() -> None:
    """An experiment has a check that its curves can be plotted; `asks` makes calls and judges their results."""
    builder = experiment_question("runs", title="Runs", points=2, variables=("runs",))

    @builder.check(points=1)
    def falls(runs: Any) -> float:
        """The loss falls."""
        return float(runs["losses"][-1] < runs["losses"][0])

    @builder.asks(points=1, limits={"cpu": 5})
    def belongs(rng: np.random.Generator) -> Any:
        """Backward belongs to forward."""
        x = rng.normal(size=2)

        def judge(z: Any, grad: Any) -> str | None:
            return None if grad == z * x[0] else "They don't belong together."

        return [call("runs['relu'][0]", x), call("backward", given(0, 1, "u"))], judge

    made = builder.freeze()
    assert (made.kind, [check.name for check in made.checks]) == (EXPERIMENT, ["form", "falls", "belongs"])
    assert judged(made, "form", {"losses": [2, 1]}).passed
    assert "contains no curve" in str(judged(made, "form", 3).wrong)
    assert judged(made, "falls", {"losses": [1, 2]}).share == 0
    first, second = asked(made, "belongs").actions
    assert isinstance(first, Call)
    assert isinstance(second, Call)
    assert (first.function, first.path) == ("runs", ("relu", 0))
    assert (second.function, second.path, second.args) == ("backward", (), (ResultRef(0, (1, "u")),))
    assert str(judged(made, "belongs", 1.0, 2.0).wrong) == "They don't belong together."


def test_a_drawing_is_checked() -> None:
    """A drawing is shown beside the expected one, and its checks get it as nodes and edges."""
    builder = drawing_question("net", title="Net", points=1, expected=Network(2, 3))

    @builder.check(points=1)
    def sizes(drawing: Any) -> str | None:
        """The sizes are right."""
        return None if drawing.sizes == (2, 3) else f"The layers have {drawing.sizes} nodes."

    made = builder.freeze()
    assert (made.kind, made.variables, made.max_score) == (DRAWING, ("net",), 1)
    shown = judged(made, "form", [2, 4]).details
    assert shown
    assert (shown.expected_drawing, shown.drawing) == (Network(2, 3), Network(2, 4))
    assert judged(made, "sizes", [2, 3]).passed
    assert str(judged(made, "sizes", [2, 4]).wrong) == "The layers have (2, 4) nodes."
    assert "could not be checked" not in str(judged(made, "sizes", "2, 3").wrong)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("forward", Call("forward", ())),
        ("runs['relu']['forward']", Call("runs", (), path=("relu", "forward"))),
        ("runs[0][-1]", Call("runs", (), path=(0, -1))),
    ],
)
def test_paths(text: str, action: Call) -> None:
    """A function is named by an expression in Python's notation."""
    assert call(text) == action
    assert read("curves") == Read("curves")


@pytest.mark.parametrize("text", ["f()", "a.b", "runs[1.5]", "1", "runs[x]", "a b"])
def test_invalid_path(text: str) -> None:
    """An expression other than a name with optional keys is refused."""
    with pytest.raises((ValueError, SyntaxError)):
        call(text)


def look(*names: Any, **options: Any) -> Callable[[Any], Any]:
    """Return the decorator of a new question's check."""
    return variables().check(*names, **options)


def ask(made: Any) -> None:
    """Declare a check that asks for the given actions."""

    @variables().asks(points=1)
    def some(rng: np.random.Generator) -> Any:
        """Some."""
        return made


def nothing(W: Any) -> None:
    pass


def documented(W: Any) -> None:
    """All is well."""


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (lambda: look(), 'name the variables to look at: write @weights.check("W", points=…)'),
        (lambda: look("a b"), "a variable is one word"),
        (lambda: look(documented), 'write @weights.check("W", points=…)'),
        (lambda: look("W", points=-1), "points are a number from 0, not -1"),
        (lambda: look("W", points=1)(nothing), "no docstring: write the sentence that the learner reads"),
        (lambda: look("W", "u", points=1)(documented), "takes 2 arguments: write def documented(W, u):"),
        (lambda: look("W", points=1)(3), "stands above a function"),
        (lambda: ask(3), "write return [call(…)], judge"),
        (lambda: ask(([], documented)), "what is asked is a list of call(…) and read(…), not []"),
        (lambda: ask((["f"], documented)), "what is asked is a list of call(…)"),
        (lambda: ask(([call("f", given(0))], documented)), "given(0) comes before the call that it is given by"),
        (lambda: variables().freeze(), 'it has no checks: write @weights.check("VARIABLE", points=…)'),
        (lambda: variables_question("w", title="W", points=1, limits={"x": 1}), "there is no limit 'x'"),
        (lambda: experiment_question("w", title="W", points=1, variables=()), 'write variables=("curves",)'),
        (lambda: experiment_question("w", title="W", points=1).freeze(), "its checks add up to 0: make them equal"),
        (lambda: drawing_question("w", title="W", points=1, expected=[2]), "write expected=Network(2, 3, 1), not [2]"),  # type: ignore[arg-type]  # on purpose
        (lambda: drawing_question("w", title="W", points=1).check("x"), "write @w.check(points=…)"),
    ],
)
def test_mistake_in_checks_is_reported(do: Callable[[], object], said: str) -> None:
    """A mistake is reported with this file, the question, and the right form."""
    with pytest.raises(CourseError) as error:
        do()
    assert "test_value_questions.py:" in str(error.value)
    assert said in str(error.value)


def test_two_checks_with_one_name() -> None:
    """Two checks of a question with the same name are an error; `form` is the name of the plotting check."""
    builder = experiment_question("w", title="W", points=1)

    def form(curves: Any) -> None:
        """All is well."""

    with pytest.raises(CourseError, match="two checks named 'form'"):
        builder.check(points=1)(form)
