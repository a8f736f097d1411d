"""Checks and known mistakes of softmax."""

import numpy as np

from grader.authoring import code_question, say

from .. import solution
from .tolerances import SINGLE

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
    """A single sample has no axis 1. Use the last axis, axis=-1, which
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
