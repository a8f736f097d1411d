"""Checks and known mistakes of mini-batches."""

import numpy as np

from grader.authoring import Code, code_question, say

from .. import solution
from .inputs import samples, seed

NEAR = 1e-4
"""Two numbers are the same sample's if they are nearer than this: samples differ by a half or more."""

minibatches = code_question("minibatches", title="Mini-batches", points=5, reference=solution.minibatches)


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
