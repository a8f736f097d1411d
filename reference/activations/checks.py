"""Checks and known mistakes of the activations exercise."""

import numpy as np

from grader.authoring import (
    Tolerance,
    choice_question,
    code_question,
    matching_question,
    reading_question,
    say,
)

from . import solution

SINGLE = Tolerance(rtol=1e-4, atol=1e-6)
"""For float32 inputs, where a student may compute in double precision."""

step = code_question("step", title="Step", points=2, reference=solution.step)
sigmoid = code_question("sigmoid", title="Sigmoid", points=3, reference=solution.sigmoid)
relu = code_question("relu", title="relu", points=2, reference=solution.relu)
identity = code_question("identity", title="Identity", points=1, reference=solution.identity)

sigmoid_line = reading_question("sigmoid_line", title="Read a listing", points=1, right=["z = functions.sigmoid(u)"])

vanishing_gradient = choice_question(
    "vanishing_gradient",
    title="Slopes",
    points=2,
    options={
        "a": "Gradients vanish with the sigmoid: a product of slopes of at most 1/4 is next to zero.",
        "b": "Gradients vanish with the sigmoid: its outputs lie between 0 and 1.",
        "c": "Gradients vanish with relu: its slope is 1 wherever it lets pass.",
        "d": "Gradients vanish with the identity: it has no corner.",
        "e": "relu gives sparse outputs: every total input up to zero gives exactly 0.",
        "f": "The sigmoid gives sparse outputs: far to the left they come close to 0.",
    },
    right={"a", "e"},
)

hidden_or_output = matching_question(
    "hidden_or_output",
    title="Which function belongs where",
    points=2,
    items={"relu": "relu", "sigmoid": "the sigmoid", "identity": "the identity", "softmax": "softmax"},
    options={"hidden": "hidden layers", "output": "output layers"},
    right={
        "relu": {"hidden"},
        "sigmoid": {"hidden", "output"},
        "identity": {"output"},
        "softmax": {"output"},
    },
)


def only_zero_and_one(value, u):
    """The property of `on_or_off`."""
    other = np.ravel(value)[~np.isin(np.ravel(value), (0, 1))]
    return say("A step is 0 or 1, but {other} is among the results.", other=f"{other[0]:.4g}") if other.size else None


def symmetric(value, u):
    """The property of `the_two_sides`: for inputs that are symmetric about zero, two sides that add up to one."""
    value = np.asarray(value)
    if np.min(value) < 0 or np.max(value) > 1:
        return say("A sigmoid lies between 0 and 1; a result of yours does not.")
    sums = value + value[::-1]
    wrong = np.abs(sums - 1) > 1e-6
    if wrong.any():
        at = int(np.argmax(wrong))
        return say(
            "The sigmoid of {u} and that of {minus_u} add up to {total}; it must be 1.",
            u=f"{u[at]:.4g}",
            minus_u=f"{-u[at]:.4g}",
            total=f"{sums[at]:.4g}",
        )
    if np.any(np.diff(value) < 0):
        return say("A sigmoid never falls: a larger total input can't give a smaller result.")
    return None


def what_passes_is_unchanged(value, u):
    """The property of `passes_or_not`."""
    value = np.asarray(value)
    wrong = ~((value == 0) & (u <= 0) | np.isclose(value, u, rtol=1e-6, atol=0) & (u > 0))
    if wrong.any():
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        return say("A total input of {u} gives {value}.", u=f"{u[at]:.4g}", value=f"{value[at]:.4g}")
    return None


@step.check(points=0.25)
def a_vector(rng):
    """A vector, shape (5,): numbers on both sides of the threshold."""
    return np.array([-2.0, -0.5, 0.25, 1.0, 3.0])


@step.check(points=0.25)
def a_batch(rng):
    """A batch, shape (2, 3)."""
    return np.array([[-1.0, 0.5, 2.0], [1e-3, -1e-3, -7.0]])


@step.check(points=0.25)
def exactly_zero(rng):
    """Exactly 0 is not above the threshold: it gives 0."""
    return np.array([[0.0, 1.0], [-1.0, -0.0]])


