"""Checks and known mistakes of the gradient descent exercise."""

from itertools import pairwise

import numpy as np

from grader.authoring import (
    Code,
    Phrase,
    Seed,
    Tolerance,
    argument,
    as_curve,
    code_question,
    experiment_question,
    matching_question,
    reading_question,
    say,
    text_question,
)

from . import solution

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
    """This is right for two layers, but the third one did not change. Loop over the keys of network instead of naming
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
    "The parameters are right, but grad was changed in place. The caller may still need it: write the product to a "
    "new array.",
    name="gradient_changed",
)


update_line = reading_question(
    "update_line",
    title="The step in the loop",
    points=1,
    right=["update_step(network, grad, learning_rate)"],
)

learning_rate_effect = experiment_question(
    "learning_rate_effect",
    title="Too small, good, too large",
    points=3,
    variables=("learning_rate_effect",),
)


def losses(curves, name):
    """The losses of one run, or a sentence that says what is wrong with them."""
    if not isinstance(curves, dict) or name not in curves:
        return say("`learning_rate_effect[{name}]` is missing.", name=repr(name))
    found = as_curve(curves[name])
    if found is None or len(found) < 20:
        return say(
            "`{name}` should be a list of at least 20 losses, one before the first step and one after every step.",
            name=name,
        )
    if not np.isclose(found[0], 19, rtol=0.01):
        return say(
            "`{name}` begins with a loss of {first}; at W = 3 and b = 1 it should be 19.",
            name=name,
            first=f"{found[0]:.4g}",
        )
    return found


def is_descent(curve):
    """Whether each loss follows from the one before: the first step tells the learning rate, up to two of them."""
    steps = np.arange(len(curve))
    for rate in np.roots([36 + 4000, -36 - 400, 19 - curve[1]]):
        with np.errstate(over="ignore"):
            wanted = 9 * (1 - 2 * rate.real) ** (2 * steps) + 10 * (1 - 20 * rate.real) ** (2 * steps)
        known = np.isfinite(wanted) & np.isfinite(curve)
        if np.allclose(curve[known], wanted[known], rtol=0.01):
            return True
    return False


@learning_rate_effect.check(points=0.75)
def down_the_valley(curves):
    """Each loss is that after one more step of gradient descent in this valley."""
    for name in ("too_small", "good", "too_large"):
        found = losses(curves, name)
        if isinstance(found, Phrase):
            return found
        if not is_descent(found):
            return say("No learning rate gives the losses of `{name}` in this valley.", name=name)
    return None


@learning_rate_effect.check(points=0.75)
def too_small(curves):
    """With a rate that is too small the loss falls with every step, but stays above a tenth of its first value."""
    found = losses(curves, "too_small")
    if isinstance(found, Phrase):
        return found
    rises = np.flatnonzero(~(np.diff(found) < 0))
    if rises.size:
        return say(
            "`too_small` doesn't fall at step {step}: from {before} to {after}.",
            step=rises[0] + 1,
            before=f"{found[rises[0]]:.4g}",
            after=f"{found[rises[0] + 1]:.4g}",
        )
    if found[-1] < found[0] / 10:
        return say(
            "`too_small` falls to {last}, less than a tenth of {first}: this rate is not too small.",
            last=f"{found[-1]:.4g}",
            first=f"{found[0]:.4g}",
        )
    return None


@learning_rate_effect.check(points=0.75)
def good(curves):
    """With a good rate the loss falls to less than a thousandth of its first value."""
    found = losses(curves, "good")
    if isinstance(found, Phrase):
        return found
    if not found[-1] < found[0] / 1000:
        return say(
            "`good` ends at {last}; it should end below {wanted}.",
            last=f"{found[-1]:.4g}",
            wanted=f"{found[0] / 1000:.4g}",
        )
    return None


@learning_rate_effect.check(points=0.75)
def too_large(curves):
    """With a rate that is too large the loss grows."""
    found = losses(curves, "too_large")
    if isinstance(found, Phrase):
        return found
    if found[-1] <= found[0]:  # what has become NaN has grown beyond all numbers first
        return say(
            "`too_large` ends at {last}, which is not above its first value {first}.",
            last=f"{found[-1]:.4g}",
            first=f"{found[0]:.4g}",
        )
    return None


NEAR = 1e-4
"""Two numbers are the same sample's if they are nearer than this: samples differ by a half or more."""

minibatches = code_question("minibatches", title="Mini-batches", points=5, reference=solution.minibatches)


def samples(rng, number, *shapes):
    """Arrays of `number` samples each, with these shapes of one sample: no two samples are alike."""
    return tuple(
        rng.permutation(number).reshape(-1, *[1] * len(shape)) + rng.uniform(0, 0.5, (number, *shape))
        for shape in shapes
    )


def seed(rng):
    """A fresh generator for the student's function."""
    return Seed(int(rng.integers(2**32)))


