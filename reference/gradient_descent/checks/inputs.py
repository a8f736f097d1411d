"""Samples and generators that the questions about mini-batches share."""

from grader.authoring import Seed


def samples(rng, number, *shapes):
    """Arrays of `number` samples each, with these shapes of one sample: no two samples are alike."""
    return tuple(
        rng.permutation(number).reshape(-1, *[1] * len(shape)) + rng.uniform(0, 0.5, (number, *shape))
        for shape in shapes
    )


def seed(rng):
    """A fresh generator for the student's function."""
    return Seed(int(rng.integers(2**32)))
