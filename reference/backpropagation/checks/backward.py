"""Checks and known mistakes of the gradients of a two-layer network."""

import numpy as np
from common import functions

from grader.authoring import code_question, local, returned, say

from .. import solution
from .inputs import NUMERICAL, SINGLE, case, difference, forward

backward = code_question("backward", title="Gradients of a two-layer network", points=8, reference=solution.backward)

OUTPUTS = (local("delta2"), returned("b2"), returned("W2"), local("delta1"), returned("b1"), returned("W1"))
GRADIENTS = (returned("b2"), returned("W2"), returned("b1"), returned("W1"))


def at_the_corner(rng, samples, inputs, hidden, classes):
    """Return the same, with one total input of exactly 0: there, relu has a corner."""
    network, x, d, *_ = case(rng, samples, inputs, hidden, classes)
    network["b1"][0] = -np.dot(x, network["W1"])[0, 0]
    return network, x, d, *forward(network, x)


def slope_of(key):
    """The property of `slope_of_the_loss`: the gradient of this parameter is the central difference of the loss."""

    def agrees_with_differences(value, network, x, d, u1, z1, y):
        measured = difference(
            lambda moved: functions.binary_cross_entropy(d, forward(network | {key: moved}, x)[2]), network[key]
        )
        far = np.abs(value - measured) > NUMERICAL.atol + NUMERICAL.rtol * np.abs(measured)
        if not far.any():
            return None
        at = tuple(int(i) for i in np.argwhere(far)[0])
        return say(
            "A small change of network[{key}]{at} changes the loss at a rate of {slope}, but its gradient is {value}.",
            key=repr(key),
            at=list(at),
            slope=f"{measured[at]:.4g}",
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
    "The division by N is missing: the loss is a mean over the samples, so delta2 is (y - d) / N.",
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
    "The gradient of these weights is transposed: it has one row for each input of the layer, as the weights "
    "themselves. Transpose the layer's input, not the delta.",
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
