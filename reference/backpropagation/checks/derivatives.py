"""Checks and known mistakes of the five derivatives."""

import numpy as np
from common import functions

from grader.authoring import code_question

from .. import solution
from .inputs import SINGLE, STEP, agrees, difference, sigmoid

derivatives = code_question(
    "derivatives",
    title="Derivatives",
    points=8.5,
    references=(
        solution.d_sigmoid,
        solution.d_relu,
        solution.d_mean_squared_error,
        solution.d_sigmoid_with_loss,
        solution.d_softmax_with_loss,
    ),
)


def softmax(u):
    """Softmax along the last axis, of scores that are not large."""
    return np.exp(u) / np.sum(np.exp(u), axis=-1, keepdims=True)


def squared_error(d, y):
    """Half the mean of the squared errors."""
    return np.mean((d - y) ** 2) / 2


def slope_of_the_sigmoid(value, u):
    """The property of `by_differences` of `d_sigmoid`."""
    return agrees(value, (sigmoid(u + STEP) - sigmoid(u - STEP)) / (2 * STEP), "u")


def slope_of_relu(value, u):
    """The property of `by_differences` of `d_relu`."""
    return agrees(value, (np.maximum(u + STEP, 0) - np.maximum(u - STEP, 0)) / (2 * STEP), "u")


def slope_of_the_squared_error(value, d, y):
    """The property of `by_differences` of `d_mean_squared_error`."""
    return agrees(value, difference(lambda moved: squared_error(d, moved), y), "y")


def slope_through_the_sigmoid(value, d, y):
    """The property of `by_differences` of `d_sigmoid_with_loss`: y belongs to the total input log(y / (1 - y))."""
    return agrees(value, difference(lambda u: functions.binary_cross_entropy(d, sigmoid(u)), np.log(y / (1 - y))), "u")


def slope_through_softmax(value, d, y):
    """The property of `by_differences` of `d_softmax_with_loss`: y belongs to the total input log y."""
    return agrees(value, difference(lambda u: -np.sum(d * np.log(softmax(u))) / len(u), np.log(y)), "u")


def targets_and_outputs(rng, *shape):
    """Targets of 0 and 1, and outputs of sigmoids, of this shape."""
    return rng.integers(2, size=shape).astype(float), rng.uniform(0.1, 0.9, size=shape)


def one_hot_and_outputs(rng, samples, classes):
    """One-hot targets, and outputs of softmax, (N, C)."""
    return np.eye(classes)[rng.integers(classes, size=samples)], softmax(rng.normal(size=(samples, classes)))


@derivatives.check(points=0.5, of=solution.d_sigmoid)
def at_some_points(rng):
    """`d_sigmoid` at -1, 0, 1 and 2: at 0 it is 0.25."""
    return np.array([-1.0, 0.0, 1.0, 2.0])


@derivatives.check(points=0.5, of=solution.d_sigmoid, holds=slope_of_the_sigmoid)
def by_differences(rng):
    """`d_sigmoid` of a batch is the slope of the sigmoid at u."""
    return rng.normal(scale=2, size=(3, 4))


@derivatives.check(points=0.25, of=solution.d_sigmoid)
def far_out(rng):
    """`d_sigmoid` at -1000 and 1000 is 0."""
    return np.array([[-1000.0, 1000.0], [30.0, -30.0]])


@derivatives.check(points=0.25, of=solution.d_sigmoid, hidden=True, repeat=3)
def of_any_shape(rng):
    """`d_sigmoid` of arrays of any shape, single rows and columns included."""
    return rng.normal(scale=3, size=(int(rng.integers(1, 6)), int(rng.integers(1, 3))))


@derivatives.check(points=0.25, of=solution.d_sigmoid, hidden=True)
def of_whole_numbers(rng):
    """`d_sigmoid` of integers."""
    return rng.integers(-5, 6, size=(2, 5))


@derivatives.check(points=0.25, of=solution.d_sigmoid, hidden=True, tolerance=SINGLE)
def in_single_precision(rng):
    """`d_sigmoid` of a column in single precision."""
    return rng.normal(size=(6, 1)).astype(np.float32)


