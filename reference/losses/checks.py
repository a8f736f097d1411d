"""Checks and known mistakes of the losses exercise."""

import numpy as np

from grader.authoring import (
    Tolerance,
    code_question,
    matching_question,
    say,
    text_question,
)

from . import solution

SINGLE = Tolerance(rtol=1e-4, atol=1e-6)
"""For float32 inputs, where a student may compute in double precision."""

mean_squared_error = code_question(
    "mean_squared_error", title="Mean squared error", points=3, reference=solution.mean_squared_error
)


def pair(rng, *shape):
    """A target and an output of this shape."""
    return rng.normal(scale=2, size=shape), rng.normal(scale=2, size=shape)


def never_below_zero(value, d, y):
    """The property of `no_error_no_loss`: outputs that are right cost nothing."""
    if value != 0:
        return say("Every output equals its target, so the loss must be 0, but it is {value}.", value=f"{value:.4g}")
    return None


@mean_squared_error.check(points=0.5)
def one_sample(rng):
    """A single sample with three outputs, shape (C,): errors of 1, 2 and 3 give 14/6."""
    return np.array([1.0, 2.0, 3.0]), np.array([0.0, 4.0, 6.0])


@mean_squared_error.check(points=0.5)
def a_batch(rng):
    """A batch of two samples with four outputs each, shape (2, 4): the mean is over all eight elements."""
    return np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 0.5, 1.0, -1.0]]), np.array(
        [[1.5, 2.0, 1.0, 4.0], [1.0, 0.0, 1.0, 2.0]]
    )


@mean_squared_error.check(points=0.25, holds=never_below_zero)
def no_error_no_loss(rng):
    """If the outputs equal their targets, the loss is 0."""
    d, _ = pair(rng, 3, 2)
    return d, d.copy()


@mean_squared_error.check(points=0.5, repeat=4, hidden=True)
def random_batches(rng):
    """Random batches of any size."""
    return pair(rng, int(rng.integers(2, 9)), int(rng.integers(2, 6)))


@mean_squared_error.check(points=0.25, hidden=True)
def single_output(rng):
    """One output for each sample, shape (N, 1)."""
    return pair(rng, 5, 1)


@mean_squared_error.check(points=0.25, hidden=True)
def batch_of_one(rng):
    """A batch of one sample, shape (1, C)."""
    return pair(rng, 1, 4)


@mean_squared_error.check(points=0.25, hidden=True)
def far_off(rng):
    """Very large and very small errors: a million and a millionth."""
    d, y = pair(rng, 3, 3)
    return d * 1e6, y * np.array([1e6, 1.0, 1e-6])


@mean_squared_error.check(points=0.25, hidden=True)
def whole_numbers(rng):
    """Integers whose mean is not an integer."""
    return rng.integers(-9, 10, size=(3, 4)), rng.integers(-9, 10, size=(3, 4))


@mean_squared_error.check(points=0.25, hidden=True, tolerance=SINGLE)
def single_precision(rng):
    """Targets and outputs in single precision."""
    d, y = pair(rng, 4, 3)
    return d.astype(np.float32), y.astype(np.float32)


@mean_squared_error.mistake
def half_forgotten(d, y):
    """This is twice the loss: this course puts 1/2 in front of the mean."""
    return np.mean((d - y) ** 2)


@mean_squared_error.mistake
def sum_instead_of_mean(d, y):
    """This is half the sum, which grows with the number of elements. Return half the mean."""
    return np.sum((d - y) ** 2) / 2


@mean_squared_error.mistake
def sum_of_squares(d, y):
    """This is the sum of the squared errors. Divide it by the number of elements, and by 2."""
    return np.sum((d - y) ** 2)


@mean_squared_error.mistake
def divided_by_samples(d, y):
    """You divided by the number of samples only. Here the mean is over all N times C elements."""
    return np.sum((d - y) ** 2) / (2 * len(d))


@mean_squared_error.mistake
def loss_of_each_sample(d, y):
    """This is a loss for each sample. Take the mean over all elements, with no axis: one number."""
    return np.mean((d - y) ** 2, axis=-1) / 2


@mean_squared_error.mistake
def not_averaged(d, y):
    """These are the squared errors of all elements. Return half their mean, one number."""
    return (d - y) ** 2 / 2


@mean_squared_error.mistake
def not_squared(d, y):
    """The errors are not squared, so that positive and negative errors cancel."""
    return np.mean(d - y) / 2


@mean_squared_error.mistake
def absolute_error(d, y):
    """This is the absolute error. Square the errors instead."""
    return np.mean(np.abs(d - y)) / 2


@mean_squared_error.mistake
def square_of_the_mean(d, y):
    """You squared the mean, in which positive and negative errors have already cancelled. Square each error, then take
    the mean.
    """
    return np.mean(d - y) ** 2 / 2


@mean_squared_error.mistake
def root_taken(d, y):
    """This is the square root. Return half the mean of the squared errors, without a root."""
    return np.sqrt(np.mean((d - y) ** 2))


