"""The references of the backpropagation exercise agree with central differences and hand-calculated numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.optimize
import scipy.special

Function = Callable[..., Any]


def forward(network: dict[str, np.ndarray], x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return u1, z1 and y of a network with a hidden relu and sigmoid outputs, sample by sample."""
    u1 = np.array([[row @ column + b for column, b in zip(network["W1"].T, network["b1"], strict=True)] for row in x])
    z1 = np.where(u1 > 0, u1, 0)
    return u1, z1, scipy.special.expit(np.einsum("nh,hc->nc", z1, network["W2"]) + network["b2"])


def loss(network: dict[str, np.ndarray], x: np.ndarray, d: np.ndarray) -> float:
    """Return the binary cross-entropy by scipy, summed over outputs, averaged over samples."""
    y = forward(network, x)[2]
    return float(-(scipy.special.xlogy(d, y) + scipy.special.xlog1py(1 - d, -y)).sum(axis=1).mean())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("samples", "inputs", "hidden", "classes"), [(4, 3, 5, 2), (1, 2, 3, 1), (5, 1, 1, 1)])
def test_backward_is_the_gradient_of_the_loss(
    references: dict[str, Function], seed: int, samples: int, inputs: int, hidden: int, classes: int
) -> None:
    """Every gradient is the central difference of the loss, and has the shape of its parameter."""
    rng = np.random.default_rng(seed)
    network = {
        "W1": rng.normal(size=(inputs, hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)),
        "b2": rng.normal(size=classes),
    }
    x, d = rng.normal(size=(samples, inputs)), rng.integers(2, size=(samples, classes)).astype(float)
    grad = references["backward"](network, x, d, *forward(network, x))
    assert grad.keys() == network.keys()
    for key, value in network.items():
        slope = np.zeros_like(value)
        for index in np.ndindex(value.shape):
            ends = []
            for shift in (1e-6, -1e-6):
                moved = {k: v.copy() for k, v in network.items()}
                moved[key][index] += shift
                ends.append(loss(moved, x, d))
            slope[index] = (ends[0] - ends[1]) / 2e-6
        np.testing.assert_allclose(grad[key], slope, rtol=1e-5, atol=1e-8)


def test_backward_by_hand(references: dict[str, Function]) -> None:
    """For one sample and two hidden nodes, one of them inactive, the numbers are worked out by hand."""
    network = {
        "W1": np.array([[1.0, 1.0]]),
        "b1": np.array([1.0, -5.0]),
        "W2": np.array([[2.0], [3.0]]),
        "b2": np.array([0.0]),
    }
    x, d = np.array([[2.0]]), np.array([[1.0]])
    u1, z1, y = np.array([[3.0, -3.0]]), np.array([[3.0, 0.0]]), np.array([[0.75]])
    grad = references["backward"](network, x, d, u1, z1, y)
    np.testing.assert_array_equal(grad["b2"], [-0.25])
    np.testing.assert_array_equal(grad["W2"], [[-0.75], [0.0]])
    np.testing.assert_array_equal(grad["b1"], [-0.5, 0.0])
    np.testing.assert_array_equal(grad["W1"], [[-1.0, 0.0]])


def test_given_loss_agrees_with_scipy() -> None:
    """The helper for students, `binary_cross_entropy`, is scipy's up to its small constant."""
    from grader.course.loader import bundled_course_folder, load_course

    names: dict[str, Any] = {}
    exec(load_course(bundled_course_folder()).exercise("backpropagation").modules["common.functions"], names)
    rng = np.random.default_rng(0)
    d, y = rng.integers(2, size=(6, 3)).astype(float), rng.uniform(0.05, 0.95, size=(6, 3))
    oracle = -(scipy.special.xlogy(d, y) + scipy.special.xlog1py(1 - d, -y)).sum() / 6
    assert names["binary_cross_entropy"](d, y) == pytest.approx(oracle, rel=1e-5)
    assert np.isfinite(names["binary_cross_entropy"](d, 1 - d))


