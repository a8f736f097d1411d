"""Checks and known mistakes of the backpropagation exercise."""

import numpy as np
from common import functions

from grader.authoring import (
    Code,
    Phrase,
    Tolerance,
    argument,
    as_curve,
    call,
    call_if_defined,
    code_question,
    experiment_question,
    given,
    local,
    read,
    reading_question,
    returned,
    say,
)

from . import solution

SINGLE = Tolerance(rtol=1e-3, atol=1e-6)
"""For float32 inputs, where a student may compute in double precision."""
NUMERICAL = Tolerance(rtol=1e-4, atol=1e-5)

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

STEP = 1e-5
"""How far the central differences of these checks go, either way."""


def sigmoid(u):
    """The sigmoid, for u of any size."""
    return (1 + np.tanh(u / 2)) / 2


def softmax(u):
    """Softmax along the last axis, of scores that are not large."""
    return np.exp(u) / np.sum(np.exp(u), axis=-1, keepdims=True)


def squared_error(d, y):
    """Half the mean of the squared errors."""
    return np.mean((d - y) ** 2) / 2


def difference(f, u):
    """The central difference of f, array -> number, in every element of u."""
    slope = np.zeros(u.shape)
    for index in np.ndindex(u.shape):
        moved = np.zeros(u.shape)
        moved[index] = STEP
        slope[index] = (f(u + moved) - f(u - moved)) / (2 * STEP)
    return slope


