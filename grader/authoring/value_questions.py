"""Questions whose answer is data, judged by an author's functions: variables, drawings, experiments.

    @curves.check("curves", points=1)
    def the_good_one_falls(curves):
        \"""With a good rate the loss falls to a tenth.\"""
        if curves["good"][-1] > curves["good"][0] / 10:
            return "The loss of `good` ends too high."

Such a function returns None (right), a sentence (the error), a number from 0 to 1 (the share of the points), or a tuple
of number and sentence. An exception in it is reported to the student as an answer of another form than requested.
"""

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator

from grader.authoring.equivalents import MutatedQuestion
from grader.core.compare.networks import Drawing
from grader.core.questions.checks import AnswerCheck, Probe
from grader.core.questions.kinds import code, drawing, experiment
from grader.core.questions.kinds.author_rules import RuleReturn, apply_rule
from grader.core.questions.kinds.kind import FormRule, QuestionKind
from grader.core.questions.question import Question
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import MessageLike as Sentence
from grader.core.text.messages import gettext, ngettext
from grader.core.wire.assignment_target import PathKey, format_access_path
from grader.core.wire.job import ActionResult, Call, Read, ResultRef

RuleFunction = TypeVar("RuleFunction", bound=Callable[..., Any])


def call(function: str, *args: Any) -> Call:
    """Return a call of a student's function, for `asks`: `call("forward", x)`, `call("runs['relu']['forward']", x)`."""
    name, path = _parse_path(function)
    return Call(name, args, path=path)


def call_if_defined(function: str, *args: Any) -> Call:
    """Return a call of a function that students may do without, for `asks`: without it, the judge gets None."""
    return replace(call(function, *args), optional=True)


def read(variable: str) -> Read:
    """Return a request for the value of a student's variable, for `asks`: `read("curves")`."""
    return Read(variable)


def given(action: int, *path: PathKey) -> ResultRef:
    """Return a reference to the result of an earlier action, as an argument of a later `call`: `given(0, 1)`.

    `action` counts from 0; `path` has the keys of the item in the result, if not all of it is meant.
    """
    return ResultRef(action, path)


def _parse_path(text: str) -> tuple[str, tuple[PathKey, ...]]:
    """Parse an expression such as `runs['relu'][0]` into a name and keys. Raises ValueError."""
    keys: list[PathKey] = []
    node = ast.parse(text, mode="eval").body
    while isinstance(node, ast.Subscript):
        key = ast.literal_eval(node.slice)
        if not isinstance(key, str | int):
            raise ValueError(f"{key!r} is not a key of a dict or list")
        keys.insert(0, key)
        node = node.value
    if not isinstance(node, ast.Name):
        raise ValueError(f"{text!r} is neither a name nor a name with keys such as runs['relu']")
    return node.id, tuple(keys)


