"""Checks and known mistakes of the backpropagation exercise."""

import numpy as np
from common import functions

from grader.authoring import Tolerance, argument, code_question, local, returned
from grader.core.values import Code

from . import solution

backward = code_question("backward", title="Gradients of a two-layer network", points=8, reference=solution.backward)

OUTPUTS = (local("delta2"), returned("b2"), returned("W2"), local("delta1"), returned("b1"), returned("W1"))
SINGLE = Tolerance(rtol=1e-3, atol=1e-6)
"""For float32 inputs, where a student may compute in double precision."""
NUMERICAL = Tolerance(rtol=1e-4, atol=1e-5)


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


def agrees_with_differences(value, network, x, d, u1, z1, y):
    """The property of `numerical_gradient`: each gradient is the central difference of the loss."""
    for key in network:
        difference = np.zeros(network[key].shape)
        for index in np.ndindex(difference.shape):
            for sign in (1, -1):
                moved = {k: v.copy() for k, v in network.items()}
                moved[key][index] += sign * 1e-5
                difference[index] += sign * functions.binary_cross_entropy(d, forward(moved, x)[2]) / 2e-5
        far = np.abs(value[key] - difference) > NUMERICAL.atol + NUMERICAL.rtol * np.abs(difference)
        if far.any():
            at = tuple(int(i) for i in np.argwhere(far)[0])
            return (
                f"Moving network[{key!r}]{list(at)} a little changes the loss at a rate of {difference[at]:.4g}, "
                f"but its gradient says {value[key][at]:.4g}."
            )
    return None


