"""Checks and known mistakes of one step of gradient descent."""

from itertools import pairwise

import numpy as np

from grader.authoring import Tolerance, argument, code_question, say

from .. import solution

update_step = code_question(
    "update_step", title="One step downhill", points=4, reference=solution.update_step, in_place=True
)


WEIGHTS_AND_BIASES = tuple(argument("network", key) for key in ("W1", "b1", "W2", "b2"))


def parameters(rng, *sizes):
    """Random weights and biases of a network with these layer sizes."""
    made = {}
    for n, (before, after) in enumerate(pairwise(sizes), 1):
        made[f"W{n}"] = rng.normal(size=(before, after))
        made[f"b{n}"] = rng.normal(size=after)
    return made


def went_downhill(key):
    """The property of `against_the_gradient`: the parameter did not go the wrong way, and it moved."""

    def moved_downhill(value, network, grad, learning_rate):
        moved = (value - network[key]) * np.sign(grad[key])
        if np.any(moved > 0):
            return say("network[{key}] changed in the direction of its gradient, which is uphill.", key=repr(key))
        if np.any(-moved < learning_rate * np.abs(grad[key]) / 10):  # rounding moves it a little, too
            return say("network[{key}] did not change, though its gradient is not zero.", key=repr(key))
        return None

    return moved_downhill


@update_step.check(*WEIGHTS_AND_BIASES, points=0.25)
def one_step(rng):
    """{output} of a small network after one step with a learning rate of 0.1."""
    network = {
        "W1": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        "b1": np.array([0.0, 1.0, -1.0]),
        "W2": np.array([[1.0], [-1.0], [0.5]]),
        "b2": np.array([2.0]),
    }
    grad = {
        "W1": np.array([[1.0, -1.0, 0.0], [2.0, 0.5, -0.5]]),
        "b1": np.array([1.0, 1.0, -2.0]),
        "W2": np.array([[-1.0], [3.0], [10.0]]),
        "b2": np.array([-4.0]),
    }
    return network, grad, 0.1


@update_step.check(argument("network", "W1"), points=0.25, holds=went_downhill("W1"))
def weights_against_the_gradient(rng):
    """Weights change in the direction opposite to their gradient."""
    return parameters(rng, 2, 3, 1), parameters(rng, 2, 3, 1), 0.25


@update_step.check(argument("network", "b1"), points=0.25, holds=went_downhill("b1"))
def biases_against_the_gradient(rng):
    """Biases change in the direction opposite to their gradient."""
    return parameters(rng, 2, 3, 1), parameters(rng, 2, 3, 1), 0.25


@update_step.check(*WEIGHTS_AND_BIASES, points=0.25, hidden=True, repeat=3)
def random_networks(rng):
    """{output} of networks of any size after a step of any learning rate."""
    sizes = rng.integers(1, 6, size=3)
    return parameters(rng, *sizes), parameters(rng, *sizes), float(rng.uniform(0.01, 0.5))


@update_step.check(argument("network", "W3"), argument("network", "b3"), points=0.375, hidden=True)
def every_key(rng):
    """{output} of a network of three layers: the parameters of every key change."""
    return parameters(rng, 3, 4, 2, 2), parameters(rng, 3, 4, 2, 2), 0.05


@update_step.check(*WEIGHTS_AND_BIASES, points=0.0625, hidden=True)
def large_rate(rng):
    """{output} after a step of a learning rate above 1, with gradients of very different sizes."""
    grad = {key: value * 10.0 ** rng.integers(-2, 4) for key, value in parameters(rng, 2, 2, 2).items()}
    return parameters(rng, 2, 2, 2), grad, 3.0


@update_step.check(*WEIGHTS_AND_BIASES, points=0.0625, hidden=True, tolerance=Tolerance(rtol=1e-4, atol=1e-6))
def single_precision(rng):
    """{output} of parameters and gradients in single precision."""
    network, grad = (parameters(rng, 2, 3, 2) for _ in range(2))
    return (
        {k: v.astype(np.float32) for k, v in network.items()},
        {k: v.astype(np.float32) for k, v in grad.items()},
        0.5,
    )


@update_step.check(argument("grad"), points=0.25, hidden=True)
def gradients_stay(rng):
    """`grad` is unchanged."""
    return parameters(rng, 2, 3, 2), parameters(rng, 2, 3, 2), 0.5


update_step.filling(
    "network[key]",
    "network[key] += learning_rate * grad[key]",
    "You added the step. The gradient points uphill, so the step must be subtracted.",
    name="uphill",
)
update_step.filling(
    "network[key]",
    "network[key] -= grad[key]",
    "The learning rate is not used: the step is learning_rate times the gradient.",
    name="no_learning_rate",
)
update_step.filling(
    "network[key]",
    "network[key] -= learning_rate * (learning_rate * grad[key])",
    "The learning rate is used twice. Multiply the gradient by it once.",
    name="learning_rate_twice",
)
update_step.filling(
    "network[key]",
    "value = network[key] - learning_rate * grad[key]",
    "The caller's network is unchanged: you assigned the new values to a variable or a new dict. Assign to "
    "network[key].",
    name="name_rebound",
)
update_step.filling(
    "network[key]",
    'if key.startswith("W"):\n    network[key] -= learning_rate * grad[key]',
    "Only the weights changed. The biases are parameters too: loop over every key.",
    name="weights_only",
)
update_step.filling(
    "network[key]",
    "network[key] -= learning_rate * grad[key]\nreturn network",
    "Only the parameter of the first key changed: a return inside the loop ends the function at once.",
    name="first_key_only",
)


@update_step.mistake
def two_layers_only(network, grad, learning_rate):
    """The third layer did not change. Loop over the keys of network instead of naming
    them.
    """
    for key in ("W1", "b1", "W2", "b2"):
        network[key] -= learning_rate * grad[key]


update_step.filling(
    "network[key]",
    "network[key] = -learning_rate * grad[key]",
    "You replaced the parameter by the step. Subtract the step from the parameter's old value.",
    name="replaced_by_the_step",
)
update_step.filling(
    "network[key]",
    "grad[key] *= learning_rate\nnetwork[key] -= grad[key]",
    "grad was changed in place. The caller may still need it: write the product to a new array.",
    name="gradient_changed",
)