@derivatives.check(points=0.5, of=solution.d_relu)
def at_some_points(rng):
    """`d_relu` is 1 above zero and 0 below."""
    return np.array([-2.0, -0.5, 0.5, 3.0])


@derivatives.check(points=0.25, of=solution.d_relu)
def at_zero(rng):
    """`d_relu` at exactly 0 is 0 in this course."""
    return np.array([[-1.0, 0.0], [0.0, 1.0]])


@derivatives.check(points=0.5, of=solution.d_relu, hidden=True, holds=slope_of_relu)
def by_differences(rng):
    """`d_relu` of a batch is the slope of relu."""
    return np.where(rng.random((4, 5)) < 0.5, -1, 1) * rng.uniform(0.1, 3, size=(4, 5))


@derivatives.check(points=0.25, of=solution.d_relu, hidden=True)
def of_whole_numbers(rng):
    """`d_relu` of integers."""
    return np.array([[-3, 2, 0, 7, -1]])


@derivatives.check(points=0.25, of=solution.d_relu, hidden=True)
def far_out(rng):
    """`d_relu` of very large and very small numbers."""
    return np.array([1e300, -1e300, 1e-300, -1e-300])


@derivatives.check(points=0.25, of=solution.d_relu, hidden=True, tolerance=SINGLE)
def in_single_precision(rng):
    """`d_relu` of a column in single precision."""
    return rng.normal(size=(6, 1)).astype(np.float32)


@derivatives.check(points=0.5, of=solution.d_mean_squared_error)
def of_a_batch(rng):
    """`d_mean_squared_error` of two samples with three outputs each: the errors, divided by 6."""
    return np.array([[1.0, 0.0, 2.0], [0.0, 3.0, -1.0]]), np.array([[1.0, 3.0, 0.0], [-1.0, 0.0, 2.0]])


@derivatives.check(points=0.25, of=solution.d_mean_squared_error)
def of_one_sample(rng):
    """`d_mean_squared_error` of one sample, shape (C,): the errors, divided by C."""
    return np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 0.0, 3.0, 8.0])


@derivatives.check(
    points=0.5, of=solution.d_mean_squared_error, hidden=True, repeat=3, holds=slope_of_the_squared_error
)
def by_differences(rng):
    """`d_mean_squared_error` is the rate at which the loss changes with each output."""
    shape = (int(rng.integers(1, 5)), int(rng.integers(1, 5)))
    return rng.normal(size=shape), rng.normal(size=shape)


@derivatives.check(points=0.25, of=solution.d_mean_squared_error, hidden=True, tolerance=SINGLE)
def of_whole_numbers(rng):
    """`d_mean_squared_error` of integer targets and outputs in single precision."""
    return rng.integers(-4, 5, size=(3, 2)), rng.normal(size=(3, 2)).astype(np.float32)


@derivatives.check(points=0.5, of=solution.d_sigmoid_with_loss)
def of_a_batch(rng):
    """`d_sigmoid_with_loss` of two samples with three outputs each: the errors, divided by 2."""
    return np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), np.array([[0.75, 0.5, 0.25], [0.125, 0.5, 0.75]])


@derivatives.check(points=0.25, of=solution.d_sigmoid_with_loss)
def of_one_sample(rng):
    """`d_sigmoid_with_loss` of one sample, shape (C,), counts as a batch of one."""
    return np.array([1.0, 0.0, 1.0]), np.array([0.75, 0.5, 0.25])


@derivatives.check(points=0.5, of=solution.d_sigmoid_with_loss, hidden=True, repeat=3, holds=slope_through_the_sigmoid)
def by_differences(rng):
    """`d_sigmoid_with_loss` is the rate at which the loss changes with each total input."""
    return targets_and_outputs(rng, int(rng.integers(1, 5)), int(rng.integers(1, 5)))


