"""The references of the gradient descent exercise agree with hand-calculated numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.results.grading import QuestionResult

Grade = Callable[[str, str, str], QuestionResult]


def test_one_step_by_hand(references: dict[str, Callable[..., Any]]) -> None:
    """Every parameter decreases by the learning rate times its gradient, in the caller's dict."""
    network = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([0.0, -1.0])}
    grad = {"W1": np.array([[10.0, -10.0]]), "b1": np.array([4.0, 0.0])}
    assert references["update_step"](network, grad, 0.5) is None
    np.testing.assert_array_equal(network["W1"], [[-4.0, 7.0]])
    np.testing.assert_array_equal(network["b1"], [-2.0, -1.0])
    np.testing.assert_array_equal(grad["W1"], [[10.0, -10.0]])
    np.testing.assert_array_equal(grad["b1"], [4.0, 0.0])


def test_steps_reach_the_minimum(references: dict[str, Callable[..., Any]]) -> None:
    """On the parabola w², whose derivative is 2w, each step with rate 0.25 halves w."""
    network = {"w": np.array([8.0])}
    for expected in (4.0, 2.0, 1.0, 0.5):
        references["update_step"](network, {"w": 2 * network["w"]}, 0.25)
        assert network["w"] == expected


@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_minibatches_are_one_epoch(
    references: dict[str, Callable[..., Any]], number: int, size: int, seed: int
) -> None:
    """All batches except the last are full, and every sample occurs once, with its target."""
    x, d = np.arange(number).reshape(-1, 1), 10 * np.arange(number)
    batches = list(references["minibatches"](x, d, size, np.random.default_rng(seed)))
    full, left = divmod(number, size)
    assert [len(batch) for batch, _ in batches] == [size] * full + [left] * (left > 0)
    assert sorted(np.concatenate([batch for batch, _ in batches]).ravel()) == list(range(number))
    for x_batch, d_batch in batches:
        np.testing.assert_array_equal(10 * x_batch[:, 0], d_batch)


def test_minibatches_are_drawn_from_the_generator(references: dict[str, Callable[..., Any]]) -> None:
    """Another seed or the next epoch of one generator gives another order; the same seed gives the same order."""
    x = np.arange(50)

    def order(rng: np.random.Generator) -> list[int]:
        return [int(n) for batch, _ in references["minibatches"](x, x, 7, rng) for n in batch]

    one = np.random.default_rng(1)
    first, second, other = order(one), order(one), order(np.random.default_rng(2))
    assert first == order(np.random.default_rng(1))
    assert first not in (second, other, sorted(first))
    assert second != other


@pytest.mark.parametrize("seed", range(8))
def test_sgd_finds_the_line_of_least_squares(references: dict[str, Callable[..., Any]], seed: int) -> None:
    """For points on a line, the parameters converge to the least squares solution from any seed."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=(30, 2))
    d = x @ rng.normal(size=2) + rng.normal()

    def gradients(network: dict[str, Any], x: np.ndarray, d: np.ndarray) -> dict[str, Any]:
        error = x @ network["w"] + network["b"] - d
        return {"w": (error[:, None] * x).mean(axis=0), "b": error.mean()}

    network: dict[str, Any] = {"w": np.zeros(2), "b": 0.0}
    assert references["sgd"](network, gradients, x, d, 0.3, 100, 4, rng) is None
    oracle = np.linalg.lstsq(np.column_stack([x, np.ones(30)]), d, rcond=None)[0]
    np.testing.assert_allclose(np.append(network["w"], network["b"]), oracle, atol=1e-3)


def test_sgd_uses_every_sample_once_per_epoch(references: dict[str, Callable[..., Any]]) -> None:
    """Ten samples in batches of four make three steps per epoch; each sample counts once, in a new order each time."""
    seen: list[list[int]] = []

    def gradients(network: dict[str, Any], x: np.ndarray, d: np.ndarray) -> dict[str, Any]:
        np.testing.assert_array_equal(x, d)
        seen.append(x.tolist())
        return {}

    references["sgd"]({}, gradients, np.arange(10), np.arange(10), 0.1, 5, 4, np.random.default_rng(0))
    assert [len(batch) for batch in seen] == [4, 4, 2] * 5
    epochs = [seen[n] + seen[n + 1] + seen[n + 2] for n in range(0, 15, 3)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(10))] * 5
    assert len({tuple(epoch) for epoch in epochs}) == 5


def test_no_step_earns_nothing(grade: Grade) -> None:
    """A function that leaves the network unchanged gets no points for shuffling either."""
    for source in ("def sgd(*_): pass", "def sgd(network, *_):\n    network['when'] = np.arange(30) + 1.0"):
        assert grade("gradient_descent", "sgd", source).score == 0


def test_forgotten_biases_cost_their_share(grade: Grade) -> None:
    """A step on the weights alone earns what the weights are worth: about half."""
    source = "def update_step(network, grad, learning_rate):\n    for key in ('W1', 'W2', 'W3'):\n"
    source += "        if key in network:\n            network[key] -= learning_rate * grad[key]\n"
    result = grade("gradient_descent", "update_step", source)
    assert {check.output for check in result.checks if check.points == 0} == {
        "network['b1']",
        "network['b2']",
        "network['b3']",
    }
    assert result.score == 4 - 1.875