def agrees(value, slope, name):
    """None, or where a derivative is not the slope that was measured."""
    far = np.abs(value - slope) > NUMERICAL.atol + NUMERICAL.rtol * np.abs(slope)
    if not far.any():
        return None
    at = tuple(int(i) for i in np.argwhere(far)[0])
    return say(
        "A small change of {name}{at} changes the result at a rate of {slope}, not {value}.",
        name=name,
        at=list(at),
        slope=f"{slope[at]:.4g}",
        value=f"{value[at]:.4g}",
    )


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
    """This is right if the argument is the output of the sigmoid. Here u is the total input: compute the sigmoid of it
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
def condition_on_the_result(u):
    """Your result is 1 everywhere: the condition compares the array of ones, which has no number below zero. Compare u
    instead.
    """
    slope = np.ones(u.shape)
    slope[slope <= 0] = 0
    return slope


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
    """The difference is right, but the division is missing: the loss is a mean over all d.size elements."""
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


@derivatives.convention(of=solution.d_sigmoid_with_loss)
def not_divided(d, y):
    """The difference is right, but the division by N is missing. This is the derivative of a loss summed over the
    samples; this course uses the mean.
    """
    return y - d


@derivatives.mistake(of=solution.d_sigmoid_with_loss)
def by_all_elements(d, y):
    """You divided by the number of all elements. The loss is a mean over the samples only: divide by N."""
    return (y - d) / d.size


@derivatives.mistake(of=solution.d_sigmoid_with_loss)
def turned(d, y):
    """The sign is wrong: the difference is y - d. If you expected the arguments (y, d): this course passes the target d
    first.
    """
    N = len(y) if y.ndim == 2 else 1
    return (d - y) / N


@derivatives.mistake(of=solution.d_sigmoid_with_loss)
def one_sample_divided(d, y):
    """This is right for a batch. A single sample has the shape (C,), and its only axis is that of the outputs: use N =
    1.
    """
    return (y - d) / len(y)


@derivatives.convention(of=solution.d_softmax_with_loss)
def not_divided(d, y):
    """The difference is right, but the division by N is missing. This is the derivative of a loss summed over the
    samples; this course uses the mean.
    """
    return y - d


@derivatives.mistake(of=solution.d_softmax_with_loss)
def by_all_elements(d, y):
    """You divided by the number of all elements. The loss is a mean over the samples only: divide by N."""
    return (y - d) / d.size


@derivatives.mistake(of=solution.d_softmax_with_loss)
def turned(d, y):
    """The sign is wrong: the difference is y - d. If you expected the arguments (y, d): this course passes the target d
    first.
    """
    N = len(y) if y.ndim == 2 else 1
    return (d - y) / N


@derivatives.mistake(of=solution.d_softmax_with_loss)
def one_sample_divided(d, y):
    """This is right for a batch. A single sample has the shape (C,), and its only axis is that of the outputs: use N =
    1.
    """
    return (y - d) / len(y)


@derivatives.mistake(of=solution.d_sigmoid_with_loss)
def derivative_again(d, y):
    """You also multiplied by y * (1 - y). With the cross-entropy that factor cancels; with the squared error it would
    remain.
    """
    N = len(y) if y.ndim == 2 else 1
    return (y - d) * y * (1 - y) / N


@derivatives.mistake(of=solution.d_sigmoid_with_loss)
def by_the_output(d, y):
    """This is the derivative with respect to the output y. Continue to the total input of the sigmoid: multiply by y *
    (1 - y).
    """
    N = len(y) if y.ndim == 2 else 1
    return (y - d) / (y * (1 - y)) / N


@derivatives.mistake(of=solution.d_softmax_with_loss)
def by_the_output(d, y):
    """This is the derivative with respect to the output y. Continue to the total input of softmax."""
    N = len(y) if y.ndim == 2 else 1
    return -d / y / N


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

backward = code_question("backward", title="Gradients of a two-layer network", points=8, reference=solution.backward)

OUTPUTS = (local("delta2"), returned("b2"), returned("W2"), local("delta1"), returned("b1"), returned("W1"))
GRADIENTS = (returned("b2"), returned("W2"), returned("b1"), returned("W1"))


def forward(network, x):
    """The forward pass of the exercise."""
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = np.maximum(u1, 0)
    y = 1 / (1 + np.exp(-np.dot(z1, network["W2"]) - network["b2"]))
    return u1, z1, y


def case(rng, samples, inputs, hidden, classes):
    """A random network of these sizes, a batch, its targets, and what the forward pass gave."""
    network = {
        "W1": rng.normal(size=(inputs, hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)),
        "b2": rng.normal(size=classes),
    }
    x = rng.normal(size=(samples, inputs))
    d = rng.integers(2, size=(samples, classes)).astype(float)
    return network, x, d, *forward(network, x)


def at_the_corner(rng, samples, inputs, hidden, classes):
    """Return the same, with one total input of exactly 0: there, relu has a corner."""
    network, x, d, *_ = case(rng, samples, inputs, hidden, classes)
    network["b1"][0] = -np.dot(x, network["W1"])[0, 0]
    return network, x, d, *forward(network, x)


def slope_of(key):
    """The property of `slope_of_the_loss`: the gradient of this parameter is the central difference of the loss."""

    def agrees_with_differences(value, network, x, d, u1, z1, y):
        difference = np.zeros(network[key].shape)
        for index in np.ndindex(difference.shape):
            for sign in (1, -1):
                moved = {k: v.copy() for k, v in network.items()}
                moved[key][index] += sign * 1e-5
                difference[index] += sign * functions.binary_cross_entropy(d, forward(moved, x)[2]) / 2e-5
        far = np.abs(value - difference) > NUMERICAL.atol + NUMERICAL.rtol * np.abs(difference)
        if not far.any():
            return None
        at = tuple(int(i) for i in np.argwhere(far)[0])
        return say(
            "A small change of network[{key}]{at} changes the loss at a rate of {slope}, but its gradient is {value}.",
            key=repr(key),
            at=list(at),
            slope=f"{difference[at]:.4g}",
            value=f"{value[at]:.4g}",
        )

    return agrees_with_differences


@backward.check(*OUTPUTS, points=0.5)
def small_batch(rng):
    """{output} of a batch of three samples: 2 inputs, 3 hidden nodes, 2 outputs."""
    network = {
        "W1": np.array([[1.0, -1.0, 0.5], [0.5, 2.0, -1.0]]),
        "b1": np.array([0.0, 1.0, -0.25]),
        "W2": np.array([[1.0, -0.5], [-1.0, 0.25], [2.0, 1.0]]),
        "b2": np.array([0.0, 0.5]),
    }
    x = np.array([[1.0, 0.0], [2.0, 1.0], [-1.0, 0.5]])
    d = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    return network, x, d, *forward(network, x)


@backward.check(*OUTPUTS, points=0.5, repeat=3, hidden=True)
def random_batches(rng):
    """{output} of random batches and networks."""
    samples, inputs, hidden, classes = (int(n) for n in rng.integers(2, 6, size=4))
    return at_the_corner(rng, samples, inputs, hidden + classes, classes)


def smooth(rng):
    """A case away from relu's corner, and not saturated."""
    while True:
        made = case(rng, 4, 3, 4, 2)
        u1, _, y = made[3:]
        if np.abs(u1).min() > 0.01 and y.min() > 0.01 and y.max() < 0.99:
            return made


@backward.check(returned("b2"), points=0.1875, holds=slope_of("b2"))
def slope_of_the_loss_by_b2(rng):
    """`grad['b2']` is the rate at which the loss changes with `b2`."""
    return smooth(rng)


@backward.check(returned("W2"), points=0.1875, holds=slope_of("W2"))
def slope_of_the_loss_by_W2(rng):
    """`grad['W2']` is the rate at which the loss changes with `W2`."""
    return smooth(rng)


@backward.check(returned("b1"), points=0.1875, holds=slope_of("b1"))
def slope_of_the_loss_by_b1(rng):
    """`grad['b1']` is the rate at which the loss changes with `b1`."""
    return smooth(rng)


@backward.check(returned("W1"), points=0.1875, holds=slope_of("W1"))
def slope_of_the_loss_by_W1(rng):
    """`grad['W1']` is the rate at which the loss changes with `W1`."""
    return smooth(rng)


@backward.check(*GRADIENTS, points=0.0625, hidden=True)
def batch_of_one(rng):
    """{output} of a batch of one sample: it keeps the shape of its parameter."""
    return case(rng, 1, 3, 4, 2)