@derivatives.check(points=0.25, of=solution.d_sigmoid_with_loss, hidden=True, tolerance=SINGLE)
def of_sure_outputs(rng):
    """`d_sigmoid_with_loss` of outputs of exactly 0 and 1 in single precision, one for each sample."""
    return rng.integers(2, size=(5, 1)), np.array([[0], [1], [0], [1], [0.5]], np.float32)


@derivatives.check(points=0.5, of=solution.d_softmax_with_loss)
def of_a_batch(rng):
    """`d_softmax_with_loss` of two samples with three classes: the errors, divided by 2."""
    return np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])


@derivatives.check(points=0.25, of=solution.d_softmax_with_loss)
def of_one_sample(rng):
    """`d_softmax_with_loss` of one sample, shape (C,), counts as a batch of one."""
    return np.array([0.0, 1.0, 0.0]), np.array([0.25, 0.5, 0.25])


@derivatives.check(points=0.5, of=solution.d_softmax_with_loss, hidden=True, repeat=3, holds=slope_through_softmax)
def by_differences(rng):
    """`d_softmax_with_loss` is the rate at which the loss changes with each total input."""
    return one_hot_and_outputs(rng, int(rng.integers(1, 5)), int(rng.integers(2, 5)))


@derivatives.check(points=0.25, of=solution.d_softmax_with_loss, hidden=True, tolerance=SINGLE)
def of_whole_numbers(rng):
    """`d_softmax_with_loss` of integer targets and outputs in single precision, some of them exactly 0 or 1."""
    y = np.array([[0, 1, 0], [0.5, 0.25, 0.25], [1, 0, 0]], np.float32)
    return np.eye(3, dtype=int)[rng.integers(3, size=3)], y


@derivatives.mistake(of=solution.d_sigmoid)
def not_differentiated(u):
    """This is the sigmoid itself. Its derivative is sigmoid times one minus sigmoid."""
    return 1 / (1 + np.exp(-u))


@derivatives.convention(of=solution.d_sigmoid)
def activated_output_expected(u):
    """You take the argument for the output of the sigmoid. Here u is the total input: compute the sigmoid of it
    first.
    """
    return u * (1 - u)


@derivatives.mistake(of=solution.d_sigmoid)
def taken_at_the_output(u):
    """The sigmoid is applied twice: take the derivative at u, not at the output of the sigmoid."""
    z = 1 / (1 + np.exp(-u))
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


@derivatives.mistake(of=solution.d_sigmoid)
def falling(u):
    """The sign is wrong. The sigmoid rises everywhere: the minus signs from the exponent and from the
    quotient cancel.
    """
    s = 1 / (1 + np.exp(-u))
    return -s * (1 - s)


@derivatives.mistake(of=solution.d_sigmoid)
def one_minus(u):
    """This is one minus the sigmoid. The denominator of the derivative is squared: sigmoid times one minus sigmoid."""
    return 1 - 1 / (1 + np.exp(-u))


@derivatives.mistake(of=solution.d_sigmoid)
def overflowing_quotient(u):
    """At -1000 this is infinity divided by infinity. Sigmoid times one minus sigmoid stays finite."""
    return np.exp(-u) / (1 + np.exp(-u)) ** 2


@derivatives.mistake(of=solution.d_relu)
def not_differentiated(u):
    """This is relu itself. Its derivative is 1 where u is above zero, else 0."""
    return np.maximum(u, 0)


@derivatives.convention(of=solution.d_relu)
def one_at_zero(u):
    """At exactly 0 relu has no derivative, and some take 1 there. This course takes 0: u > 0."""
    return np.where(u >= 0, 1.0, 0.0)


@derivatives.mistake(of=solution.d_relu)
def leaky(u):
    """This is the derivative of the leaky relu. Where u is not above zero, that of relu is 0."""
    return np.where(u > 0, 1.0, 0.01)


@derivatives.convention(of=solution.d_relu)
def true_and_false(u):
    """Your results are True and False. Convert them to the numbers 1 and 0."""
    return u > 0


@derivatives.mistake(of=solution.d_relu)
def zeros_of_an_array(u):
    """np.zeros needs a shape, but you passed the array u. Use np.zeros(u.shape) or np.zeros_like(u)."""
    slope = np.zeros(u)
    slope[u > 0] = 1
    return slope


