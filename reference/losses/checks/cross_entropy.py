"""Checks and known mistakes of the cross-entropy."""

import numpy as np

from grader.authoring import Tolerance, code_question, say

from .. import solution

NEAR = Tolerance(rtol=1e-3, atol=1e-4)
"""Any small constant inside the log is right: 1e-5 moves a loss of 0.01 or more by less than this."""

cross_entropy_error = code_question(
    "cross_entropy_error", title="Cross-entropy", points=5, reference=solution.cross_entropy_error
)


def outputs(rng, samples, classes):
    """Rows of probabilities, none of them below 0.02."""
    y = rng.uniform(0.1, 1.0, size=(samples, classes))
    return y / np.sum(y, axis=1, keepdims=True)


def large_and_finite(value, d, y):
    """The property of `impossible_target`: a probability of 0 costs much, but not infinitely much."""
    if not 2 < value < 400:  # what isn't finite never comes here
        return say(
            "A mean loss of {value} is out of range: a probability of 0 must give a large, finite loss.",
            value=f"{value:.4g}",
        )
    return None


@cross_entropy_error.check(points=0.5, tolerance=NEAR)
def batch_with_labels(rng):
    """Two samples, labels of shape (N,): half of log 2 + log 4/3."""
    return np.array([0, 2]), np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])


@cross_entropy_error.check(points=0.5, tolerance=NEAR)
def batch_one_hot(rng):
    """The same two samples, one-hot targets of shape (N, C)."""
    return np.array([[1, 0, 0], [0, 0, 1]]), np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])


@cross_entropy_error.check(points=0.25, tolerance=NEAR)
def one_sample_label(rng):
    """One sample, shape (C,), and its label as an int."""
    return 1, np.array([0.2, 0.7, 0.1])


@cross_entropy_error.check(points=0.25, tolerance=NEAR)
def one_sample_one_hot(rng):
    """One sample, shape (C,), and its one-hot target of the same shape."""
    return np.array([0.0, 1.0, 0.0]), np.array([0.2, 0.7, 0.1])


@cross_entropy_error.check(points=0.5, holds=large_and_finite)
def impossible_target(rng):
    """A probability of exactly 0 at the right class gives a large, finite loss."""
    return np.array([2, 0]), np.array([[0.5, 0.5, 0.0], [0.5, 0.25, 0.25]])


@cross_entropy_error.check(points=0.5, tolerance=Tolerance(rtol=1e-3, atol=5e-5))
def sure_and_right(rng):
    """If the outputs are exactly 1 for the right classes and 0 for the others, the loss is 0."""
    return np.eye(3)[[2, 0]], np.eye(3)[[2, 0]]


@cross_entropy_error.check(points=0.5, repeat=4, hidden=True, tolerance=NEAR)
def random_labels(rng):
    """Random batches with labels."""
    samples, classes = int(rng.integers(2, 9)), int(rng.integers(3, 6))
    return rng.integers(classes, size=samples), outputs(rng, samples, classes)


@cross_entropy_error.check(points=0.5, repeat=4, hidden=True, tolerance=NEAR)
def random_one_hot(rng):
    """Random batches with one-hot targets."""
    samples, classes = int(rng.integers(2, 9)), int(rng.integers(3, 6))
    return np.eye(classes)[rng.integers(classes, size=samples)], outputs(rng, samples, classes)


@cross_entropy_error.check(points=0.25, hidden=True, tolerance=NEAR)
def as_many_samples_as_classes(rng):
    """A square batch with labels."""
    return rng.permutation(4), outputs(rng, 4, 4)


@cross_entropy_error.check(points=0.25, hidden=True, tolerance=NEAR)
def batch_of_one(rng):
    """A batch of one sample: y is (1, C), the label has shape (1,)."""
    return rng.integers(4, size=1), outputs(rng, 1, 4)


@cross_entropy_error.check(points=0.25, hidden=True, tolerance=NEAR)
def label_in_an_array(rng):
    """One sample, shape (C,), and its label in an array of shape (1,)."""
    return np.array([2]), outputs(rng, 1, 4)[0]


@cross_entropy_error.check(points=0.25, hidden=True, tolerance=NEAR)
def single_class(rng):
    """With one class, y has the shape (N, 1) and all labels are 0."""
    return np.zeros(3, int), rng.uniform(0.1, 0.9, size=(3, 1))