mean_squared_error.equivalent("d - y", "y - d", why="the difference is squared")

why_square = text_question(
    "why_square",
    title="Why square?",
    points=2,
    rubric={
        "Differences of either sign would cancel; squares don't, and are 0 only where the output is right": 1.5,
        "A second reason: large errors count for more, or the square can be differentiated everywhere": 0.5,
    },
    ideal="Differences of either sign would cancel in a sum, so that a bad network could have a loss of 0 or less. "
    "Squares are never negative, and 0 only if every output is right. Besides, large errors count for more than small "
    "ones, and the square is smooth, unlike the absolute value.",
    most_lines=3,
    most_words=90,
)

why_half = text_question(
    "why_half",
    title="What is the 1/2 for?",
    points=1,
    rubric={"It cancels with the 2 that comes down when the square is differentiated": 1},
    ideal="It cancels with the 2 that comes down when the square is differentiated: the derivative is the error "
    "itself. A constant factor does not move the minimum.",
)

task_table = matching_question(
    "task_table",
    title="Which loss for which task?",
    points=3,
    items={
        "regression": "an amount, of any size and sign",
        "binary": "yes or no, one probability",
        "multi_class": "one class of many, probabilities that sum to one",
    },
    options={
        "identity": "the identity at the output",
        "sigmoid": "the sigmoid at the output",
        "softmax": "softmax at the output",
        "mean_squared_error": "the mean squared error",
        "cross_entropy": "the cross-entropy",
    },
    right={
        "regression": {"identity", "mean_squared_error"},
        "binary": {"sigmoid", "cross_entropy"},
        "multi_class": {"softmax", "cross_entropy"},
    },
)

softmax = code_question("softmax", title="Softmax", points=4, reference=solution.softmax)


def rows_are_probabilities(value, u):
    """The property of `probabilities`: each row is not negative and sums to one."""
    if np.min(value) < 0:
        return say("A probability can't be negative, but one of yours is {value}.", value=f"{np.min(value):.4g}")
    sums = np.sum(value, axis=-1)
    wrong = np.ravel(~np.isclose(sums, 1))
    if wrong.any():
        row = int(np.argmax(wrong))
        return say(
            "The probabilities of sample {row} sum to {total}; they must sum to 1.",
            row=row,
            total=f"{np.ravel(sums)[row]:.4g}",
        )
    return None


@softmax.check(points=0.5)
def one_sample(rng):
    """A single sample, scores of shape (C,): logarithms of 1, 2 and 5 give 1/8, 2/8 and 5/8."""
    return np.log([1.0, 2.0, 5.0])


@softmax.check(points=0.5)
def a_batch(rng):
    """A batch of two samples with four scores each, shape (2, 4)."""
    return np.array([[0.0, 1.0, 2.0, 3.0], [1.0, -1.0, 0.5, 0.0]])


@softmax.check(points=0.5)
def huge_scores(rng):
    """Positive and negative scores of a thousand and more still give probabilities."""
    return np.array([[1000.0, 1001.0, 1002.0], [-1000.0, -1001.0, -1003.0]])


@softmax.check(points=1, repeat=5, hidden=True)
def each_row_on_its_own(rng):
    """A batch is normalised row by row."""
    return rng.normal(scale=3, size=(rng.integers(2, 9), 10))


@softmax.check(points=0.5, repeat=3, hidden=True, holds=rows_are_probabilities)
def probabilities(rng):
    """The outputs of each sample are not negative and sum to one."""
    samples = rng.integers(2, 6)
    u = rng.uniform(-300, 300, size=(samples, 1)) + rng.uniform(-2, 2, size=(samples, 7))
    u[0] = rng.permutation(np.linspace(-900, 900, 7))  # only the largest score is far enough up to subtract
    return u


@softmax.check(points=0.25, hidden=True)
def as_many_samples_as_classes(rng):
    """A square batch: rows are still the samples."""
    return rng.normal(size=(4, 4))


@softmax.check(points=0.25, hidden=True)
def batch_of_one(rng):
    """A batch of one sample, shape (1, C), keeps its two axes."""
    return rng.normal(size=(1, 5))


@softmax.check(points=0.25, hidden=True)
def single_class(rng):
    """With one class, shape (N, 1), every probability is 1."""
    return rng.normal(size=(3, 1))


@softmax.check(points=0.25, hidden=True, tolerance=SINGLE)
def whole_numbers(rng):
    """Scores may be integers, or in single precision."""
    return rng.integers(-5, 6, size=(3, 4))


@softmax.mistake
def whole_batch(u):
    """You divided by the sum over the whole batch. Each row is one sample: sum along its own axis and keep it."""
    powers = np.exp(u - np.max(u))
    return powers / np.sum(powers)


@softmax.mistake
def whole_batch_and_no_maximum(u):
    """There are two mistakes. You divided by the sum over the whole batch, but each row is one sample and needs its own
    sum. And large scores overflow unless you subtract the largest one first.
    """
    return np.exp(u) / np.sum(np.exp(u))