@backward.check(*OUTPUTS, points=0.5)
def small_batch(rng):
    """{output} of a batch of three samples: 2 inputs, 3 hidden nodes, 2 outputs."""
    network = {
        "W1": np.array([[1.0, -1.0, 0.5], [0.5, 2.0, -1.0]]),
        "b1": np.array([0.0, 0.5, -0.25]),
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
    return case(rng, samples, inputs, hidden + classes, classes)


@backward.check(points=0.75, holds=agrees_with_differences)
def numerical_gradient(rng):
    """Every gradient agrees with what a small change of the parameter does to the loss."""
    while True:
        made = case(rng, 4, 3, 4, 2)
        u1, _, y = made[3:]
        if np.abs(u1).min() > 0.01 and y.min() > 0.01 and y.max() < 0.99:  # away from relu's corner, and not saturated
            return made


@backward.check(points=0.25, hidden=True)
def batch_of_one(rng):
    """A batch of one sample: every gradient keeps the shape of its parameter."""
    return case(rng, 1, 3, 4, 2)


@backward.check(points=0.25, hidden=True)
def single_nodes(rng):
    """One input, one hidden node, one output."""
    return case(rng, 5, 1, 1, 1)


@backward.check(points=0.25, hidden=True)
def as_many_nodes_everywhere(rng):
    """As many samples as inputs, hidden nodes and outputs: shapes can't tell a wrong transpose."""
    return case(rng, 3, 3, 3, 3)


@backward.check(points=0.25, hidden=True)
def sure_outputs(rng):
    """Outputs of exactly 0 and 1, and inputs that are whole numbers."""
    network, _, d, *_ = case(rng, 4, 3, 5, 2)
    x = rng.integers(-3, 4, size=(4, 3))
    u1, z1, y = forward(network, x)
    return network, x, d, u1, z1, np.round(y)


@backward.check(points=0.25, hidden=True, tolerance=SINGLE)
def single_precision(rng):
    """Inputs and parameters of single precision."""
    network, *arrays = case(rng, 4, 3, 5, 2)
    return {k: v.astype(np.float32) for k, v in network.items()}, *(a.astype(np.float32) for a in arrays)


@backward.mistake
def not_divided(network, x, d, u1, z1, y):
    """The right direction, but not divided by N: the loss is a mean over the samples, so delta2 is (y - d) / N. Without
    the mean, y - d would be right.
    """
    N = x.shape[0]
    grad = {}
    delta2 = y - d
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def divided_by_all_elements(network, x, d, u1, z1, y):
    """You divided by the number of all elements, N times C. The loss is summed over the outputs and averaged over the
    samples: divide by N.
    """
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / d.size
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def target_minus_output(network, x, d, u1, z1, y):
    """The sign is turned round: the loss grows with the output where the output is above its target, so delta2 begins
    with y - d.
    """
    N = x.shape[0]
    grad = {}
    delta2 = (d - y) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def delta_of_squared_error(network, x, d, u1, z1, y):
    """This is delta2 of the squared error. With the binary cross-entropy the derivative of the sigmoid cancels: no y *
    (1 - y).
    """
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) * y * (1 - y) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def no_derivative(network, x, d, u1, z1, y):
    """delta1 lacks the derivative of relu: where u1 is not above zero the node was off, and nothing goes back through
    it.
    """
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def derivative_of_the_sigmoid(network, x, d, u1, z1, y):
    """This is the derivative of the sigmoid, but the hidden layer ran forward with relu. Forward and backward change as
    a pair.
    """
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * z1 * (1 - z1)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def sigmoid_of_total_input(network, x, d, u1, z1, y):
    """You took the derivative of the sigmoid at u1, but the hidden layer ran forward with relu, whose derivative is 1
    or 0. Forward and backward change as a pair.
    """
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    sigmoid = 1 / (1 + np.exp(-u1))
    delta1 = np.dot(delta2, network["W2"].T) * sigmoid * (1 - sigmoid)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def sigmoid_of_hidden_output(network, x, d, u1, z1, y):
    """You took the derivative of the sigmoid, and at z1, which the activation has passed already. The hidden layer ran
    forward with relu: its derivative at u1 is 1 or 0. Forward and backward change as a pair.
    """
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    sigmoid = 1 / (1 + np.exp(-z1))
    delta1 = np.dot(delta2, network["W2"].T) * sigmoid * (1 - sigmoid)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def relu_instead_of_derivative(network, x, d, u1, z1, y):
    """You multiplied by relu itself. Its derivative is asked for: 1 where u1 is above zero, else 0."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * z1
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def weights_transposed(network, x, d, u1, z1, y):
    """The gradients of the weights are transposed: inputs stand in the rows, as in the weights themselves. Transpose
    the layer's input, not the delta.
    """
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(delta2.T, z1)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(delta1.T, x)
    return grad


@backward.mistake
def biases_not_summed(network, x, d, u1, z1, y):
    """A bias is one number for each node, shared by all samples: add the deltas up over the samples, axis 0."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = delta2
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = delta1
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def biases_averaged(network, x, d, u1, z1, y):
    """The deltas are divided by N already. Add them up over the samples; a mean would divide once more."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.mean(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.mean(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def biases_summed_whole(network, x, d, u1, z1, y):
    """You added up over the nodes too. Every node has a bias of its own: sum over the samples only, axis 0."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def total_input_instead_of_output(network, x, d, u1, z1, y):
    """The input of the second layer is z1, what relu let through, not the total input u1."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(u1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


@backward.mistake
def weights_divided_again(network, x, d, u1, z1, y):
    """delta2 and delta1 are divided by N already: the gradients of the weights need no further mean."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2) / N
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1) / N
    return grad


@backward.mistake
def second_weights_not_transposed(network, x, d, u1, z1, y):
    """To go back through W2, (H, C), the deltas (N, C) meet its columns: multiply by its transpose."""
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"]) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad


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
    """{output} of two samples, three hidden nodes, two outputs."""
    z1 = np.array([[1.0, 0.0, 2.0], [0.5, 3.0, 0.0]])
    return np.array([[1.0, 0.0], [0.0, 2.0]]), z1, np.array([[3.0, 0.0], [1.0, -2.0]])


@backward_blanks.check(*TWO_LINES, points=0.5, repeat=3, hidden=True)
def random_batches(rng):
    """{output} of random batches."""
    samples, hidden, classes = (int(n) for n in rng.integers(2, 7, size=3))
    return regression(rng, samples, hidden + classes, classes)


@backward_blanks.check(points=0.25, hidden=True)
def batch_of_one(rng):
    """A batch of one sample: the gradient keeps the shape of `W2`."""
    return regression(rng, 1, 3, 2)


@backward_blanks.check(points=0.25, hidden=True)
def single_nodes(rng):
    """One hidden node, one output."""
    return regression(rng, 4, 1, 1)