@backward.check(*GRADIENTS, points=0.0625, hidden=True)
def single_nodes(rng):
    """{output} of one input, one hidden node, one output."""
    return case(rng, 5, 1, 1, 1)


@backward.check(*GRADIENTS, points=0.0625, hidden=True)
def as_many_nodes_everywhere(rng):
    """{output} of as many samples as inputs, hidden nodes and outputs: a wrong transpose does not show in its shape."""
    return at_the_corner(rng, 3, 3, 3, 3)


@backward.check(*GRADIENTS, points=0.0625, hidden=True)
def sure_outputs(rng):
    """{output} of outputs of exactly 0 and 1, and integer inputs."""
    network, _, d, *_ = case(rng, 4, 3, 5, 2)
    x = rng.integers(-3, 4, size=(4, 3))
    network["b1"][0] = -np.dot(x, network["W1"])[0, 0]
    u1, z1, y = forward(network, x)
    return network, x, d, u1, z1, np.round(y)


@backward.check(*GRADIENTS, points=0.0625, hidden=True, tolerance=SINGLE)
def single_precision(rng):
    """{output} of inputs and parameters in single precision."""
    network, *arrays = case(rng, 4, 3, 5, 2)
    return {k: v.astype(np.float32) for k, v in network.items()}, *(a.astype(np.float32) for a in arrays)


backward.filling(
    "delta2",
    "y - d",
    "The difference is right, but the division by N is missing: the loss is a mean over the samples, so delta2 is (y "
    "- d) / N.",
    name="not_divided",
    convention=True,
)
backward.filling(
    "delta1",
    'np.dot(delta2, network["W2"].T) * (u1 >= 0)',
    "At exactly 0 relu has no derivative, and some take 1 there. This course takes 0: u1 > 0.",
    name="one_at_zero",
    convention=True,
)
backward.filling(
    "delta2",
    "(y - d) / d.size",
    "You divided by the number of all elements, N times C. The loss is summed over the outputs and averaged over the "
    "samples: divide by N.",
    name="divided_by_all_elements",
)
backward.filling(
    "delta2",
    "(d - y) / N",
    "The sign is wrong: where the output is above its target, a larger output means a larger loss, so delta2 contains "
    "y - d.",
    name="target_minus_output",
)
backward.filling(
    "delta2",
    "(y - d) * y * (1 - y) / N",
    "This is delta2 of the squared error. With the binary cross-entropy the derivative of the sigmoid cancels, and "
    "there is no factor y * (1 - y).",
    name="delta_of_squared_error",
)
backward.filling(
    "delta1",
    'np.dot(delta2, network["W2"].T)',
    "delta1 lacks the derivative of relu, which is 0 where u1 is not above zero.",
    name="no_derivative",
)
backward.filling(
    "delta1",
    'np.dot(delta2, network["W2"].T) * z1 * (1 - z1)',
    "You used the derivative of the sigmoid, but the hidden layer has relu in the forward pass. Both passes must use "
    "the same activation.",
    name="derivative_of_the_sigmoid",
)
backward.filling(
    "delta1",
    'np.dot(delta2, network["W2"].T) * (s := 1 / (1 + np.exp(-u1))) * (1 - s)',
    "You used the derivative of the sigmoid at u1, but the hidden layer has relu in the forward pass, whose "
    "derivative is 1 or 0. Both passes must use the same activation.",
    name="sigmoid_of_total_input",
)
backward.filling(
    "delta1",
    'np.dot(delta2, network["W2"].T) * (s := 1 / (1 + np.exp(-z1))) * (1 - s)',
    "You used the derivative of the sigmoid at z1, which is already the output of the activation. The hidden layer "
    "has relu in the forward pass: use its derivative at u1, which is 1 or 0. Both passes must use the same "
    "activation.",
    name="sigmoid_of_hidden_output",
)
backward.filling(
    "delta1",
    'np.dot(delta2, network["W2"].T) * z1',
    "You multiplied by relu itself. Multiply by its derivative: 1 where u1 is above zero, else 0.",
    name="relu_instead_of_derivative",
)
backward.filling(
    "grad['W2']",
    "np.dot(delta2.T, z1)",
    "The gradients of the weights are transposed: they have one row for each input, as the weights themselves. "
    "Transpose the layer's input, not the delta.",
    also={"grad['W1']": "np.dot(delta1.T, x)"},
    name="weights_transposed",
)
backward.filling(
    "grad['b2']",
    "delta2",
    "All samples share the bias of a node: sum the deltas over the samples, axis 0.",
    also={"grad['b1']": "delta1"},
    name="biases_not_summed",
)
backward.filling(
    "grad['b2']",
    "np.mean(delta2, axis=0)",
    "The deltas are already divided by N. Use the sum over the samples; a mean would divide again.",
    also={"grad['b1']": "np.mean(delta1, axis=0)"},
    name="biases_averaged",
)
backward.filling(
    "grad['b2']",
    "np.sum(delta2)",
    "You also summed over the nodes. Every node has its own bias: sum over the samples only, axis 0.",
    also={"grad['b1']": "np.sum(delta1)"},
    name="biases_summed_whole",
)
backward.filling(
    "grad['W2']",
    "np.dot(u1.T, delta2)",
    "The input of the second layer is z1, the output of relu, not the total input u1.",
    name="total_input_instead_of_output",
)
backward.filling(
    "grad['W2']",
    "np.dot(z1.T, delta2) / N",
    "delta2 and delta1 are already divided by N: do not divide the gradients of the weights again.",
    also={"grad['W1']": "np.dot(x.T, delta1) / N"},
    name="weights_divided_again",
)
backward.filling(
    "delta1",
    'np.dot(delta2, network["W2"]) * (u1 > 0)',
    "W2 has the shape (H, C) and the deltas (N, C): multiply the deltas by the transpose of W2.",
    name="second_weights_not_transposed",
)