class ValuesQuestion(MutatedQuestion):
    """A question whose checks judge variables; `check` and `asks` are its decorators."""

    def __init__(
        self,
        kind: QuestionKind,
        question: str,
        title: str,
        points: float,
        variables: Sequence[str],
        limits: Mapping[str, Any],
    ) -> None:
        super().__init__(question, title, points)
        self._kind = kind
        self._limits = limits
        self._variables = tuple(variables)
        self._checks: dict[str, AnswerCheck] = {}
        self._require_limits(limits)
        for variable in variables:
            self._require_variable(variable)

    def check(self, *variables: str, points: float = 0, hidden: bool = False) -> Callable[[RuleFunction], RuleFunction]:
        """Declare a check: the decorated function gets the values of these variables after the student's run.

        Its docstring is the sentence that the learner reads; its return value is described in this module's docstring.
        Without names, it gets the question's own variables. Raises CourseError.

            @weights.check("W", "b", points=1)
            def shapes_match(W, b):
                \"""W has one column per entry of b.\"""
                return None if W.shape[1] == len(b) else "W and b don't match."
        """
        if not all(isinstance(name, str) for name in variables):
            raise self._error(f'write @{self.id}.check("W", points=…); what may stand before points= are variables')
        names = variables or self._variables
        if not names:
            raise self._error(f'name the variables to look at: write @{self.id}.check("W", points=…)')
        for name in names:
            self._require_variable(name)
        self._require_points(points, "from 0")

        def add(function: RuleFunction) -> RuleFunction:
            name, says = self._require_docstring(function, "check", "the sentence that the learner reads")
            self._require_new(name, self._checks, "check")
            self._require_arguments(function, name, names)
            probe = Probe(tuple(Read(variable) for variable in names), self._make_rule(function, names))
            self._checks[name] = AnswerCheck(name, says, float(points), lambda rng: probe, hidden)
            self._variables = tuple(dict.fromkeys((*self._variables, *names)))
            return function

        return add

    def asks(
        self, *, points: float = 0, hidden: bool = False, limits: Mapping[str, float] | None = None
    ) -> Callable[[RuleFunction], RuleFunction]:
        """Declare a check that calls functions: the decorated function gets `rng`, and returns calls and their judge.

            return [call("forward", network, x), call("backward", network, x, given(0, 1))], judge

        `judge(*values)` gets the result of each action, in order. If a function is missing or raises, this is reported
        without calling the judge. `limits` are those of the whole check. Raises CourseError.
        """
        self._require_points(points, "from 0")
        self._require_limits(limits or {})

        def add(function: RuleFunction) -> RuleFunction:
            name, says = self._require_docstring(function, "asks", "the sentence that the learner reads")
            self._require_new(name, self._checks, "check")
            if len(inspect.signature(function).parameters) != 1:
                raise self._error(f"the check {name} takes one argument: write def {name}(rng):")
            self._make_probe(name, function(np.random.default_rng(0)))

            def asked(rng: Generator) -> Probe:
                return self._make_probe(name, function(rng))

            self._checks[name] = AnswerCheck(
                name, says, float(points), asked, hidden, {**self._limits, **(limits or {})}
            )
            return function

        return add

    def freeze(self) -> Question:
        self._require_sum(self._checks, f'write @{self.id}.check("VARIABLE", points=…) above a function')
        return Question(
            self.id,
            self._kind,
            self._title,
            tuple(self._checks.values()),
            limits=self._limits,
            variables=self._variables,
            equivalents=tuple(self._equivalents.values()),
        )

    def _add_form(self, form: FormRule, says: Sentence) -> None:
        """Add the check of whether the answer can be read."""
        self._checks["form"] = AnswerCheck("form", says, 0.0, lambda rng: form.make_probe())

    def _make_rule(
        self, function: Callable[..., RuleReturn], names: Sequence[str]
    ) -> Callable[[tuple[ActionResult, ...]], RuleResult]:
        return lambda returned: apply_rule(function, [came.value for came in returned], names)

    def _make_probe(self, name: str, made: object) -> Probe:
        """Return the probe for the return value of an author's function. Raises CourseError for an invalid one."""
        if not isinstance(made, tuple) or len(made) != 2 or not callable(made[1]):
            raise self._error(f"the check {name} gives [call(…), …] and a judge: write return [call(…)], judge")
        actions, judge = made
        if not isinstance(actions, list | tuple) or not actions or not all(isinstance(a, Call | Read) for a in actions):
            raise self._error(f"the check {name}: what is asked is a list of call(…) and read(…), not {actions!r}")
        for position, action in enumerate(actions):
            for arg in action.args if isinstance(action, Call) else ():
                if isinstance(arg, ResultRef) and not 0 <= arg.action < position:
                    raise self._error(
                        f"the check {name}: given({arg.action}) comes before the call that it is given by"
                    )
        names = [format_access_path(a.function, a.path) if isinstance(a, Call) else a.name for a in actions]
        return Probe(tuple(actions), lambda returned: apply_rule(judge, [came.value for came in returned], names))

    def _require_arguments(self, function: Callable[..., Any], name: str, names: Sequence[str]) -> None:
        try:
            inspect.signature(function).bind(*names)
        except TypeError as error:
            advice = f"write def {name}({', '.join(names)}):"
            raise self._error(f"the check {name} takes {len(names)} arguments: {advice}") from error