@cross_entropy_error.check(points=0.25, hidden=True, tolerance=NEAR)
def single_precision(rng):
    """Outputs in single precision with integer one-hot targets."""
    return np.eye(3, dtype=int)[rng.integers(3, size=5)], outputs(rng, 5, 3).astype(np.float32)


@cross_entropy_error.check(points=0.25, hidden=True, tolerance=NEAR)
def large_batch(rng):
    """A batch of 500 samples: the loss does not grow with the batch."""
    return rng.integers(10, size=500), outputs(rng, 500, 10)


cross_entropy_error.filling(
    "return",
    "-np.sum(np.log(right)) / N",
    "log(0) is minus infinity. Add a small constant inside the logarithm, such as 1e-7.",
    name="no_small_constant",
)


@cross_entropy_error.mistake
def one_hot_only(d, y):
    """A label is used here like a one-hot row. It is the number of a class: use it to select one probability of each
    row.
    """
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = np.reshape(d, (1, -1))
    return -np.sum(d * np.log(y + 1e-7)) / y.shape[0]


@cross_entropy_error.mistake
def labels_only(d, y):
    """A one-hot target is not a class number: first find the position of its 1 (argmax along
    the classes).
    """
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    N = len(y)
    return -np.sum(np.log(y[np.arange(N), d] + 1e-7)) / N


@cross_entropy_error.mistake
def batches_only(d, y):
    """A single sample has the shape (C,), and its only axis is that of the classes: make it
    a batch of one first.
    """
    d = np.asarray(d)
    label = np.argmax(d, axis=1) if d.shape == y.shape else d
    N = y.shape[0]
    return -np.sum(np.log(y[np.arange(N), label] + 1e-7)) / N


cross_entropy_error.filling(
    "return",
    "-np.sum(np.log(right + 1e-7))",
    "This is the sum over the batch. Divide by the number of samples, so that the loss does not depend on the batch's "
    "size.",
    name="sum_over_the_batch",
)
cross_entropy_error.filling(
    "return",
    "-np.sum(np.log(right + 1e-7)) / y.size",
    "You divided by the number of all elements, N times C. The loss is a mean over the samples: divide by N.",
    name="mean_over_all_elements",
)


cross_entropy_error.filling(
    "label",
    "np.argmax(y, axis=1)",
    "This is the class with the largest output, whether it is right or not. The right class is where the target d has "
    "its 1.",
    name="class_of_the_largest_output",
)


@cross_entropy_error.mistake
def binary_form(d, y):
    """This is the binary form, which also counts the wrong classes with log(1 - y). With softmax outputs only the
    right class counts.
    """
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape != y.shape:
        d = np.eye(y.shape[1])[d.ravel()]
    return -np.sum(d * np.log(y + 1e-7) + (1 - d) * np.log(1 - y + 1e-7)) / len(y)


cross_entropy_error.filling(
    "return",
    "-np.sum(np.log2(right + 1e-7)) / N",
    "This is the logarithm to base 2. Use the natural logarithm, np.log.",
    name="other_logarithm",
)
cross_entropy_error.filling(
    "return",
    "np.sum(np.log(right + 1e-7)) / N",
    "The logarithm of a probability is negative, but the loss is not: add a minus sign.",
    name="sign_forgotten",
)


@cross_entropy_error.convention
def output_first(y, d):
    """You take the arguments in the order (y, d). This course passes the target first: cross_entropy_error(d, y)."""
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.size == y.size:
        d = np.argmax(d, axis=1)
    N = y.shape[0]
    return -np.sum(np.log(y[np.arange(N), d] + 1e-7)) / N


cross_entropy_error.equivalent("np.argmax(d, axis=1)", "np.argmax(d, axis=-1)", why="d has two axes there")
cross_entropy_error.equivalent("d.ravel()", "d", why="an axis of length 1 more makes no other sum")
cross_entropy_error.equivalent(
    "np.sum(np.log(right + 1e-7))",
    "np.sum(np.log(right + 1e-7), axis=0)",
    "np.sum(np.log(right + 1e-7), axis=-1)",
    why="right has one axis",
)
cross_entropy_error.equivalent("1e-7", "1e-13", why="any small constant keeps the loss finite")