kept_results = reading_question(
    "kept_results",
    title="What is computed once",
    points=2,
    right=[
        "delta2 = error(d, y)",
        "delta1 = back(delta2, network['W2'], u1)",
    ],
    also={
        "grad['b2'] = summed(delta2)": "grad['b2'] is a result, but no later line uses it again.",
        "grad['W2'] = joined(z1, delta2)": "grad['W2'] is a result, but no later line uses it again.",
    },
    several=True,
)


backward_blanks = code_question(
    "backward_blanks", title="Another loss, another delta", points=3, reference=solution.backward_blanks
)

TWO_LINES = (local("delta2"), returned("W2"))


def regression(rng, samples, hidden, classes):
    """Targets, hidden outputs and outputs of a network for regression."""
    return (
        rng.normal(size=(samples, classes)),
        np.maximum(rng.normal(size=(samples, hidden)), 0),
        rng.normal(size=(samples, classes)),
    )


@backward_blanks.check(*TWO_LINES, points=0.5)
def small_batch(rng):
    """{output} of two samples, two hidden nodes, three outputs."""
    z1 = np.array([[1.0, 0.5], [0.0, 3.0]])
    return np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 1.0]]), z1, np.array([[3.0, 0.0, 2.0], [1.0, -2.0, 1.0]])


@backward_blanks.check(*TWO_LINES, points=0.5, repeat=3, hidden=True)
def random_batches(rng):
    """{output} of random batches."""
    samples, hidden, classes = (int(n) for n in rng.integers(2, 7, size=3))
    return regression(rng, samples, hidden + classes, classes)


@backward_blanks.check(*TWO_LINES, points=0.125, hidden=True)
def batch_of_one(rng):
    """{output} of a batch of one sample: both axes are kept."""
    return regression(rng, 1, 3, 2)


@backward_blanks.check(*TWO_LINES, points=0.125, hidden=True)
def single_nodes(rng):
    """{output} of one hidden node, one output."""
    return regression(rng, 4, 1, 1)


@backward_blanks.check(*TWO_LINES, points=0.125, hidden=True)
def as_many_nodes_everywhere(rng):
    """{output} of as many samples as hidden nodes and outputs: a wrong transpose does not show in its shape."""
    return regression(rng, 3, 3, 3)


@backward_blanks.check(*TWO_LINES, points=0.125, hidden=True, tolerance=SINGLE)
def whole_numbers(rng):
    """{output} of integer targets, and outputs in single precision."""
    _, z1, y = regression(rng, 4, 3, 2)
    return rng.integers(-3, 4, size=(4, 2)), z1.astype(np.float32), y.astype(np.float32)


backward_blanks.filling(
    "delta2",
    "y - d",
    "The difference is right, but the division is missing: the loss is a mean over all elements, so delta2 is y - d "
    "divided by N times C.",
    name="not_divided",
)
backward_blanks.filling(
    "delta2",
    "(y - d) / len(d)",
    "You divided by N. This loss is a mean over all elements: divide by N times C, d.size.",
    name="divided_by_samples",
)
backward_blanks.filling(
    "delta2",
    "2 * (y - d) / d.size",
    "Your result is twice too large. The factor 2 from the derivative of the square cancels with the 1/2 of the loss.",
    name="doubled",
)
backward_blanks.filling(
    "delta2",
    "(d - y) / d.size",
    "The sign is wrong: where the output is above its target, a larger output means a larger loss, so delta2 contains "
    "y - d.",
    name="target_minus_output",
)
backward_blanks.filling(
    "delta2",
    "(y - d) * y * (1 - y) / d.size",
    "You multiplied by the derivative of the sigmoid. The output of this network is the identity, whose derivative is "
    "1.",
    name="sigmoid_at_the_output",
)
backward_blanks.filling(
    "delta2",
    "(y - d) ** 2 / (2 * d.size)",
    "You squared the errors, as in the loss. Its derivative with respect to an output contains the error itself.",
    name="loss_instead_of_derivative",
)
backward_blanks.filling(
    "grad['W2']",
    "np.dot(delta2.T, z1)",
    "The gradient is transposed: W2 has one row for each hidden node. Transpose z1, not the delta.",
    name="transposed",
)
backward_blanks.filling(
    "grad['W2']",
    "np.dot(z1.T, delta2) / len(d)",
    "delta2 already contains the division of the mean: do not divide the product with z1 again.",
    name="divided_again",
)