@backward_blanks.check(points=0.25, hidden=True)
def as_many_nodes_everywhere(rng):
    """As many samples as hidden nodes and outputs: shapes can't tell a wrong transpose."""
    return regression(rng, 3, 3, 3)


@backward_blanks.check(points=0.25, hidden=True, tolerance=SINGLE)
def whole_numbers(rng):
    """Targets that are whole numbers, outputs of single precision."""
    _, z1, y = regression(rng, 4, 3, 2)
    return rng.integers(-3, 4, size=(4, 2)), z1.astype(np.float32), y.astype(np.float32)


@backward_blanks.mistake
def not_divided(d, z1, y):
    """The right direction, but not divided: the loss is a mean over all elements, so delta2 is y - d over their number,
    N times C.
    """
    grad = {}
    delta2 = y - d
    grad["W2"] = np.dot(z1.T, delta2)
    return grad


@backward_blanks.mistake
def divided_by_samples(d, z1, y):
    """You divided by N. This loss is a mean over all elements: divide by N times C, d.size."""
    grad = {}
    delta2 = (y - d) / len(d)
    grad["W2"] = np.dot(z1.T, delta2)
    return grad


@backward_blanks.mistake
def doubled(d, z1, y):
    """This is twice too large. The 2 that comes down from the square cancels with the 1/2 of the loss."""
    grad = {}
    delta2 = 2 * (y - d) / d.size
    grad["W2"] = np.dot(z1.T, delta2)
    return grad


@backward_blanks.mistake
def target_minus_output(d, z1, y):
    """The sign is turned round: the loss grows with the output where the output is above its target, so delta2 begins
    with y - d.
    """
    grad = {}
    delta2 = (d - y) / d.size
    grad["W2"] = np.dot(z1.T, delta2)
    return grad


@backward_blanks.mistake
def sigmoid_at_the_output(d, z1, y):
    """You took the derivative of the sigmoid along. The output of this network is the identity, whose
    derivative is 1.
    """
    grad = {}
    delta2 = (y - d) * y * (1 - y) / d.size
    grad["W2"] = np.dot(z1.T, delta2)
    return grad


@backward_blanks.mistake
def loss_instead_of_derivative(d, z1, y):
    """You squared the errors, as the loss does. Its derivative by an output has the error itself."""
    grad = {}
    delta2 = (y - d) ** 2 / (2 * d.size)
    grad["W2"] = np.dot(z1.T, delta2)
    return grad


@backward_blanks.mistake
def transposed(d, z1, y):
    """The gradient is transposed: W2 has a row for each hidden node. Transpose z1, not the delta."""
    grad = {}
    delta2 = (y - d) / d.size
    grad["W2"] = np.dot(delta2.T, z1)
    return grad


@backward_blanks.mistake
def divided_again(d, z1, y):
    """delta2 holds the mean already: the product with z1 needs no further one."""
    grad = {}
    delta2 = (y - d) / d.size
    grad["W2"] = np.dot(z1.T, delta2) / len(d)
    return grad


numerical_gradient = code_question(
    "numerical_gradient", title="The numerical gradient", points=5, reference=solution.numerical_gradient
)

DIFFERENCES = Tolerance(rtol=1e-5, atol=1e-5)
"""Central differences with h from 1e-3 to 1e-6 of the functions below, all of them of about 1, are as near as that."""
SQUARES = Code("lambda x: np.sum(x**2)")
WAVES = Code("lambda x: float(np.sum(np.sin(x)) * np.cos(np.sum(x)))")
"""Every element's derivative depends on every other element."""
BOWL = Code("lambda x: np.sum(x**2 * np.arange(1, x.size + 1).reshape(x.shape)) / 2")
"""Every element has a slope of its own: x times 1, 2, 3 and so on."""


@numerical_gradient.check(points=0.5, tolerance=DIFFERENCES)
def sum_of_squares(rng):
    """The gradient of the sum of squares is 2x: an array of shape (D,)."""
    return SQUARES, np.array([3.0, -1.0, 0.5])


@numerical_gradient.check(points=0.75, tolerance=DIFFERENCES)
def two_axes(rng):
    """The same of an array of shape (2, 3)."""
    return SQUARES, np.array([[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]])


