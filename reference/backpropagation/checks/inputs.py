"""Inputs, tolerances and measured slopes that the questions of this exercise share."""

import numpy as np

from grader.authoring import Tolerance, say

SINGLE = Tolerance(rtol=1e-3, atol=1e-6)
"""For float32 inputs, where a student may compute in double precision."""
NUMERICAL = Tolerance(rtol=1e-4, atol=1e-5)
STEP = 1e-5
"""How far the central differences of these checks go, either way."""


def sigmoid(u):
    """The sigmoid, for u of any size."""
    return (1 + np.tanh(u / 2)) / 2


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
