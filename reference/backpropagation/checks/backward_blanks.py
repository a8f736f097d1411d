"""Checks and known mistakes of the gradient of another loss."""

import numpy as np

from grader.authoring import code_question, local, returned

from .. import solution
from .inputs import SINGLE

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
    "The division is missing: the loss is a mean over all elements, so delta2 is y - d divided by N times C.",
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