numerical_gradient = code_question(
    "numerical_gradient", title="The numerical gradient", points=5, reference=solution.numerical_gradient
)

DIFFERENCES = Tolerance(rtol=1e-5, atol=1e-5)
"""Central differences with h from 1e-3 to 1e-6 of the functions below, all of them of about 1, are as near as that."""
SQUARES = Code("lambda x: np.sum(x**2)")
WAVES = Code("lambda x: float(1000 + np.sum(np.sin(x)) * np.cos(np.sum(x)))")
"""Every element's derivative depends on every other element. Numbers of about 1000 are rounded to 1e-13, so that with a
step of 1e-10 the differences are lost in rounding; with steps from 1e-3 to 1e-7 they aren't.
"""
BOWL = Code("lambda x: np.sum(x**2 * np.arange(1, x.size + 1).reshape(x.shape)) / 2")
"""Every element has a slope of its own: x times 1, 2, 3 and so on."""
HIGH_BOWL = Code("lambda x: 1000 + np.sum(x**2 * np.arange(1, x.size + 1).reshape(x.shape)) / 2")
"""The same, with numbers of about 1000."""
THIRDS = Code("lambda x: 1000 + np.sum(x**2 * np.arange(1, x.size + 1).reshape(x.shape)) / 3")
"""The same, with slopes that aren't round at whole numbers, so that rounding makes no difference right."""


@numerical_gradient.check(points=0.5, tolerance=DIFFERENCES)
def sum_of_squares(rng):
    """The gradient of the sum of squares is 2x: an array of shape (D,)."""
    return SQUARES, np.array([3.1, -1.2, 0.7])


@numerical_gradient.check(points=0.75, tolerance=DIFFERENCES)
def two_axes(rng):
    """The same for an array of shape (2, 3)."""
    return SQUARES, np.array([[1.1, -2.3, 0.6], [3.2, 0.3, -1.4]])


@numerical_gradient.check(points=0.5, tolerance=DIFFERENCES)
def whole_numbers(rng):
    """An array of the integers 2 and -1."""
    return THIRDS, np.array([2, -1, 3])


@numerical_gradient.check(argument("x"), points=0.5)
def x_as_it_was(rng):
    """After the call, x is unchanged."""
    return BOWL, np.array([0.5, -1.5, 2.0])


@numerical_gradient.check(points=0.5, hidden=True, repeat=3, tolerance=DIFFERENCES)
def elements_together(rng):
    """A function whose slope with respect to one element depends on all others."""
    return WAVES, rng.uniform(-1, 1, size=(int(rng.integers(2, 5)), int(rng.integers(2, 5))))


@numerical_gradient.check(points=0.5, hidden=True, repeat=3, tolerance=DIFFERENCES)
def elements_of_a_vector(rng):
    """Random vectors, with a different slope for every element."""
    return HIGH_BOWL, rng.uniform(-1, 1, size=int(rng.integers(2, 7)))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=DIFFERENCES)
def single_column(rng):
    """An array of shape (N, 1)."""
    return WAVES, rng.uniform(-1, 1, size=(4, 1))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=DIFFERENCES)
def single_row(rng):
    """An array of shape (1, D)."""
    return WAVES, rng.uniform(-1, 1, size=(1, 4))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=DIFFERENCES)
def single_element(rng):
    """A vector of one element."""
    return WAVES, rng.uniform(-1, 1, size=1)


@numerical_gradient.check(points=0.5, hidden=True, tolerance=DIFFERENCES)
def whole_numbers_of_two_axes(rng):
    """Integers of shape (2, 3), with slopes that are not integers."""
    return WAVES, rng.integers(-2, 3, size=(2, 3))


@numerical_gradient.check(argument("x"), points=0.25, hidden=True)
def two_axes_as_they_were(rng):
    """After the call, x of shape (N, D) is unchanged."""
    return WAVES, rng.uniform(-1, 1, size=(3, 2))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=Tolerance(rtol=0.05, atol=0.05))
def single_precision(rng):
    """An array in single precision, for which a larger tolerance applies."""
    return BOWL, rng.uniform(-1, 1, size=3).astype(np.float32)


numerical_gradient.filling(
    "gradient[index]",
    "(above - below) / 2 * h",
    "/ 2 * h divides by 2 and then multiplies by h. Write / (2 * h).",
    name="multiplied_by_h",
)
numerical_gradient.filling(
    "gradient[index]",
    "(above - below) / h",
    "This is the forward difference, from x to x + h, which is less exact. The central difference goes from x - h to "
    "x + h.",
    also={"kept - h": "kept"},
    name="forward_difference",
)


@numerical_gradient.mistake
def step_too_small(f, x):
    """Your step h is so small that f(x + h) and f(x - h) differ by little more than their rounding. Use h = 1e-4."""
    h = 1e-10
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