class DrawingQuestion(ValuesQuestion):
    """A network submitted as data; the functions of its checks get a Drawing."""

    def __init__(
        self,
        question: str,
        title: str,
        points: float,
        variable: str,
        expected: Drawing | None,
        limits: Mapping[str, Any],
    ) -> None:
        super().__init__(drawing.KIND, question, title, points, (variable,), limits)
        if expected is not None and not isinstance(expected, Drawing):
            raise self._error(f"expected= is a network: write expected=Network(2, 3, 1), not {expected!r}")
        self._variable = variable
        says = gettext("`{name}` can be drawn as a network.", name=variable)
        self._add_form(drawing.DrawingForm((variable,), expected), says)

    def check(self, *variables: str, points: float = 0, hidden: bool = False) -> Callable[[RuleFunction], RuleFunction]:
        """Declare a check: the decorated function gets the Drawing; `drawing.given` is the original value."""
        if variables not in ((), (self._variable,)):
            raise self._error(f"a drawing is looked at as a whole: write @{self.id}.check(points=…)")
        return super().check(points=points, hidden=hidden)

    def _make_rule(
        self, function: Callable[..., RuleReturn], names: Sequence[str]
    ) -> Callable[[tuple[ActionResult, ...]], RuleResult]:
        return lambda returned: drawing.apply_drawing_rule(function, returned[0].value, self._variable)


class ExperimentQuestion(ValuesQuestion):
    """Curves and functions from an experiment; the curves in its variables are plotted."""

    def __init__(
        self, question: str, title: str, points: float, variables: Sequence[str], limits: Mapping[str, Any]
    ) -> None:
        super().__init__(experiment.KIND, question, title, points, variables, limits)
        names = self._variables
        if not names:
            raise self._error('name the variables with the curves: write variables=("curves",)')
        listed = ", ".join(f"`{name}`" for name in names)
        says = ngettext("{names} can be plotted.", "{names} can be plotted.", n=len(names), names=listed)
        self._add_form(experiment.CurvesForm(names), says)


def variables_question(
    question: str, *, title: str, points: float, limits: Mapping[str, float] | None = None
) -> ValuesQuestion:
    """Declare a code question that is answered by variables: `@q.check("W", "u", points=…) def f(W, u)`.

    `limits` are by the names of `grader.core.wire.job.Limits`. Raises CourseError.

        weights = variables_question("weights", title="Weights", points=2)
    """
    return ValuesQuestion(code.KIND, question, title, points, (), limits or {})


def drawing_question(
    question: str,
    *,
    title: str,
    points: float,
    expected: Drawing | None = None,
    variable: str = "",
    limits: Mapping[str, float] | None = None,
) -> DrawingQuestion:
    """Declare a question that asks for a network as data, which the page draws beside the `expected` one.

    `grader.core.compare.networks` describes the forms of the data. Checks are `@q.check(points=…) def f(drawing)`, with
    `drawing.sizes`, `.layers`, `.edges`, `.is_complete`, `.notes`, `.winner` and `.given`. The variable is by default
    named like the question. Raises CourseError.

        net = drawing_question("net", title="A network", points=1, expected=Network(2, 3, 1))
    """
    return DrawingQuestion(question, title, points, variable or question, expected, limits or {})


def experiment_question(
    question: str,
    *,
    title: str,
    points: float,
    variables: Sequence[str] = ("curves",),
    limits: Mapping[str, float] | None = None,
) -> ExperimentQuestion:
    """Declare a question about an experiment, answered by variables; the curves in them are plotted.

    `check` judges the values, `asks` calls functions that they hold. Raises CourseError.

        rates = experiment_question("rates", title="Learning rates", points=2, variables=("curves",))
    """
    return ExperimentQuestion(question, title, points, variables, limits or {})
