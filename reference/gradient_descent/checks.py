"""Checks and known mistakes of the gradient descent exercise."""

from itertools import pairwise

import numpy as np

from grader.authoring import Tolerance, argument, code_question

from . import solution

update_step = code_question(
    "update_step", title="One step downhill", points=4, reference=solution.update_step, in_place=True
)


def parameters(rng, *sizes):
    """Random weights and biases of a network with these layer sizes."""
    made = {}
    for n, (before, after) in enumerate(pairwise(sizes), 1):
        made[f"W{n}"] = rng.normal(size=(before, after))
        made[f"b{n}"] = rng.normal(size=after)
    return made


def went_downhill(value, network, grad, learning_rate):
    """The property of `against_the_gradient`: no parameter went the wrong way, and each one moved."""
    for key in network:
        moved = (value[key] - network[key]) * np.sign(grad[key])
        if np.any(moved > 0):
            return f"network[{key!r}] went along its gradient: uphill."
        if np.any(moved == 0):
            return f"network[{key!r}] did not move, though its gradient is not zero."
    return None


@update_step.check(argument("network"), points=1)
def one_step(rng):
    """A small network, one step with a learning rate of 0.1."""
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


@update_step.check(argument("network"), points=0.5, holds=went_downhill)
def against_the_gradient(rng):
    """Every parameter moves, and against its gradient."""
    return parameters(rng, 2, 3, 1), parameters(rng, 2, 3, 1), 0.25


@update_step.check(argument("network"), points=1, hidden=True, repeat=3)
def random_networks(rng):
    """Networks of any size and any learning rate."""
    sizes = rng.integers(1, 6, size=3)
    return parameters(rng, *sizes), parameters(rng, *sizes), float(rng.uniform(0.01, 0.5))


@update_step.check(argument("network"), points=0.75, hidden=True)
def every_key(rng):
    """A network of three layers: every key takes its step."""
    return parameters(rng, 3, 4, 2, 2), parameters(rng, 3, 4, 2, 2), 0.05


@update_step.check(argument("network"), points=0.25, hidden=True)
def large_rate(rng):
    """A learning rate above one, and gradients of very different size."""
    grad = {key: value * 10.0 ** rng.integers(-6, 7) for key, value in parameters(rng, 2, 2, 2).items()}
    return parameters(rng, 2, 2, 2), grad, 3.0


@update_step.check(argument("network"), points=0.25, hidden=True, tolerance=Tolerance(rtol=1e-4, atol=1e-6))
def single_precision(rng):
    """Parameters and gradients of single precision."""
    network, grad = (parameters(rng, 2, 3, 2) for _ in range(2))
    return (
        {k: v.astype(np.float32) for k, v in network.items()},
        {k: v.astype(np.float32) for k, v in grad.items()},
        0.5,
    )


@update_step.check(argument("grad"), points=0.25, hidden=True)
def gradients_stay(rng):
    """`grad` is left as it was."""
    return parameters(rng, 2, 3, 2), parameters(rng, 2, 3, 2), 0.5


@update_step.mistake
def uphill(network, grad, learning_rate):
    """You went along the gradient, which points uphill. Subtract the step."""
    for key in network:
        network[key] += learning_rate * grad[key]


@update_step.mistake
def no_learning_rate(network, grad, learning_rate):
    """The learning rate is not used: the step is learning_rate times the gradient."""
    for key in network:
        network[key] -= grad[key]


@update_step.mistake
def learning_rate_twice(network, grad, learning_rate):
    """The learning rate enters twice. Multiply the gradient by it once."""
    for key in network:
        step = learning_rate * grad[key]
        network[key] -= learning_rate * step


@update_step.mistake
def name_rebound(network, grad, learning_rate):
    """The caller's network is as it was: the new values went to a name or a new dict. Assign to network[key]."""
    for key in network:
        value = network[key]
        value = value - learning_rate * grad[key]


@update_step.mistake
def weights_only(network, grad, learning_rate):
    """Only the weights moved. The biases are parameters too: go over every key."""
    for key in network:
        if key.startswith("W"):
            network[key] -= learning_rate * grad[key]


@update_step.mistake
def first_key_only(network, grad, learning_rate):
    """Only the first key took its step: there is a return inside the loop, which ends the function at once."""
    for key in network:
        network[key] -= learning_rate * grad[key]
        return network


@update_step.mistake
def two_layers_only(network, grad, learning_rate):
    """Right for two layers, but a third one did not move. Go over the keys that network has instead of naming them."""
    for key in ("W1", "b1", "W2", "b2"):
        network[key] -= learning_rate * grad[key]


@update_step.mistake
def replaced_by_the_step(network, grad, learning_rate):
    """You put the step itself in the parameter's place. Take the step away from the parameter's old value."""
    for key in network:
        network[key] = -learning_rate * grad[key]


@update_step.mistake
def gradient_changed(network, grad, learning_rate):
    """The parameters are right, but grad was scaled in place on the way. Whoever passed it in still needs it: multiply
    into a new array.
    """
    for key in network:
        grad[key] *= learning_rate
        network[key] -= grad[key]