numerical_gradient.filling(
    "gradient[index]",
    "(above - below) / h",
    "The distance from x - h to x + h is 2h. Divide by 2h, not by h.",
    name="divided_by_h",
)
numerical_gradient.filling(
    "gradient[index]",
    "(below - above) / (2 * h)",
    "The sign is wrong: subtract the value at x - h from the value at x + h.",
    name="sign_turned",
)
numerical_gradient.filling(
    "x[index] = kept",
    "pass",
    "An element is not restored after it was changed, so that the next difference is taken at another point. Restore "
    "it before you continue.",
    name="not_restored",
)
numerical_gradient.filling(
    "x[index] = kept",
    "pass",
    "An element is not restored after it was changed: the next difference is taken at another point, and the caller's "
    "x is changed. Restore it before you continue.",
    also={"x = np.array(x, dtype=float)": "pass", "gradient": "np.zeros(x.shape)"},
    name="not_restored_in_place",
)
numerical_gradient.filling(
    "x = np.array(x, dtype=float)",
    "pass",
    "An integer array can't store x + h: the fraction is cut off, and nothing changes. Convert x to an array of "
    "floats first.",
    also={"gradient": "np.zeros(x.shape)"},
    name="whole_numbers_moved",
)
numerical_gradient.filling(
    "x = np.array(x, dtype=float)",
    "pass",
    "If x is an integer array, the fraction of x + h is cut off, and so is that of the gradient, whose array has the "
    "dtype of x. Convert x to an array of floats first.",
    name="whole_numbers_throughout",
)
numerical_gradient.filling(
    "x = np.array(x, dtype=float)",
    "gradient = np.zeros_like(x)\nx = np.array(x, dtype=float)",
    "The array of the gradient has the dtype of x: if that is an integer type, the fractions of the slopes are cut "
    "off. Make it an array of floats.",
    also={"gradient = np.zeros_like(x)": "pass"},
    name="gradient_of_whole_numbers",
)
numerical_gradient.filling(
    "index",
    "range(x.size)",
    "This is right for a vector, but x[i] of an array with two axes is a whole row. Loop over all indices: "
    "np.ndindex(x.shape).",
    also={"kept": "float(x[index])"},
    name="vectors_only",
)


@numerical_gradient.mistake
def row_by_row(f, x):
    """You passed one row at a time to f, but f is a function of the whole array. Change one element,
    and pass all of x.
    """
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for row, slopes in zip(np.atleast_2d(x), np.atleast_2d(gradient), strict=True):
        for index in range(row.size):
            kept = row[index]
            row[index] = kept + h
            above = f(row)
            row[index] = kept - h
            below = f(row)
            row[index] = kept
            slopes[index] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.mistake
def all_at_once(f, x):
    """You changed all elements at once, which gives one number, the slope along the diagonal. Change one element at a
    time.
    """
    h = 1e-4
    return (f(x + h) - f(x - h)) / (2 * h)


numerical_gradient.filling(
    "gradient[index]",
    "gradient[index] = (above - below) / (2 * h)\nreturn gradient",
    "Only the first element is computed: the return is inside the loop. Move it behind the loop.",
    name="first_element_only",
)


numerical_gradient.equivalent("np.zeros_like(x)", "np.ones_like(x)", why="every element is assigned afterwards")

convergence = experiment_question(
    "convergence", title="Does it converge?", points=8, variables=("convergence",), limits={"cpu": 4}
)

RUNS = ("relu", "sigmoid", "wide")
ACTIVATIONS = {"relu": lambda u: np.maximum(u, 0), "sigmoid": sigmoid}
SLOPES = {
    "relu": [lambda u, z: (u > 0) * 1.0],
    "sigmoid": [
        lambda u, z: sigmoid(u) * (1 - sigmoid(u)),
        lambda u, z: sigmoid(z) * (1 - sigmoid(z)),
        lambda u, z: z * (1 - z),
    ],
}
"""What learners take for the derivative of each activation: at u, at z, and of z itself."""


def losses(runs, run):
    """The losses of one run, or a sentence that says what is wrong with them."""
    if not isinstance(runs, dict) or not isinstance(runs.get(run), dict):
        return say("`convergence[{run}]` is missing; it should be a dict.", run=repr(run))
    curve = as_curve(runs[run].get("losses"))
    if curve is None or len(curve) < 20:
        return say(
            "`convergence[{run}]['losses']` should be a list of at least 20 numbers, one for each step.", run=repr(run)
        )
    if not np.isfinite(curve).all():
        return say("The losses of `{run}` don't stay finite. Try a smaller learning rate.", run=run)
    return curve


def in_parts(said):
    """The share of the runs of which nothing is said, and the first sentence of the others."""
    wrong = [sentence for sentence in said if sentence]
    return (1 - len(wrong) / len(said), wrong[0]) if wrong else None