@step.check(points=0.25, repeat=3, hidden=True, holds=only_zero_and_one)
def on_or_off(rng):
    """Nothing but 0 and 1 comes out."""
    return rng.normal(size=(3, 5))


@step.check(points=0.25, hidden=True)
def near_the_threshold(rng):
    """Numbers as near to zero as 1e-300, and as far from it as 1e300."""
    return np.array([1e-300, -1e-300, 1e300, -1e300, 0.0])


@sigmoid.check(points=0.5)
def one_half_at_zero(rng):
    """Total inputs of 0, log 3 and -log 3, shape (3,): 1/2, 3/4 and 1/4."""
    return np.log([1.0, 3.0, 1 / 3])


@sigmoid.check(points=0.25)
def a_batch(rng):
    """A batch, shape (2, 3)."""
    return np.array([[-1.0, 0.5, 2.0], [4.0, -3.0, 0.0]])


@sigmoid.check(points=0.5)
def a_thousand(rng):
    """Total inputs of 1000 and -1000 give 1 and 0: nothing is infinite and nothing is nan."""
    return np.array([1000.0, -1000.0, 0.0, 30.0, -30.0])


@sigmoid.check(points=0.5, hidden=True, holds=symmetric)
def the_two_sides(rng):
    """It rises from 0 to 1, and the sigmoids of u and of -u add up to one."""
    half = np.sort(rng.uniform(0.01, 12, size=6))
    return np.concatenate([-half[::-1], half])


@sigmoid.check(points=0.25, hidden=True)
def huge_batch(rng):
    """A batch of numbers between -1000 and 1000."""
    return rng.uniform(-1000, 1000, size=(4, 6))


@relu.check(points=0.25)
def a_vector(rng):
    """A vector, shape (5,): numbers on both sides of zero."""
    return np.array([-2.0, -0.5, 0.25, 1.0, 3.0])


@relu.check(points=0.25)
def a_batch(rng):
    """A batch, shape (2, 3)."""
    return np.array([[-1.0, 0.5, 2.0], [1e-3, -1e-3, -7.0]])


@relu.check(points=0.25)
def exactly_zero(rng):
    """Exactly 0 gives 0."""
    return np.array([[0.0, 1.5], [-1.5, -0.0]])


@relu.check(points=0.25, repeat=3, hidden=True, holds=what_passes_is_unchanged)
def passes_or_not(rng):
    """What is above zero passes unchanged, and nothing else comes out but 0."""
    return rng.normal(scale=4, size=(3, 5))


@relu.check(points=0.25, hidden=True)
def very_large(rng):
    """Numbers as large as 1e200 pass unchanged; numbers as near to zero as 1e-6 do, too."""
    return np.array([1e200, -1e200, 1e-6, -1e-6])


@identity.check(points=0.125)
def a_vector(rng):
    """A vector, shape (4,)."""
    return np.array([-2.0, 0.0, 0.25, 3.0])


@identity.check(points=0.125)
def a_batch(rng):
    """A batch, shape (2, 2)."""
    return np.array([[-1.5, 0.5], [2.0, -7.0]])


@step.check(points=0.125, repeat=3, hidden=True)
@sigmoid.check(points=0.125, repeat=3, hidden=True)
@relu.check(points=0.125, repeat=3, hidden=True)
@identity.check(points=0.125, repeat=3, hidden=True)
def random_batches(rng):
    """Random batches of any size."""
    return rng.normal(scale=3, size=rng.integers(2, 9, size=2))


@step.check(points=0.125, hidden=True)
@sigmoid.check(points=0.125, hidden=True)
@relu.check(points=0.125, hidden=True)
@identity.check(points=0.125, hidden=True)
def single_row(rng):
    """A batch of one sample, shape (1, H), keeps its two axes."""
    return rng.normal(size=(1, 5))