softmax.filling(
    "return",
    "powers / np.sum(powers)",
    "You subtracted the largest score of each sample, but divided by the sum over the whole batch. Each row is one "
    "sample: sum along its axis too, and keep that axis.",
    name="sum_over_the_batch",
)
softmax.filling(
    "shifted",
    "u",
    "Large scores overflow: exp(1000) is infinite. Subtract the largest score of each sample first; the result stays "
    "the same.",
    name="no_maximum",
)
softmax.filling(
    "shifted",
    "u - np.max(u)",
    "You subtracted the largest score of the whole batch. If all scores of a sample are far below it, their "
    "exponentials become 0, and the division gives 0/0: subtract the largest score of each sample.",
    name="maximum_of_the_batch",
)


@softmax.mistake
def along_the_batch(u):
    """You summed along the samples: axis 0 runs over the batch. The classes of one sample lie along the last axis."""
    powers = np.exp(u - np.max(u, axis=0))
    return powers / np.sum(powers, axis=0)


softmax.filling(
    "return",
    "powers / np.sum(powers, axis=-1)",
    "The sums of the rows have the shape (N,), which numpy matches with the columns. Keep the axis with "
    "keepdims=True, so that their shape is (N, 1).",
    name="axis_not_kept",
)


@softmax.mistake
def no_axis_kept(u):
    """Neither the largest scores nor the sums keep their axis. Both have one number for each row and need the shape (N,
    1): use keepdims=True.
    """
    powers = np.exp(u - np.max(u, axis=-1))
    return powers / np.sum(powers, axis=-1)


@softmax.mistake
def batches_only(u):
    """This is right for a batch, but a single sample has no axis 1. Use the last axis, axis=-1, which
    works for both.
    """
    powers = np.exp(u - np.max(u, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


softmax.filling(
    "return",
    "powers",
    "These are the exponentials, not yet divided by their sum: the probabilities of a sample must sum to one.",
    name="not_normalised",
)


softmax.equivalent("np.exp(shifted)", "-np.exp(shifted)", why="the sign cancels in the division")

softmax_lines = matching_question(
    "softmax_lines",
    title="What each line of softmax is for",
    points=2.5,
    items={
        "shifted": "the line that subtracts the largest score",
        "powers": "the line with the powers of e",
        "result": "the line with the division",
        "last_axis": "going along the last axis",
        "kept_axis": "keeping that axis, with the length 1",
    },
    options={
        "column": "one number for each sample, in a column, meets its own row",
        "one_batch": "the whole batch sums to one",
        "shares": "every sample sums to one",
        "finite": "no power of e is above 1, so that nothing overflows; the result stays the same",
        "mean_zero": "the scores of every sample have the mean 0",
        "any_form": "the classes of one sample belong together, in (N, C) and in (C,)",
        "positive": "every score becomes a positive number, and their order stays",
    },
    right={
        "shifted": "finite",
        "powers": "positive",
        "result": "shares",
        "last_axis": "any_form",
        "kept_axis": "column",
    },
)

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
    """This is right for one-hot targets. A label is the number of a class: use it to select one probability of each
    row.
    """
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = np.reshape(d, (1, -1))
    return -np.sum(d * np.log(y + 1e-7)) / y.shape[0]


@cross_entropy_error.mistake
def labels_only(d, y):
    """This is right for labels. A one-hot target is not a class number: first find the position of its 1 (argmax along
    the classes).
    """
    d = np.asarray(d)
    if y.ndim == 1:
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    N = len(y)
    return -np.sum(np.log(y[np.arange(N), d.ravel()] + 1e-7)) / N


@cross_entropy_error.mistake
def batches_only(d, y):
    """This is right for a batch. A single sample has the shape (C,), and its only axis is that of the classes: make it
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
    """This is right for the arguments (y, d). This course passes the target first: cross_entropy_error(d, y)."""
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

cross_entropy_lines = matching_question(
    "cross_entropy_lines",
    title="What each line of the cross-entropy does",
    points=3.5,
    items={
        "reshape": "the two lines with reshape(1, -1)",
        "comparison": "the line if d.shape == y.shape:",
        "label": "the line that sets label for one-hot targets",
        "right": "the line that sets right",
        "constant": "the small constant inside the logarithm",
        "divided": "the division by N",
        "minus": "the minus sign",
    },
    options={
        "picks": "picks one probability of each row, that of the right class",
        "batch_size": "makes the loss independent of the size of the batch",
        "sum_to_one": "makes the probabilities of a sample sum to one",
        "form": "tells one-hot targets from labels",
        "positive": "makes the loss positive, since logarithms of probabilities are not",
        "wrong_classes": "counts the probabilities of the wrong classes",
        "finite": "keeps the loss finite where a probability is 0",
        "batch_of_one": "makes a single sample a batch of one, so that one formula serves both",
        "class_number": "turns the place of the 1 into the number of the class",
    },
    right={
        "reshape": "batch_of_one",
        "comparison": "form",
        "label": "class_number",
        "right": "picks",
        "constant": "finite",
        "divided": "batch_size",
        "minus": "positive",
    },
)
