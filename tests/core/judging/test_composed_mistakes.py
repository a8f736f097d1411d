"""Two things that are wrong at once are told from their results, without running anything."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.tensors import Tolerance
from grader.core.judging.composed_mistakes import find_composition
from grader.core.judging.evidence import Evidence
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.results.reason import KnownMistake, Relation

Function = Callable[..., Any]


def softmax(u: np.ndarray, axis: int | None = -1) -> Any:
    """Return the softmax over an axis, by default over each row."""
    e = np.exp(u - u.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def overflowing(u: np.ndarray) -> Any:
    """Return a softmax over the whole batch that overflows."""
    with np.errstate(all="ignore"):
        return np.exp(u) / np.exp(u).sum()


def loss(y: np.ndarray, d: np.ndarray) -> Any:
    """Return half of the mean squared error."""
    return np.sum((y - d) ** 2) / 2 / len(y)


SOFTMAX: dict[str, Function] = {"whole_batch": lambda u: softmax(u, None), "columns": lambda u: softmax(u, 0)}
LOSS: dict[str, Function] = {
    "no_mean": lambda y, d: loss(y, d) * len(y),
    "no_half": lambda y, d: loss(y, d) * 2,
    "absolute": lambda y, d: np.sum(np.abs(y - d)) / 2 / len(y),
}


def make(function: Function, mistakes: dict[str, Function], answer: Function, *inputs: Any) -> list[Evidence]:
    """Return the evidence of one check for each input."""
    cases = [Case(x, function(*x), {name: m(*x) for name, m in mistakes.items()}) for x in inputs]
    return [Evidence((case,), (answer(*case.args),), Tolerance()) for case in cases]


def batches(count: int = 6, columns: int = 3) -> list[Any]:
    """Return pairs of random batches of different sizes."""
    rng = np.random.default_rng(5)
    return [(rng.normal(size=(2 + i, columns)), rng.normal(size=(2 + i, columns))) for i in range(count)]


def test_a_wrong_axis_that_overflows() -> None:
    """A softmax over the whole batch that overflows too is both."""
    inputs = [(one,) for one, _ in batches(3)] + [(np.array([[1000.0, 0.0, -1000.0], [2.0, 3.0, 4.0]]),)]
    first, second = find_composition(make(softmax, SOFTMAX, overflowing, *inputs), SOFTMAX)
    assert first == KnownMistake("whole_batch")
    assert second == Relation("also_overflow", "1000")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda y, d: loss(y, d) * 2 * len(y), (KnownMistake("no_mean"), KnownMistake("no_half"))),
        (lambda y, d: -loss(y, d) * len(y), (KnownMistake("no_mean"), Relation("also_negated"))),
        (lambda y, d: np.sum(np.abs(y - d)) / len(y), (KnownMistake("no_half"), KnownMistake("absolute"))),
        (lambda y, d: np.sum(np.abs(y - d)) * 3 / len(y), (KnownMistake("absolute"), Relation("also_scaled", "6"))),
    ],
)
def test_a_factor_and_another_mistake(answer: Function, expected: tuple[Any, ...]) -> None:
    """A missing mean and a missing half are two mistakes; a factor that no mistake has is a relation."""
    assert find_composition(make(loss, LOSS, answer, *batches()), LOSS) == expected


@pytest.mark.parametrize("answer", [loss, *LOSS.values()])
def test_one_mistake_is_not_two(answer: Function) -> None:
    """A right answer, and one known mistake alone, are no compositions."""
    assert find_composition(make(loss, LOSS, answer, *batches()), LOSS) == ()


def test_few_numbers_show_no_composition() -> None:
    """Two numbers agree with one of many pairs too easily."""
    assert find_composition(make(loss, LOSS, lambda y, d: -loss(y, d) * len(y), *batches(2)), LOSS) == ()


def test_a_mistake_without_results_is_left_out() -> None:
    """A mistake that raises can't be composed."""
    crashing = {"crashing": lambda y, d: CallFailure("ValueError", "product")} | LOSS
    answer = lambda y, d: loss(y, d) * 2 * len(y)  # noqa: E731
    found = find_composition(make(loss, crashing, answer, *batches()), crashing)
    assert found == (KnownMistake("no_mean"), KnownMistake("no_half"))


@given(st.integers(0, 2**32), st.floats(-5, 5))
def test_random_and_constant_answers_are_no_compositions(seed: int, constant: float) -> None:
    """Random numbers, and a constant, are no two mistakes at once."""
    rng = np.random.default_rng(seed)
    for answer in (lambda y, d: rng.normal(), lambda y, d: constant, lambda y, d: None):
        assert find_composition(make(loss, LOSS, answer, *batches()), LOSS) == ()
    drawn = make(softmax, SOFTMAX, lambda u: rng.uniform(size=u.shape), *((one,) for one, _ in batches()))
    assert find_composition(drawn, SOFTMAX) == ()


def test_two_factors_that_vary_may_be_one_divisor() -> None:
    """A loss divided by the number of columns is neither a sum nor a mean over all elements."""
    mistakes: dict[str, Function] = {
        "no_mean": LOSS["no_mean"],
        "of_elements": lambda y, d: loss(y, d) / y.shape[1],
    }
    inputs = [*batches(3, 3), *batches(3, 4)]
    made = make(loss, mistakes, lambda y, d: loss(y, d) * len(y) / y.shape[1], *inputs)
    assert find_composition(made, mistakes) == ()


def test_one_number_is_no_factor_of_another() -> None:
    """Of single numbers each is a factor of the other; only a length or its inverse counts as one."""
    composed = make(loss, LOSS, lambda y, d: LOSS["absolute"](y, d) * len(y), *batches())
    assert find_composition(composed, LOSS) == (KnownMistake("no_mean"), KnownMistake("absolute"))
