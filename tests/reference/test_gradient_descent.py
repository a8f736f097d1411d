"""The reference of the gradient descent exercise, against numbers worked out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np


def test_one_step_by_hand(references: dict[str, Callable[..., Any]]) -> None:
    """Every parameter moves by the learning rate times its gradient, downwards, in the caller's dict."""
    network = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([0.0, -1.0])}
    grad = {"W1": np.array([[10.0, -10.0]]), "b1": np.array([4.0, 0.0])}
    assert references["update_step"](network, grad, 0.5) is None
    np.testing.assert_array_equal(network["W1"], [[-4.0, 7.0]])
    np.testing.assert_array_equal(network["b1"], [-2.0, -1.0])
    np.testing.assert_array_equal(grad["W1"], [[10.0, -10.0]])
    np.testing.assert_array_equal(grad["b1"], [4.0, 0.0])


def test_steps_reach_the_bottom(references: dict[str, Callable[..., Any]]) -> None:
    """On the parabola w², whose slope is 2w, each step of rate 0.25 halves w."""
    network = {"w": np.array([8.0])}
    for expected in (4.0, 2.0, 1.0, 0.5):
        references["update_step"](network, {"w": 2 * network["w"]}, 0.25)
        assert network["w"] == expected