@convergence.check(points=1)
def the_loss_falls(runs):
    """In each of the three runs the loss falls to less than three quarters of its first value."""

    def falls(run):
        curve = losses(runs, run)
        if isinstance(curve, Phrase):
            return curve
        if curve[-1] >= 0.75 * curve[0]:
            return say(
                "The loss of `{run}` goes from {first} to {last}; "
                "it should fall below three quarters of its first value.",
                run=run,
                first=f"{curve[0]:.4g}",
                last=f"{curve[-1]:.4g}",
            )
        return None

    return in_parts([falls(run) for run in RUNS])


@convergence.check(points=0.75)
def three_different_runs(runs):
    """The three curves come from three different runs."""
    curves = {run: losses(runs, run) for run in RUNS}

    def differs(run):
        if isinstance(curves[run], Phrase):
            return curves[run]
        for other in RUNS:
            same = other != run and np.shape(curves[other]) == np.shape(curves[run])
            if same and np.allclose(curves[other], curves[run]):
                return say(
                    "The curves of `{one}` and `{other}` are the same. Use different settings for each run.",
                    one=run,
                    other=other,
                )
        return None

    return in_parts([differs(run) for run in RUNS])


def apart(rng, outputs=1):
    """A network of two inputs, a batch and its targets: away from relu's corner, and not saturated."""
    while True:
        network, x, d, u1, _, y = case(rng, 5, 2, 3, outputs)
        of_sigmoid = sigmoid(np.dot(sigmoid(u1), network["W2"]) + network["b2"])
        both = np.concatenate([y, of_sigmoid])
        if np.abs(u1).min() > 0.01 and both.min() > 0.02 and both.max() < 0.98:
            return network, x, d


def forward_asked(run, activation, rng):
    """Asks whether the forward pass of a run is that of its activation."""
    network, x, _ = apart(rng)

    def judge(came):
        if not isinstance(came, list | tuple) or len(came) != 4:
            return say("The forward pass of `{run}` should give four arrays: u1, z1, u2, y.", run=run)
        u1 = np.dot(x, network["W1"]) + network["b1"]
        z1 = ACTIVATIONS[activation](u1)
        u2 = np.dot(z1, network["W2"]) + network["b2"]
        for name, wanted, value in zip(("u1", "z1", "u2", "y"), (u1, z1, u2, sigmoid(u2)), came, strict=True):
            if np.shape(value) != wanted.shape:
                return say(
                    "{name} of `{run}` has the shape {shape}, but should have {wanted}.",
                    name=name,
                    run=run,
                    shape=np.shape(value),
                    wanted=wanted.shape,
                )
            if not np.allclose(value, wanted, rtol=1e-5, atol=1e-7):
                return say(
                    "{name} of `{run}` does not match a forward pass with {activation} and sigmoid outputs.",
                    name=name,
                    run=run,
                    activation=activation,
                )
        return None

    return [call(f"convergence['{run}']['forward']", network, x)], judge


def pair_asked(run, rng, outputs=1):
    """Asks whether the backward pass of a run gives the slope of the loss of its own forward pass."""
    network, x, d = apart(rng, outputs)
    path = f"convergence['{run}']"
    actions = [
        call(f"{path}['forward']", network, x),
        call(f"{path}['backward']", network, x, d, given(0, 0), given(0, 1), given(0, 3)),
    ]
    places = [(key, index) for key in network for index in np.ndindex(network[key].shape)]
    for key, index in places:
        for way in (STEP, -STEP):
            moved = {name: value.copy() for name, value in network.items()}
            moved[key][index] += way
            actions.append(call(f"{path}['forward']", moved, x))

    def judge(came, grad, *moved):
        if not isinstance(grad, dict) or grad.keys() != network.keys():
            return say("The backward pass of `{run}` should give a dict with the keys W1, b1, W2, b2.", run=run)
        if any(np.shape(one[3]) != d.shape for one in (came, *moved)):
            return say(
                "The outputs y of `{run}` should have the shape {shape}, with every network.", run=run, shape=d.shape
            )
        ends = [functions.binary_cross_entropy(d, np.asarray(one[3])) for one in moved]
        slopes = {key: np.zeros(value.shape) for key, value in network.items()}
        for n, (key, index) in enumerate(places):
            slopes[key][index] = (ends[2 * n] - ends[2 * n + 1]) / (2 * STEP)
        for key, slope in slopes.items():
            if np.shape(grad[key]) != slope.shape:
                return say(
                    "grad[{quoted}] of `{run}` has the shape {shape}, but {key} has {wanted}.",
                    quoted=repr(key),
                    run=run,
                    shape=np.shape(grad[key]),
                    key=key,
                    wanted=slope.shape,
                )
        wrong = {
            key: agrees(np.asarray(grad[key]), slopes[key], f"network[{key!r}]") for key in ("W2", "b2", "W1", "b1")
        }
        told = [sentence for sentence in wrong.values() if sentence]
        if not told:
            return None
        if all(np.allclose(grad[key], len(x) * slopes[key], rtol=1e-3, atol=1e-5) for key in slopes):
            return say(
                "The gradients of `{run}` are {n} times too large with {n} samples: divide by N.", run=run, n=len(x)
            )
        unlike = unlike_pair(run, network, x, d, came, grad) if wrong["W1"] and not wrong["W2"] else None
        return unlike or say("In the run `{run}`: {sentence}", run=run, sentence=told[0])

    return actions, judge


