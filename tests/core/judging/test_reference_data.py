"""Reference data are the same for the whole class, and are computed once from the secret and the checks' names.

Covers `core/questions/checks.py`, `core/questions/question.py` and `core/questions/kinds/code.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.tensors import compare
from grader.core.errors import CourseError
from grader.core.judging.reference_data import (
    CallFailure,
    ReferenceData,
    compute_reference_data,
    describe_form,
    fingerprint_secret,
    make_generator,
    select_output,
)
from grader.core.questions.checks import Check, Output, list_parameters
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.code import KIND as CODE
from grader.core.questions.question import Mistake, Question
from grader.core.wire.job import ActionResult, Call, ExceptionInfo, Limits, MissingName
from grader.core.wire.values import Code, Opaque, Seed, Value

Function = Callable[..., Value]


def drawn(rng: np.random.Generator) -> Any:
    """Return two random numbers."""
    return rng.normal(size=2)


def twice(x: Any) -> Any:
    """Double the input, as the reference."""
    return x * 2


def question(*checks: Check, reference: Function = twice, **mistakes: Function) -> Question:
    """Return a question of these checks and mistakes."""
    known = tuple(Mistake(name, "…", function) for name, function in mistakes.items())
    return Question("twice", CODE, "Twice", checks, known, "twice", reference)


def exercise(*questions: Question) -> Exercise:
    """Return an exercise of these questions."""
    return Exercise("doubling", "Doubling", questions, PurePath("doubling"))


def made(asked: Question, secret: bytes = b"s") -> ReferenceData:
    """Return the reference data of an exercise with that question alone."""
    return compute_reference_data(exercise(asked), secret)


def check(name: str = "one", **fields: Any) -> Check:
    """Return a check with inputs from the generator."""
    return replace(Check(name, "It is doubled.", 1.0, drawn), **fields)


def only(asked: Question) -> Any:
    """Return the expected value of the first case of a question's only check."""
    ((case, *_),) = made(asked).cases.values()
    return case.expected


@given(st.binary(), st.binary())
def test_inputs_depend_on_secret_and_name(secret: bytes, other: bytes) -> None:
    """The same secret gives the same inputs; another secret or another check's name gives others."""
    inputs = made(question(check()), secret).cases["twice", "one"][0].args[0]
    np.testing.assert_array_equal(inputs, made(question(check()), secret).cases["twice", "one"][0].args[0])
    assert not np.array_equal(inputs, made(question(check("two")), secret).cases["twice", "two"][0].args[0])
    if secret != other:
        assert not np.array_equal(inputs, made(question(check()), other).cases["twice", "one"][0].args[0])


def test_inputs_do_not_depend_on_other_checks() -> None:
    """Adding, removing or moving a check leaves the inputs of the others unchanged."""
    alone = made(question(check("b"))).cases["twice", "b"][0]
    among = made(question(check("a", repeat=3), check("b"), check("c"))).cases["twice", "b"][0]
    np.testing.assert_array_equal(alone.args[0], among.args[0])


def test_a_check_is_repeated_with_new_inputs() -> None:
    """There are as many cases as requested, each with its own inputs and expected tensor."""
    cases = made(question(check(repeat=4))).cases["twice", "one"]
    assert len({case.args[0].tobytes() for case in cases}) == 4
    for case in cases:
        np.testing.assert_array_equal(case.expected, case.args[0] + case.args[0])


def test_inputs_are_one_argument_or_a_tuple() -> None:
    """A tuple contains the arguments; any other value, even a list, is the only argument."""
    pair = question(check(inputs=lambda rng: (1, 2)), reference=lambda a, b: a - b)
    assert only(pair) == -1
    assert only(question(check(inputs=lambda rng: [1, 2]), reference=len)) == 2


def test_functions_get_copies() -> None:
    """A reference or mistake that changes its argument in place affects nothing else, and its result stays."""

    def overwriting(x: Any) -> Any:
        x *= 2
        return x

    (case,) = made(question(check(), reference=overwriting, halved=lambda x: x / 2)).cases["twice", "one"]
    np.testing.assert_array_equal(case.expected, case.args[0] * 2)
    np.testing.assert_array_equal(case.mistakes["halved"], case.args[0] / 2)


def test_mistakes_that_raise_are_failures() -> None:
    """A mistake's exception is recorded with its operation, including a generator's late one and SystemExit."""

    def late(x: Any) -> Iterator[Any]:
        yield x
        raise LookupError

    def leaving(x: Any) -> Any:
        raise SystemExit

    (case,) = made(question(check(), zero=lambda x: 1 / 0, late=late, leaving=leaving)).cases["twice", "one"]
    assert dict(case.mistakes) == {
        "zero": CallFailure("ZeroDivisionError", "binary:Div"),
        "late": CallFailure("LookupError", "raise"),
        "leaving": CallFailure("SystemExit", "raise"),
    }


def test_generators_are_converted() -> None:
    """The value of a generator is the list of its items."""
    asked = question(check(inputs=lambda rng: 3), reference=lambda n: (i * i for i in range(n)))
    assert only(asked) == [0, 1, 4]