def drawn(value, x):
    """The numbers of the samples in the order in which they were yielded; -1 where a row is none of x."""
    own = np.reshape(x, (len(x), -1))

    def number(row):
        """The number of the sample that is this row, up to rounding to single precision."""
        same = np.all(np.abs(own - np.ravel(row)) < NEAR, axis=1) if row.size == own.shape[1] else np.array([])
        return int(np.argmax(same)) if np.any(same) else -1

    return [number(np.asarray(row)) for batch in value for row in np.asarray(batch[0])]


def not_of_x(order):
    """A sentence about the first row that is none of x; None if there is none."""
    return say("Row {row} of the yielded inputs is not a row of x.", row=order.index(-1)) if -1 in order else None


def each_sample_once(value, x, d, size, rng):
    """The property of `every_sample_once` and others: x comes apart into its rows, none twice, none left out."""
    order = drawn(value, x)
    if -1 in order:
        return not_of_x(order)
    for number in range(len(x)):
        if order.count(number) != 1:
            return say(
                "Sample {number} occurs {times} times in the epoch instead of once.",
                number=number,
                times=order.count(number),
            )
    return None


def pairs_together(value, x, d, size, rng):
    """The property of `pairs_stay_together`: beside each row of x stands its own row of d."""
    order = drawn(value, x)
    targets = [row for batch in value for row in np.asarray(batch[1])]
    if -1 in order:
        return not_of_x(order)
    for number, target in zip(order, targets, strict=True):
        if np.shape(target) != d[number].shape or np.any(np.abs(target - d[number]) > NEAR):
            return say("Sample {number} of x is paired with a target that is not row {number} of d.", number=number)
    return None


def in_random_order(value, x, d, size, rng):
    """The property of `random_order`: neither the samples nor the batches are as they were."""
    order = drawn(value, x)
    if -1 in order:
        return not_of_x(order)
    if order == list(range(len(x))):
        return say("The samples are in their original order.")
    blocks = [order[start : start + size] for start in range(0, len(order), size)]
    if all(max(block) - min(block) < len(block) for block in blocks):
        return say("Neighbouring samples are in the same mini-batch: shuffle the samples, then split them.")
    if len(set(np.diff(order).tolist())) < len(order) / 4:  # backwards, every second one: few different steps
        return say("The samples are in a regular order, not in a random one.")
    return None


def from_the_generator(value, x, d, size, rng):
    """The property of `order_from_rng`: random, and no other generator of a usual or known seed gives this order."""
    if problem := in_random_order(value, x, d, size, rng):
        return problem
    order = drawn(value, x)
    for number in (*range(101), 123, 1234, 12345, 2024, 2025):  # GLOBAL is one of them
        for other in (np.random.default_rng(number), np.random.RandomState(number)):
            if order == other.permutation(len(x)).tolist():
                return say("The order is the same for every rng: draw it from rng, not from another generator.")
    return None


GLOBAL = 31
"""`order_from_rng` starts numpy's global generator from this number, so that its orders are known."""


@minibatches.check(points=0.5, holds=each_sample_once)
def every_sample_once(rng):
    """Six samples in mini-batches of two: every sample occurs exactly once."""
    return *samples(rng, 6, (3,), (2,)), 2, seed(rng)


@minibatches.check(points=0.5, holds=pairs_together)
def pairs_stay_together(rng):
    """Every input is paired with its own target."""
    return *samples(rng, 8, (2,), (1,)), 2, seed(rng)


@minibatches.check(points=0.25, holds=each_sample_once)
def short_last_batch(rng):
    """Seven samples in mini-batches of three: the sizes are 3, 3 and 1."""
    return *samples(rng, 7, (2,), (1,)), 3, seed(rng)


@minibatches.check(points=1.25, holds=in_random_order)
def random_order(rng):
    """The samples are shuffled before they are split."""
    return *samples(rng, 40, (2,), (1,)), 5, seed(rng)


@minibatches.check(points=1, hidden=True, holds=from_the_generator)
def order_from_rng(rng):
    """The order comes from `rng`: another generator gives another order."""
    generator = Code(f"np.random.seed({GLOBAL}) or np.random.default_rng({int(rng.integers(10_000, 2**32))})")
    return *samples(rng, 40, (2,), (1,)), 8, generator


@minibatches.check(points=0.25, hidden=True, repeat=4, holds=each_sample_once)
def any_size(rng):
    """Data sets and mini-batches of any size, with a shorter last one."""
    return *samples(rng, int(rng.integers(5, 30)), (3,), (2,)), int(rng.integers(2, 8)), seed(rng)


@minibatches.check(points=0.25, hidden=True, repeat=2, holds=pairs_together)
def pairs_in_large_sets(rng):
    """A hundred samples: every input is paired with its own target."""
    return *samples(rng, 100, (4,), (3,)), 16, seed(rng)


@minibatches.check(points=0.25, hidden=True, holds=pairs_together)
def labels_of_whole_numbers(rng):
    """Inputs of shape (N, 1) in single precision, and integer labels of shape (N,)."""
    (x,) = samples(rng, 9, (1,))
    return x.astype(np.float32), np.round(10 * x[:, 0]).astype(int), 4, seed(rng)


@minibatches.check(points=0.25, hidden=True, holds=each_sample_once)
def inputs_of_one_axis(rng):
    """Inputs and targets of shape (N,)."""
    return *samples(rng, 10, (), ()), 4, seed(rng)