def unlike_pair(run, network, x, d, came, grad):
    """A sentence, if the gradients are those of another activation than the forward pass has."""
    u1, z1, _, y = came
    through = np.dot((y - d) / len(x), network["W2"].T)
    ran = [name for name, activation in ACTIVATIONS.items() if np.allclose(activation(u1), z1)]
    went = [
        name
        for name, slopes in SLOPES.items()
        if any(np.allclose(np.dot(x.T, through * slope(u1, z1)), grad["W1"]) for slope in slopes)
    ]
    if not ran or not went:
        return None
    if ran == went:
        return say(
            "The backward pass of `{run}` uses the derivative of {forward}, but at the wrong value.",
            run=run,
            forward=ran[0],
        )
    sentence = say(
        "The run `{run}` uses {forward} in the forward pass, but the derivative of {backward} in the backward pass. "
        "Both passes must use the same activation.",
        run=run,
        forward=ran[0],
        backward=went[0],
    )
    if ran != ["relu"]:
        return sentence
    return say("{sentence} An older notebook of this course had the same mistake.", sentence=sentence)


@convergence.asks(points=0.5)
def forward_with_relu(rng):
    """The forward pass of `relu` has relu in the hidden layer, and sigmoid outputs."""
    return forward_asked("relu", "relu", rng)


@convergence.asks(points=1)
def forward_with_sigmoid(rng):
    """The forward pass of `sigmoid` has the sigmoid in the hidden layer, too."""
    return forward_asked("sigmoid", "sigmoid", rng)


@convergence.asks(points=0.75)
def pair_of_relu(rng):
    """The backward pass of `relu` gives the rate at which the loss of its own forward pass changes with
    each parameter.
    """
    return pair_asked("relu", rng)


@convergence.asks(points=1.25)
def pair_of_sigmoid(rng):
    """The backward pass of `sigmoid` gives the rate at which the loss of its own forward pass changes with each
    parameter.
    """
    return pair_asked("sigmoid", rng)


@convergence.asks(points=0.5)
def pair_of_wide(rng):
    """The backward pass of `wide` gives the rate at which the loss of its own forward pass changes with
    each parameter.
    """
    return pair_asked("wide", rng)


@convergence.asks(points=0.75, hidden=True)
def pair_of_relu_on_other_networks(rng):
    """Forward and backward pass of `relu` also match on another network."""
    return pair_asked("relu", rng, outputs=2)


@convergence.asks(points=1, hidden=True)
def pair_of_sigmoid_on_other_networks(rng):
    """Forward and backward pass of `sigmoid` also match on another network."""
    return pair_asked("sigmoid", rng, outputs=2)


FORWARD = Code(
    """lambda network, x: (
    np.sin(x), np.cos(x), x[:, :1] + network["b2"], 1 / (1 + np.exp(-x[:, :1] - network["b2"]))
)"""
)
BACKWARD = Code(
    """lambda network, x, d, u1, z1, y: {
    key: np.mean(y - d) + np.mean(u1) / 2 - np.mean(z1) / 4 + 0 * value for key, value in network.items()
}"""
)
"""Not a network: what they give depends on `b2` alone, and on each of the arguments in its own way."""


@convergence.asks(points=0.5)
def steps_of_training(rng):
    """`train` notes the loss before each step, and moves every parameter by the learning rate times its gradient."""
    x, d = rng.uniform(-1, 1, size=(6, 2)), rng.integers(2, size=(6, 1)).astype(float)
    rate, bias, wanted = 0.25, 0.0, []
    for _ in range(5):
        y = sigmoid(x[:, :1] + bias)
        wanted.append(functions.binary_cross_entropy(d, y))
        bias -= rate * (np.mean(y - d) + np.mean(np.sin(x)) / 2 - np.mean(np.cos(x)) / 4)

    def judge(_, came):
        found = as_curve(came)
        if came is None:  # whoever trains in another way needs no `train`
            return None
        if found is None or len(found) != len(wanted):
            return say("`train` with steps={n} should give a list of {n} losses.", n=len(wanted))
        wrong = np.flatnonzero(~np.isclose(found, wanted, rtol=1e-4))
        if not wrong.size:
            return None
        return say(
            "The loss before step {step} is {value}, but should be {wanted}.",
            step=wrong[0] + 1,
            value=f"{found[wrong[0]]:.4g}",
            wanted=f"{wanted[wrong[0]]:.4g}",
        )

    return [read("convergence"), call_if_defined("train", FORWARD, BACKWARD, x, d, rate, len(wanted))], judge


convergence.equivalent("u1 > 0", "u1 >= 0", why="slopes are measured away from relu's corner, where it has none")
