"""Checks and known mistakes of stochastic gradient descent."""

import numpy as np

from grader.authoring import Code, argument, code_question, say

from .. import solution
from .inputs import samples, seed

sgd = code_question("sgd", title="Stochastic gradient descent", points=5, reference=solution.sgd, in_place=True)

LINE = Code(
    """lambda network, x, d: {
    "w": np.mean((network["w"] * x + network["b"] - d) * x),
    "b": np.mean(network["w"] * x + network["b"] - d),
}"""
)
PARABOLA = Code(
    """lambda network, x, d: {
    "a": np.mean((network["a"] * x**2 + network["c"] - d) * x**2),
    "c": np.mean(network["a"] * x**2 + network["c"] - d),
}"""
)
COUNT = Code(
    """lambda network, x, d: {"seen": -np.bincount(x[d == x + 100], minlength=len(network["seen"])).astype(float)}"""
)
"""Not a slope at all: counts in `seen` how often each sample came with its target, for x = 0, 1, … and d = x + 100."""
STEPS = Code("""lambda network, x, d: {"steps": -1.0, "samples": -float(len(x))}""")
SUMS = Code("""lambda network, x, d: {"x": -np.sum(x, axis=0), "d": -np.sum(d, axis=0)}""")
CLOCK = Code(
    """lambda network, x, d: {
    "clock": -1.0,
    "when": -network["clock"] * np.bincount(x[d == x + 100], minlength=len(network["when"])),
}"""
)
"""Adds up in `when` after how many steps each sample came with its target."""


def numbered(number):
    """Samples that are their own numbers, with targets that tell which sample they belong to."""
    return np.arange(number), np.arange(number) + 100


def line(rng, number):
    """Points on a random line, and a network that knows nothing of it yet."""
    x = rng.uniform(-1, 1, size=number)
    return {"w": 0.0, "b": 0.0}, LINE, x, rng.uniform(1, 3) * x + rng.uniform(-2, -1)


def on_the_line(value, network, gradients, x, d, learning_rate, epochs, size, rng):
    """The property of `converges`: the parameters are those of the line on which the points lie."""
    w, b = np.polyfit(x, d, 1)
    if abs(value["w"] - w) < 0.05 and abs(value["b"] - b) < 0.05:
        return None
    return say(
        "After {epochs} epochs w is {w} and b is {b}; the points lie on a line with w = {line_w} and b = {line_b}.",
        epochs=epochs,
        w=f"{value['w']:.4g}",
        b=f"{value['b']:.4g}",
        line_w=f"{w:.4g}",
        line_b=f"{b:.4g}",
    )


def on_the_parabola(value, network, gradients, x, d, learning_rate, epochs, size, rng):
    """The property of `other_networks`: the same for d = a x² + c."""
    a, c = np.polyfit(x**2, d, 1)
    if abs(value["a"] - a) < 0.05 and abs(value["c"] - c) < 0.05:
        return None
    return say(
        "After {epochs} epochs a is {a} and c is {c} instead of {curve_a} and {curve_c}.",
        epochs=epochs,
        a=f"{value['a']:.4g}",
        c=f"{value['c']:.4g}",
        curve_a=f"{a:.4g}",
        curve_c=f"{c:.4g}",
    )


def shuffled_every_epoch(value, network, gradients, x, d, learning_rate, epochs, size, rng):
    """The property of `new_order_each_epoch`, for two epochs of steps with one sample each."""
    when = np.asarray(value["when"])
    if np.sum(when) != len(x) * (2 * len(x) - 1) or not np.all((when >= len(x)) & (when < 3 * len(x) - 1)):
        return say("In each of the two epochs, every sample should have its own step.")
    if np.array_equal(when, 2 * np.arange(len(x)) + len(x)):
        return say("Both epochs used the samples in their original order.")
    if np.array_equal(np.sort(when), 2 * np.arange(len(x)) + len(x)):
        return say("Both epochs used the samples in the same order: shuffle them in every epoch.")
    return None


@sgd.check(argument("network"), points=0.75, holds=on_the_line)
def converges(rng):
    """Twenty points on a line: `w` and `b` get close to those of the line."""
    return *line(rng, 20), 0.2, 30, 4, seed(rng)


@sgd.check(argument("network"), points=0.75)
def one_step_each_batch(rng):
    """Ten samples in mini-batches of four: three steps per epoch, each with the samples of its mini-batch."""
    return {"steps": 0.0, "samples": 0.0}, STEPS, *numbered(10), 0.5, 3, 4, seed(rng)


@sgd.check(argument("network"), points=0.75, hidden=True)
def every_sample_once_an_epoch(rng):
    """In each epoch every sample is used exactly once."""
    return {"seen": np.zeros(11)}, COUNT, *numbered(11), 1.0, 4, 3, seed(rng)


@sgd.check(argument("network"), points=0.5, hidden=True, repeat=5, holds=on_the_line)
def converges_from_any_seed(rng):
    """Other lines and other orders: the parameters still get close."""
    return *line(rng, int(rng.integers(20, 30))), 0.2, 40, 5, seed(rng)


@sgd.check(argument("network"), points=1.25, hidden=True, holds=shuffled_every_epoch)
def new_order_each_epoch(rng):
    """Each epoch uses the samples in a new random order."""
    return {"clock": 0.0, "when": np.zeros(30)}, CLOCK, *numbered(30), 1.0, 2, 1, seed(rng)


