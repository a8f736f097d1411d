"""Trivial answers to a question: None, NaN, zeros, ones, a constant, each input, random numbers of the right form.

Nobody calculates anything to give one of them. They are made from a question's reference data alone, so that every
machine makes the same ones, and a release makes them without the course's code. An answer that equals the reference is
right and is left out: for a function, in all of its checks (the input, for the identity); for a variable, by its value.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from grader.core.compare.tensors import Tolerance, compare
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, make_generator, select_output
from grader.core.questions.checks import AnswerCheck, Check, Output
from grader.core.questions.question import Question
from grader.core.wire.job import Action, ActionResult, Answer, Call, Parse, Read, ResultRef
from grader.core.wire.steps import Steps
from grader.core.wire.values import Code, Seed, Value

_RANDOM_SECRET: Final = b"trivial answers"
_MAX_INPUTS: Final = 8
"""Greatest number of inputs that are tried as answers."""


@dataclass(frozen=True)
class TrivialAnswer:
    """A trivial answer to a question: its name, and the answer to each check that it is not right for."""

    name: str
    answers: Mapping[str, Answer]


def list_trivial_answers(
    question: Question, judged_by: ReferenceData, solution_values: Mapping[str, Value]
) -> Iterator[TrivialAnswer]:
    """Yield the trivial answers to a question; `solution_values` are those of the solution's variables, if known."""
    functions = [c for c in question.checks if isinstance(c, Check) and (question.id, c.name) in judged_by.cases]
    others = [c for c in question.checks if isinstance(c, AnswerCheck) and (question.id, c.name) in judged_by.probes]
    cases = {check.name: judged_by.cases[question.id, check.name] for check in functions}
    for maker in _list_makers(question, functions, cases):
        answers: dict[str, Answer] = {}
        for name in dict.fromkeys(map(question.function_of, functions)):
            checks = [check for check in functions if question.function_of(check) == name]
            given = {check.name: _answer_check(check, cases[check.name], maker) for check in checks}
            if not all(_is_right(check, cases[check.name], given[check.name]) for check in checks):
                answers |= given
        for check in others:
            actions = judged_by.probes[question.id, check.name].actions
            if (answer := _answer_actions(actions, maker, solution_values)) is not None:
                answers[check.name] = answer
        if answers:
            yield TrivialAnswer(maker.name, answers)


@dataclass(frozen=True)
class _Maker:
    """Make one kind of answer: numbers in the expected form, an argument, or None, which leaves arguments unchanged."""

    name: str
    fill: Callable[[NDArray[Any], Generator], NDArray[Any]] | None = None
    argument: int | None = None


def _constant(number: float) -> Callable[[NDArray[Any], Generator], NDArray[Any]]:
    def fill(form: NDArray[Any], _: Generator) -> NDArray[Any]:
        whole = form.dtype.kind in "biu" and float(number).is_integer()
        return np.full(form.shape, number, form.dtype if whole else float)

    return fill


def _random_numbers(form: NDArray[Any], rng: Generator) -> NDArray[Any]:
    if form.dtype.kind in "biu":
        return rng.integers(0, 2 if form.dtype.kind == "b" else 10, size=form.shape).astype(form.dtype)
    return np.asarray(rng.uniform(size=form.shape))


_MAKERS: Final = (
    _Maker("None"),
    _Maker("NaN", _constant(np.nan)),
    _Maker("zeros", _constant(0)),
    _Maker("ones", _constant(1)),
    _Maker("0.5 everywhere", _constant(0.5)),
    _Maker("10 everywhere", _constant(10)),
)
_RANDOM_MAKERS: Final = (
    _Maker("random numbers from 0 to 1", _random_numbers),
    _Maker("random numbers of either sign", lambda form, rng: np.asarray(rng.normal(size=form.shape))),
)
"""Not for variables: a question may ask for random numbers in one."""


def _list_makers(question: Question, checks: list[Check], cases: Mapping[str, tuple[Case, ...]]) -> list[_Maker]:
    if not checks:
        return [*_MAKERS, *(_Maker(f"input {n + 1}", argument=n) for n in range(_MAX_INPUTS))]
    names = question.parameters_of(checks[0])
    count = max(len(case.args) for case in cases[checks[0].name])
    inputs = (
        _Maker(f"input {names[n]}" if n < len(names) else f"input {n + 1}", argument=n)
        for n in range(int(checks[0].is_of_class), min(count, _MAX_INPUTS))
    )
    return [*_MAKERS, *_RANDOM_MAKERS, *inputs]


def _answer_check(check: Check, cases: tuple[Case, ...], maker: _Maker) -> Answer:
    rng = make_generator(_RANDOM_SECRET, check.name, maker.name)
    return Answer(results=tuple(_answer_case(check.output, case, maker, rng) for case in cases))


def _answer_case(output: Output, case: Case, maker: _Maker, rng: Generator) -> ActionResult:
    if maker.fill is None:
        value = case.args[maker.argument] if maker.argument is not None and maker.argument < len(case.args) else None
        value = None if isinstance(value, Code | Seed | Steps) else value
        local = {str(output.name): value} if output.source == "local" else {}
        return ActionResult(value, case.args, local)
    value = _fill(case.expected, maker, rng)
    for key in reversed(output.path):
        value = {key: value}
    if output.source == "local":
        return ActionResult(None, case.args, {str(output.name): value})
    if output.source == "returned":
        return ActionResult(value, case.args)
    position = int(output.name or 0)
    return ActionResult(None, (*case.args[:position], value, *case.args[position + 1 :]))


def _fill(form: Value, maker: _Maker, rng: Generator) -> Value:
    """Return a value of this form with other numbers; what has no numbers becomes None."""
    if isinstance(form, dict):
        return {key: _fill(item, maker, rng) for key, item in form.items()}
    if isinstance(form, list | tuple):
        return type(form)([_fill(item, maker, rng) for item in form])
    array = np.asarray(form) if isinstance(form, bool | int | float | complex | np.ndarray | np.generic) else None
    if array is None or maker.fill is None or array.dtype.kind not in "biufc":
        return None
    return maker.fill(array, rng)


def _is_right(check: Check, cases: tuple[Case, ...], answer: Answer) -> bool:
    """Tell whether an answer equals the reference in every case."""
    for case, returned in zip(cases, answer.results, strict=True):
        actual = select_output(check.output, returned)
        if isinstance(actual, CallFailure) or compare(case.expected, actual, case.widen(check.tolerance)).mismatch:
            return False
    return True


def _answer_actions(actions: tuple[Action, ...], maker: _Maker, solution_values: Mapping[str, Value]) -> Answer | None:
    """Return the answer to reads and calls; None where there is none, or where every variable read is right."""
    if any(isinstance(action, Parse) for action in actions):
        return None
    values = [_answer_action(action, maker, solution_values) for action in actions]
    names = [action.name for action in actions if isinstance(action, Read)]
    if len(names) == len(actions) and all(
        name in solution_values and compare(solution_values[name], value, Tolerance()).mismatch is None
        for name, value in zip(names, values, strict=True)
    ):
        return None
    return Answer(results=tuple(ActionResult(value) for value in values))


def _answer_action(action: Action, maker: _Maker, solution_values: Mapping[str, Value]) -> Value:
    if isinstance(action, Call) and maker.argument is not None:
        value = action.args[maker.argument] if maker.argument < len(action.args) else None
        return None if isinstance(value, Code | Seed | ResultRef) else value
    form = 0.0 if isinstance(action, Call) else solution_values.get(action.name)
    return _fill(form, maker, make_generator(_RANDOM_SECRET, maker.name))