@pytest.mark.parametrize(("samples", "hidden", "classes"), [(4, 5, 2), (1, 3, 2), (5, 1, 1), (3, 3, 3)])
def test_backward_blanks_is_the_gradient_of_the_squared_error(
    references: dict[str, Function], samples: int, hidden: int, classes: int
) -> None:
    """The gradient with respect to W2 is scipy's finite difference of half the mean squared error."""
    rng = np.random.default_rng(samples)
    z1, weights, d = (rng.normal(size=s) for s in ((samples, hidden), (hidden, classes), (samples, classes)))

    def error(flat: np.ndarray) -> float:
        return float(np.mean((d - z1 @ flat.reshape(hidden, classes)) ** 2) / 2)

    oracle = scipy.optimize.approx_fprime(weights.ravel(), error, 1e-7).reshape(hidden, classes)
    grad = references["backward_blanks"](d, z1, z1 @ weights)
    assert grad.keys() == {"W2"}
    np.testing.assert_allclose(grad["W2"], oracle, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("shape", [(2,), (5,), (1, 4), (4, 1), (3, 2)])
def test_numerical_gradient_of_rosenbrock(references: dict[str, Function], shape: tuple[int, ...]) -> None:
    """On Rosenbrock's function, whose elements interact, it agrees with scipy's exact derivative."""
    x = np.random.default_rng(0).uniform(-1, 1, size=shape)
    before = x.copy()
    found = references["numerical_gradient"](lambda a: scipy.optimize.rosen(a.ravel()), x)
    np.testing.assert_allclose(found, scipy.optimize.rosen_der(x.ravel()).reshape(shape), rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(x, before)


def test_numerical_gradient_of_integers(references: dict[str, Function]) -> None:
    """Integers are varied like other numbers, and keep their values."""
    x = np.array([[2, -1], [0, 3]])
    found = references["numerical_gradient"](lambda a: np.sum(a**2) / 4, x)
    np.testing.assert_allclose(found, [[1.0, -0.5], [0.0, 1.5]], atol=1e-8)
    assert x.dtype == int
    np.testing.assert_array_equal(x, [[2, -1], [0, 3]])


POINTS = [np.array([-3.0, -0.5, 0.25, 2.0]), np.array([[1.5, -1.0], [0.75, 4.0]]), np.array([[-2.0]])]


@pytest.mark.parametrize("u", POINTS)
@pytest.mark.parametrize(
    ("name", "function"),
    [("d_sigmoid", scipy.special.expit), ("d_relu", lambda u: u.clip(min=0))],
)
def test_derivatives_of_activations(
    references: dict[str, Function], name: str, function: Function, u: np.ndarray
) -> None:
    """Each derivative agrees with scipy's finite difference of the activation, element by element."""
    jacobian = scipy.optimize.approx_fprime(u.ravel(), function, 1e-7)
    oracle = np.diag(jacobian.reshape(u.size, u.size)).reshape(u.shape)
    np.testing.assert_allclose(references[name](u), oracle, atol=1e-5)


def test_derivatives_at_the_edges(references: dict[str, Function]) -> None:
    """The sigmoid's derivative vanishes far from 0 and is largest at 0; relu's derivative at exactly 0 is 0."""
    np.testing.assert_array_equal(references["d_sigmoid"](np.array([-1000, 0, 1000])), [0, 0.25, 0])
    np.testing.assert_array_equal(references["d_relu"](np.array([-1e300, -0.0, 0.0, 1e-300])), [0, 0, 0, 1])


def squared_error(d: np.ndarray, y: np.ndarray) -> float:
    """Return half the mean of the squares over all elements."""
    return float(np.mean((d - y) ** 2) / 2)


def sigmoid_loss(d: np.ndarray, u: np.ndarray) -> float:
    """Return the binary cross-entropy of sigmoid outputs, by scipy, averaged over the rows."""
    return float(-(d * scipy.special.log_expit(u) + (1 - d) * scipy.special.log_expit(-u)).sum() / len(u))


def softmax_loss(d: np.ndarray, u: np.ndarray) -> float:
    """Return the cross-entropy of softmax outputs, by scipy, averaged over the rows."""
    return float(-(d * scipy.special.log_softmax(u, axis=1)).sum() / len(u))


def same(u: np.ndarray) -> np.ndarray:
    """Return the input."""
    return u


LOSSES = [
    ("d_mean_squared_error", squared_error, same),
    ("d_sigmoid_with_loss", sigmoid_loss, scipy.special.expit),
    ("d_softmax_with_loss", softmax_loss, lambda u: scipy.special.softmax(u, axis=1)),
]


@pytest.mark.parametrize("shape", [(4, 3), (1, 3), (3, 1), (3, 3)])
@pytest.mark.parametrize(("name", "loss", "output"), LOSSES)
def test_derivatives_of_losses(
    references: dict[str, Function], name: str, loss: Function, output: Function, shape: tuple[int, int]
) -> None:
    """Each is scipy's finite difference of the loss by the total input; a single sample, shape (C,), agrees."""
    rng = np.random.default_rng(7)
    u, d = rng.normal(size=shape), np.eye(shape[1])[rng.integers(shape[1], size=shape[0])]

    def error(flat: np.ndarray) -> float:
        return float(loss(d, flat.reshape(shape)))

    oracle = scipy.optimize.approx_fprime(u.ravel(), error, 1e-7).reshape(shape)
    np.testing.assert_allclose(references[name](d, output(u)), oracle, rtol=1e-4, atol=1e-6)
    if shape[0] == 1:
        np.testing.assert_allclose(references[name](d[0], output(u)[0]), oracle[0], rtol=1e-4, atol=1e-6)