@sgd.check(argument("network"), points=0.5, hidden=True, holds=on_the_parabola)
def other_networks(rng):
    """Any network, with parameters of any name."""
    x = rng.uniform(-1, 1, size=24)
    return {"a": 0.0, "c": 0.0}, PARABOLA, x, 2 * x**2 + 1, 0.5, 100, 6, seed(rng)


@sgd.check(argument("network"), points=0.25, hidden=True)
def fewer_samples_than_a_batch(rng):
    """A data set smaller than one mini-batch: one step per epoch, with all samples."""
    return {"steps": 0.0, "samples": 0.0}, STEPS, *numbered(3), 0.25, 2, 8, seed(rng)


@sgd.check(argument("network"), points=0.25, hidden=True)
def inputs_of_two_axes(rng):
    """Inputs of shape (N, D_in) and targets of shape (N, C): every row is used once per epoch."""
    return {"x": np.zeros(2), "d": np.zeros(1)}, SUMS, *samples(rng, 9, (2,), (1,)), 0.5, 3, 4, seed(rng)


sgd.filling(
    "network[key]",
    "network[key] += learning_rate * grad[key]",
    "You added the step. The gradients point uphill, so the step must be subtracted.",
    name="uphill",
)
sgd.filling(
    "network[key]",
    "grad[key]",
    "The learning rate is not used: each step is learning_rate times the gradients.",
    name="no_learning_rate",
)


@sgd.mistake
def whole_data_set(network, gradients, x, d, learning_rate, epochs, size, rng):
    """Each step uses the whole data set: that is plain gradient descent. Split it into mini-batches, and take one step
    for each of them.
    """
    for _ in range(epochs):
        grad = gradients(network, x, d)
        for key in network:
            network[key] -= learning_rate * grad[key]


@sgd.mistake
def gradients_once_per_epoch(network, gradients, x, d, learning_rate, epochs, size, rng):
    """The gradients are computed once per epoch, from all samples. Compute them for each mini-batch, at the parameters
    as they are then.
    """
    for _ in range(epochs):
        grad = gradients(network, x, d)
        for _ in range(0, len(x), size):
            for key in network:
                network[key] -= learning_rate * grad[key]


@sgd.mistake
def one_step_each_epoch(network, gradients, x, d, learning_rate, epochs, size, rng):
    """Only the last mini-batch of each epoch changed the parameters: take the step inside the loop over the
    mini-batches.
    """
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            grad = gradients(network, x[chosen], d[chosen])
        for key in network:
            network[key] -= learning_rate * grad[key]


@sgd.mistake
def one_epoch_only(network, gradients, x, d, learning_rate, epochs, size, rng):
    """Training ends after the first epoch: there is a return inside the loop."""
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            grad = gradients(network, x[chosen], d[chosen])
            for key in network:
                network[key] -= learning_rate * grad[key]
        return network


sgd.filling(
    "start",
    "range(1)",
    "Only the first mini-batch of each epoch is used. Continue to the end of the data.",
    name="first_batch_only",
)
sgd.filling(
    "start",
    "range(0, len(x) - size + 1, size)",
    "The last samples, which don't fill a mini-batch, are never used. Use them as a shorter mini-batch.",
    name="last_batch_dropped",
)
sgd.filling(
    "chosen",
    "rng.choice(len(x), min(size, len(x) - start))",
    "Every mini-batch is drawn from all samples: in an epoch some occur twice, others never. Draw one random order "
    "per epoch, and split it.",
    also={"order = rng.permutation(len(x))": "pass"},
    name="drawn_with_replacement",
)
sgd.filling(
    "order",
    "np.arange(len(x))",
    "The samples are in their original order in every epoch. Draw a random order in each epoch.",
    name="never_shuffled",
)


@sgd.mistake
def shuffled_once(network, gradients, x, d, learning_rate, epochs, size, rng):
    """The order is drawn once and used in every epoch. Draw a new one at the beginning of each epoch."""
    order = rng.permutation(len(x))
    for _ in range(epochs):
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            grad = gradients(network, x[chosen], d[chosen])
            for key in network:
                network[key] -= learning_rate * grad[key]


sgd.filling(
    "grad",
    "gradients(network, x[chosen], d[start : start + size])",
    "The targets do not match the inputs: use the same order for the rows of x and of d.",
    name="pairs_torn",
)
sgd.filling(
    "grad",
    "gradients(network, d[chosen], x[chosen])",
    "You passed the targets before the inputs. The arguments are gradients(network, x_batch, d_batch).",
    name="targets_before_inputs",
)


@sgd.mistake
def gradients_of_the_start(network, gradients, x, d, learning_rate, epochs, size, rng):
    """The gradients are always those of the initial parameters. Compute them again in each step."""
    start_network = {key: value + 0 for key, value in network.items()}
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            grad = gradients(start_network, x[chosen], d[chosen])
            for key in network:
                network[key] -= learning_rate * grad[key]


for before in ("rng.permutation(len(x))", "order[start : start + size]"):
    sgd.equivalent(before, f"-{before}", why="negative numbers count from the end: each sample still comes once")