@numerical_gradient.check(points=0.5, tolerance=DIFFERENCES)
def whole_numbers(rng):
    """Whole numbers: 2 and -1, at which a function has slopes like at any other point."""
    return BOWL, np.array([2, -1, 3])


@numerical_gradient.check(argument("x"), points=0.5)
def x_as_it_was(rng):
    """After the call, x is as it was."""
    return BOWL, np.array([0.5, -1.5, 2.0])


@numerical_gradient.check(points=0.5, hidden=True, repeat=3, tolerance=DIFFERENCES)
def elements_together(rng):
    """A function whose slope in one element depends on all others, rows included."""
    return WAVES, rng.uniform(-1, 1, size=(int(rng.integers(2, 5)), int(rng.integers(2, 5))))


@numerical_gradient.check(points=0.5, hidden=True, repeat=3, tolerance=DIFFERENCES)
def elements_of_a_vector(rng):
    """Random vectors, and a slope of its own for every element."""
    return BOWL, rng.uniform(-1, 1, size=int(rng.integers(2, 7)))


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
    """Whole numbers of shape (2, 3), with slopes that are no whole numbers."""
    return WAVES, rng.integers(-2, 3, size=(2, 3))


@numerical_gradient.check(argument("x"), points=0.25, hidden=True)
def two_axes_as_they_were(rng):
    """After the call, x of shape (N, D) is as it was."""
    return WAVES, rng.uniform(-1, 1, size=(3, 2))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=Tolerance(rtol=0.05, atol=0.05))
def single_precision(rng):
    """An array of single precision, whose differences are rough but not wrong."""
    return BOWL, rng.uniform(-1, 1, size=3).astype(np.float32)


@numerical_gradient.mistake
def multiplied_by_h(f, x):
    """/ 2 * h divides by 2 and then multiplies by h. Put brackets around the 2 * h."""
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / 2 * h
    return gradient


@numerical_gradient.mistake
def forward_difference(f, x):
    """This is the forward difference, from x to x + h: half as exact. The central one goes from x - h to x + h."""
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept
        below = f(x)
        gradient[index] = (above - below) / h
    return gradient


@numerical_gradient.mistake
def divided_by_h(f, x):
    """From x - h to x + h it is 2h. Divide by that, not by h."""
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / h
    return gradient


@numerical_gradient.mistake
def sign_turned(f, x):
    """The sign is turned round: the value above, at x + h, comes first, less the one below."""
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (below - above) / (2 * h)
    return gradient


@numerical_gradient.mistake
def not_restored(f, x):
    """An element that was moved is not put back, so that the next difference is taken somewhere else. Restore it before
    you go on.
    """
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        gradient[index] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.mistake
def not_restored_in_place(f, x):
    """An element that was moved is not put back: the next difference is taken somewhere else, and the caller's x is
    changed. Restore it before you go on.
    """
    h = 1e-4
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        gradient[index] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.mistake
def whole_numbers_moved(f, x):
    """An array of whole numbers can't hold x + h: it cuts it off, and nothing moves. Make an array of floats of x
    first.
    """
    h = 1e-4
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.mistake
def whole_numbers_throughout(f, x):
    """With x of whole numbers, x + h is cut off, and so is the gradient, whose array takes the dtype of x. Make an
    array of floats of x first.
    """
    h = 1e-4
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


@numerical_gradient.mistake
def gradient_of_whole_numbers(f, x):
    """The array for the gradient takes the dtype of x: of whole numbers, it cuts the slopes off. Make it an array of
    floats.
    """
    h = 1e-4
    gradient = np.zeros_like(x)
    x = np.array(x, dtype=float)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.mistake
def vectors_only(f, x):
    """Right for a vector, but x[i] of an array with two axes is a whole row. Go over all indices:
    np.ndindex(x.shape).
    """
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in range(x.size):
        kept = float(x[index])
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.mistake
def row_by_row(f, x):
    """You handed one row at a time to f, but f is a function of the whole array. Move one element, and
    pass all of x.
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
    """You moved all elements at once, which gives one number, the slope along the diagonal. Move one
    element at a time.
    """
    h = 1e-4
    return (f(x + h) - f(x - h)) / (2 * h)


@numerical_gradient.mistake
def first_element_only(f, x):
    """It ends after the first element: the return stands inside the loop."""
    h = 1e-4
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
