"""Checks and known mistakes of the mean squared error."""

import numpy as np

from grader.authoring import code_question, say

from .. import solution
from .tolerances import SINGLE

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