@step.check(points=0.125, hidden=True)
@sigmoid.check(points=0.125, hidden=True)
@relu.check(points=0.125, hidden=True)
@identity.check(points=0.125, hidden=True)
def single_column(rng):
    """A layer of one node, shape (N, 1), keeps its two axes."""
    return rng.normal(size=(5, 1))


@step.check(points=0.125, hidden=True)
@sigmoid.check(points=0.125, hidden=True)
@relu.check(points=0.125, hidden=True)
@identity.check(points=0.125, hidden=True)
def three_axes(rng):
    """An array of three axes, shape (2, 3, 4)."""
    return rng.normal(size=(2, 3, 4))


@step.check(points=0.125, hidden=True)
@sigmoid.check(points=0.25, hidden=True)
@relu.check(points=0.125, hidden=True)
@identity.check(points=0.125, hidden=True)
def whole_numbers(rng):
    """An array of whole numbers."""
    return np.array([[-3, 0, 2], [1, -1, 5]])


@step.check(points=0.125, hidden=True, tolerance=SINGLE)
@sigmoid.check(points=0.25, hidden=True, tolerance=SINGLE)
@relu.check(points=0.125, hidden=True, tolerance=SINGLE)
@identity.check(points=0.125, hidden=True, tolerance=SINGLE)
def single_precision(rng):
    """An array of single precision."""
    return rng.normal(size=(3, 4)).astype(np.float32)


@step.mistake
def scalars_only(u):
    """`if` asks for one yes or no, but an array has one for each number. Let numpy look at all of them: np.where, or
    the comparison itself made into numbers.
    """
    if u > 0:
        return 1
    return 0


@step.mistake
def vectors_only(u):
    """Right for a vector, but the loop goes over the rows of a batch. Compare the whole array at once; no loop is
    needed.
    """
    return np.array([1 if number > 0 else 0 for number in u])


@step.mistake
def removed_type(u):
    """numpy has no np.int any more. Write int: astype(int)."""
    return np.array(u > 0, dtype=np.int)


@step.convention
def one_at_zero(u):
    """Right in itself, if the step is taken to be 1 at exactly 0. In this course it is 1 only above the threshold: use
    >, not >=.
    """
    return np.where(u >= 0, 1, 0)


@step.convention
def one_half_at_zero(u):
    """Right in itself, if the step is taken to be 1/2 at exactly 0. In this course it is 1 only above the threshold, so
    it is 0 there.
    """
    return np.heaviside(u, 0.5)


@step.mistake
def true_and_false(u):
    """These are True and False. Make numbers of them: astype(int), or np.where."""
    return u > 0


@step.mistake
def one_answer_for_all(u):
    """You gave one number for the whole array. Each number of u has its own step: the result has the shape of u."""
    return 1 if np.any(u > 0) else 0


@step.mistake
def minus_one_below(u):
    """This is the sign: -1 below zero. A step is 0 there."""
    return np.sign(u)


@step.mistake
def turned_round(u):
    """It is the wrong way round: 1 above zero, 0 below."""
    return np.where(u < 0, 1, 0)


@step.mistake
def passes_the_input(u):
    """This lets the total input pass, as relu does. A step gives 1 there, however large u is."""
    return np.maximum(u, 0)


@sigmoid.mistake
def sign_forgotten(u):
    """It falls instead of rising: the exponent is -u."""
    return 1 / (1 + np.exp(u))


@sigmoid.mistake
def brackets_forgotten(u):
    """Division goes before addition: put brackets around the whole denominator, 1 / (1 + ...)."""
    return 1 / 1 + np.exp(-u)


@sigmoid.mistake
def one_forgotten(u):
    """The 1 in the denominator is missing."""
    return 1 / np.exp(-u)


@sigmoid.mistake
def minus_in_the_denominator(u):
    """The denominator is 1 plus the exponential. With a minus it is 0 at u = 0."""
    return 1 / (1 - np.exp(-u))


@sigmoid.mistake
def infinity_by_infinity(u):
    """Right in itself, but exp(1000) is infinite, and infinity divided by infinity is nan. With exp(-u) in the
    denominator only, the result stays right.
    """
    return np.exp(u) / (1 + np.exp(u))