def test_an_interrupt_is_passed_on() -> None:
    """Ctrl-C during the computation interrupts it, and is not a failure of the course or of a mistake."""

    def interrupted(x: Any) -> Any:
        raise KeyboardInterrupt

    for asked in (question(check(), reference=interrupted), question(check(), slow=interrupted)):
        with pytest.raises(KeyboardInterrupt):
            made(asked)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (question(check(inputs=lambda rng: rng.nothing)), "making its inputs raised AttributeError"),
        (question(check(), reference=lambda x: 1 / 0), "the reference raised ZeroDivisionError"),
        (question(check(output=Output(path=("W",), label="grad['W']"))), r"the reference gave no grad\['W'\]"),
        (question(check(output=Output("local", "z"))), "the reference gave no output"),
        (question(check(inputs=lambda rng: Code("nothing"))), "making its inputs raised NameError"),
    ],
)
def test_the_courses_own_errors_are_reported(asked: Question, said: str) -> None:
    """If inputs or reference fail, a CourseError names exercise, question and check."""
    with pytest.raises(CourseError, match=f"doubling: question twice: check one: {said}"):
        made(asked)


def test_code_and_seeds_are_materialized() -> None:
    """The reference gets an author's expression evaluated and a seed as its generator; both are sent unchanged."""
    asked = question(check(inputs=lambda rng: (Code("np.square"), Seed(7))), reference=lambda f, rng: f(rng.normal()))
    (case,) = made(asked).cases["twice", "one"]
    assert case.args == (Code("np.square"), Seed(7))
    assert case.expected == np.random.default_rng(7).normal() ** 2


def test_numpys_warnings_are_hidden() -> None:
    """Warnings of numpy about the reference's numbers are not printed."""
    with np.errstate(all="raise"):
        assert np.isnan(only(question(check(inputs=lambda rng: np.zeros(1)), reference=lambda x: x / x))).all()


def test_requests_match_the_cases() -> None:
    """A check has one request with one call per case; a check's limits override those of question and exercise."""
    asked = replace(
        question(check(repeat=2, hidden=True, limits={"cpu": 9}, output=Output("argument", 0))),
        limits={"cpu": 5, "wall": 7},
    )
    (request,) = made(asked).requests
    cases = made(asked).cases["twice", "one"]
    assert (request.question, request.check, request.hidden) == ("twice", "one", True)
    assert request.limits == replace(Limits(), cpu=9.0, wall=7.0)
    assert [type(action) for action in request.actions] == [Call, Call]
    for action, case in zip(request.actions, cases, strict=True):
        assert isinstance(action, Call)
        assert (action.function, action.arguments) == ("twice", True)
        assert compare(case.args, action.args).mismatch is None


def test_hidden_checks_may_be_left_out() -> None:
    """For a student's own run, neither inputs nor requests of hidden checks are made."""
    found = compute_reference_data(
        exercise(question(check("seen"), check("unseen", hidden=True))), b"", visible_only=True
    )
    assert list(found.cases) == [("twice", "seen")]
    assert [request.check for request in found.requests] == ["seen"]


def test_outputs_are_selected() -> None:
    """A judged output is the value, an argument or a local variable, or the item in it under keys."""
    returned = ActionResult({"W": [np.zeros(1), 5]}, arguments=(1, (2, 3)), locals={"z": 4})
    assert select_output(Output(path=("W", 1)), returned) == 5
    assert select_output(Output("argument", 1, path=(0,)), returned) == 2
    assert select_output(Output("local", "z"), returned) == 4


def test_an_output_before_an_exception_is_selected() -> None:
    """If the function raises later, a local variable that holds the returned value counts; an argument doesn't."""
    raised = ExceptionInfo("ValueError", "")
    returned = ActionResult(arguments=(1,), locals={"z": 4}, raised=raised)
    assert select_output(Output(local="z"), returned) == 4
    assert select_output(Output("local", "z"), returned) == 4
    for output in (Output(), Output(local="y"), Output("local", "y"), Output("argument", 0)):
        assert select_output(output, returned) == CallFailure("ValueError")


@pytest.mark.parametrize("value", [None, 1.0, "text", {}, [], (), np.zeros(2), np.zeros(()), Opaque("function")])
def test_a_missing_output_is_a_failure(value: Value) -> None:
    """If keys or the function are missing, the output is a failure with the form of any other value."""
    for path in (("W", 1), (5,)):
        assert select_output(Output(path=path), ActionResult(value)) == CallFailure("", describe_form(value))
    assert select_output(Output(), ActionResult(value, raised=MissingName("twice"))) == CallFailure()


def test_a_form_is_described() -> None:
    """The form of a value has the keys of a dict, whatever their order, and the length of a tuple or list."""
    assert describe_form({"W": 1, "b": 2}) == describe_form({"b": 3, "W": 4}) == "dict: 'W', 'b'"
    assert describe_form((1, 2)) == "tuple: 2"
    assert describe_form([1]) == "list: 1"
    assert describe_form(None) == "NoneType"
    assert describe_form(np.zeros(3)) == "ndarray"


def test_parameters_are_named_by_the_reference() -> None:
    """Arguments are named as in the reference; without a signature there are no names."""
    assert list_parameters(lambda x, t: x) == ("x", "t")
    assert list_parameters(dict) == ()
    assert list_parameters(None) == ()


@given(st.binary(), st.binary())
def test_a_fingerprint_tells_secrets_apart(one: bytes, other: bytes) -> None:
    """A fingerprint is 16 hex digits, equal only for equal secrets; checks of other names get other numbers."""
    assert len(bytes.fromhex(fingerprint_secret(one))) == 8
    assert (fingerprint_secret(one) == fingerprint_secret(other)) == (one == other)
    assert make_generator(one, "a", "b").random() != make_generator(one, "a", "c").random()
