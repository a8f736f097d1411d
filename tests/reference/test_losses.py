"""The references of the losses exercise agree with scipy and with hand-calculated numbers."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

Function = Callable[..., Any]
References = dict[str, Function]


@pytest.fixture(scope="module")
def softmax(references: References) -> Function:
    """Return the reference."""
    return references["softmax"]


@pytest.fixture(scope="module")
def cross_entropy_error(references: References) -> Function:
    """Return the reference."""
    return references["cross_entropy_error"]


@given(u=arrays(float, array_shapes(min_dims=1, max_dims=2, max_side=6), elements=st.floats(-1e4, 1e4)))
def test_softmax_agrees_with_scipy(softmax: Function, u: np.ndarray) -> None:
    """For any scores, of a single sample or a batch, softmax is scipy's along the last axis."""
    np.testing.assert_allclose(softmax(u), scipy.special.softmax(u, axis=-1), rtol=1e-12, atol=1e-300)


def test_softmax_by_hand(softmax: Function) -> None:
    """The softmax of the logarithms of 1, 2 and 5 is 1/8, 2/8 and 5/8."""
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [1 / 8, 2 / 8, 5 / 8])


def test_softmax_leaves_its_argument(softmax: Function) -> None:
    """The scores are not changed, and integers give floats."""
    u = np.array([[1, 2], [3, 4]])
    assert softmax(u).dtype == float
    np.testing.assert_array_equal(u, [[1, 2], [3, 4]])


@given(
    arrays(float, array_shapes(min_dims=1, max_dims=2, max_side=6), elements=st.floats(-1e4, 1e4)),
    st.integers(0, 2**32 - 1),
)
def test_mean_squared_error_is_half_the_variance_about_the_target(
    references: References, y: np.ndarray, seed: int
) -> None:
    """The error is half the mean of the squares, calculated in plain Python, in either order of arguments."""
    d = np.random.default_rng(seed).normal(size=y.shape)
    oracle = math.fsum((a - b) ** 2 for a, b in zip(d.flat, y.flat, strict=True)) / (2 * y.size)
    assert references["mean_squared_error"](d, y) == pytest.approx(oracle, rel=1e-12)
    assert references["mean_squared_error"](y, d) == references["mean_squared_error"](d, y)


def test_mean_squared_error_by_hand(references: References) -> None:
    """Errors of 1, 2 and 3 give 14/6, because the mean is over all elements, not over the samples."""
    assert references["mean_squared_error"](np.array([1, 2, 3]), np.array([0, 4, 6])) == pytest.approx(14 / 6)
    assert references["mean_squared_error"](np.zeros((5, 4)), np.full((5, 4), 2.0)) == 2.0


Y = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])


@pytest.mark.parametrize(
    ("d", "y", "loss"),
    [
        (np.array([0, 2]), Y, (np.log(2) + np.log(4 / 3)) / 2),
        (np.array([[1, 0, 0], [0, 0, 1]]), Y, (np.log(2) + np.log(4 / 3)) / 2),
        (0, Y[0], np.log(2)),
        (np.int64(2), Y[1], np.log(4 / 3)),
        (np.array([2]), Y[1], np.log(4 / 3)),
        (np.array([0.0, 1.0, 0.0]), Y[0], np.log(4)),
        (np.array([2]), Y[1:], np.log(4 / 3)),
        (np.array([[0, 0, 1]]), Y[1:], np.log(4 / 3)),
        (np.array([0, 0]), np.array([[0.5], [0.25]]), (np.log(2) + np.log(4)) / 2),
        (np.array([[1], [1]]), np.array([[0.5], [0.25]]), (np.log(2) + np.log(4)) / 2),
    ],
)
def test_cross_entropy_by_hand(cross_entropy_error: Function, d: Any, y: np.ndarray, loss: float) -> None:
    """All forms of target, for a batch, a single sample and one class, give the loss worked out by hand."""
    assert np.shape(cross_entropy_error(d, y)) == ()
    np.testing.assert_allclose(cross_entropy_error(d, y), loss, rtol=1e-5)


def test_cross_entropy_of_probability_zero(cross_entropy_error: Function) -> None:
    """A probability of exactly 0 costs -log(1e-7), and one of 1 costs nothing."""
    np.testing.assert_allclose(cross_entropy_error(1, np.array([1.0, 0.0])), -np.log(1e-7))
    np.testing.assert_allclose(cross_entropy_error(0, np.array([1.0, 0.0])), 0, atol=1e-6)


@given(st.integers(1, 6), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_cross_entropy_is_relative_entropy(
    cross_entropy_error: Function, samples: int, classes: int, seed: int
) -> None:
    """For one-hot targets, the loss is scipy's relative entropy of target and output, averaged over the samples."""
    rng = np.random.default_rng(seed)
    y = scipy.special.softmax(rng.normal(size=(samples, classes)), axis=1)
    label = rng.integers(classes, size=samples)
    oracle = scipy.special.rel_entr(np.eye(classes)[label], y).sum(axis=1).mean()
    np.testing.assert_allclose(cross_entropy_error(label, y), oracle, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(cross_entropy_error(np.eye(classes)[label], y), oracle, rtol=1e-4, atol=1e-6)