@minibatches.check(points=0.25, hidden=True, holds=each_sample_once)
def one_batch_is_enough(rng):
    """A mini-batch size above the size of the data set: one batch with all samples."""
    return *samples(rng, 4, (2,), (1,)), 10, seed(rng)


@minibatches.check(points=0.25, hidden=True, holds=each_sample_once)
def one_by_one(rng):
    """Mini-batches of one sample keep the axis of the samples."""
    return *samples(rng, 5, (2,), (1,)), 1, seed(rng)


minibatches.filling(
    "order",
    "np.arange(len(x))",
    "The samples are in their original order. Draw a random order from rng first.",
    name="not_shuffled",
)
minibatches.filling(
    "start",
    "range(0, len(x) - size + 1, size)",
    "The last samples, which don't fill a mini-batch, are missing. Yield them as a shorter mini-batch.",
    name="last_batch_dropped",
)
minibatches.filling(
    "chosen",
    "np.resize(order, len(x) + size)[start : start + size]",
    "You filled up the last mini-batch with samples that were already used. It should be shorter.",
    name="last_batch_filled_up",
)
minibatches.filling(
    "chosen",
    "rng.choice(len(x), min(size, len(x) - start))",
    "Every mini-batch is drawn from all samples, so that some occur twice and others never. Draw one random order of "
    "all samples, and split it.",
    also={"order = rng.permutation(len(x))": "pass"},
    name="drawn_with_replacement",
)


@minibatches.mistake
def pairs_torn(x, d, size, rng):
    """Inputs and targets were shuffled separately, so that they no longer match. Draw one order, and use it for the
    rows of both.
    """
    x, d = x[rng.permutation(len(x))], d[rng.permutation(len(x))]
    for start in range(0, len(x), size):
        yield x[start : start + size], d[start : start + size]


minibatches.filling(
    "yield x[chosen], d[chosen]",
    "yield x[chosen], d[start : start + size]",
    "Only the inputs are shuffled, the targets are not. Use the same order for the rows of both.",
    name="targets_not_shuffled",
)
minibatches.filling(
    "order",
    "np.random.default_rng(0).permutation(len(x))",
    "You created your own generator, which gives the same order each time. Use the argument rng.",
    name="own_generator",
)


@minibatches.mistake
def batches_shuffled_only(x, d, size, rng):
    """Only the order of the mini-batches is random; each contains the same samples every time. Shuffle the samples,
    then split them.
    """
    starts = np.arange(0, len(x) - len(x) % size, size)
    for start in [*rng.permutation(starts), *range(len(starts) * size, len(x), size)]:
        yield x[start : start + size], d[start : start + size]


minibatches.filling(
    "yield x[chosen], d[chosen]",
    "return [(x[chosen], d[chosen])]",
    "Only the first mini-batch was yielded: a return inside the loop ends the function at once.",
    name="first_batch_only",
)
minibatches.filling(
    "yield x[chosen], d[chosen]",
    "yield x[chosen]",
    "You yielded only inputs. Yield pairs: the inputs of a mini-batch and their targets.",
    name="inputs_without_targets",
)


for before in ("rng.permutation(len(x))", "order[start : start + size]"):
    minibatches.equivalent(
        before, f"-{before}", why="negative numbers count from the end: each sample still comes once"
    )

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
def own_copy(network, gradients, x, d, learning_rate, epochs, size, rng):
    """The caller's network is unchanged: you trained a copy. Change the dict that is passed in."""
    network = {key: value + 0 for key, value in network.items()}
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            grad = gradients(network, x[chosen], d[chosen])
            for key in network:
                network[key] -= learning_rate * grad[key]


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

descent_kinds = matching_question(
    "descent_kinds",
    title="Three kinds of descent",
    points=3,
    items={
        "gradient_descent": "plain gradient descent",
        "stochastic": "stochastic gradient descent",
        "mini_batch": "descent with mini-batches",
        "advantages": "the advantages of the stochastic one",
    },
    options={
        "few_samples": "the mean error of some samples, drawn at random",
        "one_sample": "the error of one sample, drawn at random",
        "all_samples": "the mean error of all samples",
        "exact": "every step follows the gradient of the whole loss",
        "less_computation": "a step costs less computation",
        "always_falls": "the loss falls with every step",
        "poor_minimum": "less risk of being caught in a poor local minimum",
        "no_rate": "no learning rate has to be chosen",
        "online": "it can go on learning, sample by sample, while data come in",
    },
    right={
        "gradient_descent": "all_samples",
        "stochastic": "one_sample",
        "mini_batch": "few_samples",
        "advantages": {"less_computation", "poor_minimum", "online"},
    },
)

online_learning = text_question(
    "online_learning",
    title="Online learning",
    points=1,
    rubric={
        "Samples are learnt from one by one, as they come in": 0.5,
        "Each changes the parameters at once, without going over the old data again": 0.5,
    },
    ideal="Learning from samples as they come in, one by one: each new one changes the parameters a little, without "
    "going over all the old data again.",
)