@derivatives.mistake(of=solution.d_relu)
def scalars_only(u):
    """`if` decides once, but u is an array. Use np.where, which decides for every element."""
    if u > 0:
        return 1.0
    return 0.0


@derivatives.mistake(of=solution.d_relu)
def sign_of_u(u):
    """Your result is -1 below zero. relu is constant there, so its derivative is 0."""
    return np.sign(u)


@derivatives.mistake(of=solution.d_mean_squared_error)
def not_divided(d, y):
    """The division is missing: the loss is a mean over all d.size elements."""
    return y - d


@derivatives.mistake(of=solution.d_mean_squared_error)
def by_samples(d, y):
    """You divided by the number of samples. This loss is a mean over all elements: divide by d.size."""
    return (y - d) / len(d)


@derivatives.mistake(of=solution.d_mean_squared_error)
def doubled(d, y):
    """Your result is twice too large: the factor 2 from the derivative of the square cancels with the
    1/2 of the loss.
    """
    return 2 * (y - d) / d.size


@derivatives.mistake(of=solution.d_mean_squared_error)
def halved(d, y):
    """Your result is half of the right one: the 1/2 of the loss cancels with the factor 2 from the derivative of the
    square.
    """
    return (y - d) / (2 * d.size)


@derivatives.mistake(of=solution.d_mean_squared_error)
def turned(d, y):
    """The sign is wrong: the difference is y - d. If you expected the arguments (y, d): this course passes the target d
    first.
    """
    return (d - y) / d.size


@derivatives.mistake(of=solution.d_mean_squared_error)
def loss_itself(d, y):
    """This is the loss itself, one number. Its derivative has one element for every output."""
    return np.mean((d - y) ** 2) / 2


for of in (solution.d_sigmoid_with_loss, solution.d_softmax_with_loss):
    derivatives.filling(
        "return",
        "y - d",
        "The division by N is missing. This is the derivative of a loss summed over the "
        "samples; this course uses the mean.",
        of=of,
        name="not_divided",
        convention=True,
    )
    derivatives.filling(
        "return",
        "(y - d) / d.size",
        "You divided by the number of all elements. The loss is a mean over the samples only: divide by N.",
        of=of,
        name="by_all_elements",
    )
    derivatives.filling(
        "return",
        "(d - y) / N",
        "The sign is wrong: the difference is y - d. If you expected the arguments (y, d): this course passes the "
        "target d first.",
        of=of,
        name="turned",
    )
    derivatives.filling(
        "N",
        "len(y)",
        "A single sample has the shape (C,), and its only axis is that of the outputs: use N = 1.",
        of=of,
        name="one_sample_divided",
    )
derivatives.filling(
    "return",
    "(y - d) * y * (1 - y) / N",
    "You also multiplied by y * (1 - y). With the cross-entropy that factor cancels; with the squared error it would "
    "remain.",
    of=solution.d_sigmoid_with_loss,
    name="derivative_again",
)
derivatives.filling(
    "return",
    "(y - d) / (y * (1 - y)) / N",
    "This is the derivative with respect to the output y. Continue to the total input of the sigmoid: multiply by y * "
    "(1 - y).",
    of=solution.d_sigmoid_with_loss,
    name="by_the_output",
)
derivatives.filling(
    "return",
    "-d / y / N",
    "This is the derivative with respect to the output y. Continue to the total input of softmax.",
    of=solution.d_softmax_with_loss,
    name="by_the_output",
)


@derivatives.mistake(of=solution.d_softmax_with_loss)
def again(d, y):
    """y is already the output of softmax. Do not apply softmax again."""
    N = len(y) if y.ndim == 2 else 1
    powers = np.exp(y)
    return (powers / np.sum(powers, axis=-1, keepdims=True) - d) / N


derivatives.equivalent(
    "np.where(u > 0, 1.0, 0.0)",
    "np.where(1.0, u > 0, 0.0)",
    why="the condition 1.0 always takes u > 0, which becomes 1.0 or 0.0",
)