@sigmoid.mistake
def single_numbers_only(u):
    """math.exp takes one number. np.exp takes a whole array."""
    import math

    return 1 / (1 + math.exp(-u))


@sigmoid.mistake
def scalars_only(u):
    """`if` asks for one yes or no, but an array has one for each number. The formula alone is right for all numbers."""
    if u >= 0:
        return 1 / (1 + np.exp(-u))
    return np.exp(u) / (1 + np.exp(u))


@sigmoid.mistake
def held_in_whole_numbers(u):
    """Right for real numbers, but an array made by zeros_like(u) from whole numbers can hold whole numbers only: each
    result is cut to 0.
    """
    y = np.zeros_like(u)
    y[...] = 1 / (1 + np.exp(-u))
    return y


@sigmoid.mistake
def hyperbolic_tangent(u):
    """This is tanh, which lies between -1 and 1. The sigmoid lies between 0 and 1."""
    return np.tanh(u)


@sigmoid.mistake
def derivative(u):
    """This is the derivative of the sigmoid: largest at 0, and falling on both sides. The sigmoid itself is wanted."""
    y = 1 / (1 + np.exp(-u))
    return y * (1 - y)


@sigmoid.mistake
def softmax(u):
    """This is a softmax: you divided by the sum over a whole row. The sigmoid looks at each number by itself."""
    powers = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


@relu.mistake
def scalars_only(u):
    """`if` and Python's own max ask for one yes or no, but an array has one for each number. Let numpy compare number
    by number.
    """
    if u > 0:
        return u
    return 0


@relu.mistake
def vectors_only(u):
    """Right for a vector, but the loop goes over the rows of a batch. Compare the whole array at once; no loop is
    needed.
    """
    return np.array([number if number > 0 else 0 for number in u])


@relu.mistake
def largest_of_each_column(u):
    """np.max(u, 0) is the largest number along axis 0. To compare number by number with 0, there is another function:
    np.maximum.
    """
    return np.max(u, 0)


@relu.mistake
def one_above_zero(u):
    """This gives 1 where u is above zero: a step, which is the derivative of relu. relu gives u itself there."""
    return np.where(u > 0, 1, 0)


@relu.mistake
def absolute_value(u):
    """This is the absolute value: what is below zero comes back above. relu gives 0 there."""
    return np.abs(u)


@relu.mistake
def leaky(u):
    """This is the leaky relu, which lets a little pass below zero. The plain one gives 0 there."""
    return np.where(u > 0, u, 0.01 * u)


@relu.mistake
def smaller_instead_of_larger(u):
    """What should pass is stopped, and what should be stopped passes: take the larger of u and 0."""
    return np.minimum(u, 0)


@relu.mistake
def turned_round(u):
    """You looked at -u: what is below zero passes, with its sign changed. relu lets pass what is above zero."""
    return np.maximum(-u, 0)


@relu.mistake
def stopped_at_one(u):
    """Numbers above 1 were cut to 1. relu has no upper bound."""
    return np.clip(u, 0, 1)


@relu.mistake
def smooth(u):
    """This is a smooth relative of relu, the softplus. relu itself has a corner: exactly 0 up to zero."""
    return np.log(1 + np.exp(u))


@relu.mistake
def everything_passes(u):
    """Numbers below zero passed too. They become 0."""
    return u


@identity.mistake
def identity_matrix(u):
    """This is the identity *matrix*. The identity function gives back what it is given."""
    return np.eye(len(u))


@identity.mistake
def only_above_zero(u):
    """This is relu. The identity lets everything pass, below zero too."""
    return np.maximum(u, 0)


@identity.mistake
def squeezed(u):
    """This is a sigmoid. The identity changes nothing."""
    return 1 / (1 + np.exp(-u))


@identity.mistake
def derivative(u):
    """This is the derivative of the identity, 1 everywhere. The function itself gives u."""
    return np.ones(np.shape(u))


@identity.mistake
def row_only(u):
    """The result has lost its axes. The identity changes neither the numbers nor the shape."""
    return np.ravel(u)
