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
        "a": "Gradients vanish with the sigmoid: a product of many slopes of at most 1/4 is almost zero.",
        "b": "Gradients vanish with the sigmoid: its outputs lie between 0 and 1.",
        "c": "Gradients vanish with relu: its slope is 1 for positive inputs.",
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
    return say("A step is 0 or 1, but one of your results is {other}.", other=f"{other[0]:.4g}") if other.size else None


def symmetric(value, u):
    """The property of `the_two_sides`: for inputs that are symmetric about zero, two sides that add up to one."""
    value = np.asarray(value)
    if np.min(value) < 0 or np.max(value) > 1:
        return say("The sigmoid lies between 0 and 1, but one of your results does not.")
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
    if np.ptp(value) == 0:
        return say("A sigmoid rises, but all your results are the same number.")
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
    """All results are 0 or 1."""
    return rng.normal(size=(3, 5))


@step.check(points=0.25, hidden=True)
def near_the_threshold(rng):
    """Very small numbers such as 1e-300, and very large ones such as 1e300."""
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
    """Numbers above zero stay unchanged; all others become 0."""
    return rng.normal(scale=4, size=(3, 5))


@relu.check(points=0.25, hidden=True)
def very_large(rng):
    """Positive numbers stay unchanged, whether as large as 1e200 or as small as 1e-6."""
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
    """An array with three axes, shape (2, 3, 4)."""
    return rng.normal(size=(2, 3, 4))


@step.check(points=0.125, hidden=True)
@sigmoid.check(points=0.25, hidden=True)
@relu.check(points=0.125, hidden=True)
@identity.check(points=0.125, hidden=True)
def whole_numbers(rng):
    """An array of integers."""
    return np.array([[-3, 0, 2], [1, -1, 5]])


@step.check(points=0.125, hidden=True, tolerance=SINGLE)
@sigmoid.check(points=0.25, hidden=True, tolerance=SINGLE)
@relu.check(points=0.125, hidden=True, tolerance=SINGLE)
@identity.check(points=0.125, hidden=True, tolerance=SINGLE)
def single_precision(rng):
    """An array in single precision."""
    return rng.normal(size=(3, 4)).astype(np.float32)


@step.mistake
def scalars_only(u):
    """`if` needs a single True or False, but comparing an array gives one for each number. Use np.where, or convert the
    comparison to numbers.
    """
    if u > 0:
        return 1
    return 0


@step.mistake
def vectors_only(u):
    """The loop goes over the rows of a batch. Compare the whole array at once; no loop is
    needed.
    """
    return np.array([1 if number > 0 else 0 for number in u])


@step.mistake
def removed_type(u):
    """numpy has no np.int any more. Write int: astype(int)."""
    return np.array(u > 0, dtype=np.int)


@step.convention
def one_at_zero(u):
    """At exactly 0 your step is 1, as some books define it. In this course it is 1 only above the threshold: use >,
    not >=.
    """
    return np.where(u >= 0, 1, 0)


@step.convention
def one_half_at_zero(u):
    """At exactly 0 your step is 1/2, as some books define it. In this course it is 1 only above the threshold, so at 0
    it is 0.
    """
    return np.heaviside(u, 0.5)


@step.mistake
def true_and_false(u):
    """Your results are True and False. Convert them to numbers with astype(int), or use np.where."""
    return u > 0


@step.mistake
def minus_one_below(u):
    """This is the sign function, which is -1 below zero. The step is 0 there."""
    return np.sign(u)


@step.mistake
def turned_round(u):
    """0 and 1 are swapped: the step is 1 above zero and 0 below."""
    return np.where(u < 0, 1, 0)


@step.mistake
def passes_the_input(u):
    """Above zero this returns the total input, as relu does. The step returns 1 there, however large u is."""
    return np.maximum(u, 0)


@sigmoid.mistake
def sign_forgotten(u):
    """Your function falls instead of rising: the exponent must be -u."""
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
    """exp(1000) overflows to infinity, and infinity divided by infinity is nan. Use exp(-u),
    in the denominator only.
    """
    return np.exp(u) / (1 + np.exp(u))


@sigmoid.mistake
def single_numbers_only(u):
    """math.exp takes one number. np.exp takes a whole array."""
    import math

    return 1 / (1 + math.exp(-u))


@sigmoid.mistake
def scalars_only(u):
    """`if` needs a single True or False, but comparing an array gives one for each number. The formula alone works for
    all numbers.
    """
    if u >= 0:
        return 1 / (1 + np.exp(-u))
    return np.exp(u) / (1 + np.exp(u))


@sigmoid.mistake
def held_in_whole_numbers(u):
    """This works for floats. For integers, zeros_like(u) is an integer array too, and every result is cut off to 0."""
    y = np.zeros_like(u)
    y[...] = 1 / (1 + np.exp(-u))
    return y


@sigmoid.mistake
def hyperbolic_tangent(u):
    """This is tanh, which lies between -1 and 1. The sigmoid lies between 0 and 1."""
    return np.tanh(u)


@sigmoid.mistake
def derivative(u):
    """This is the derivative of the sigmoid, which is largest at 0 and falls on both sides. Return the
    sigmoid itself.
    """
    y = 1 / (1 + np.exp(-u))
    return y * (1 - y)


@sigmoid.mistake
def softmax(u):
    """This is softmax: you divided by the sum over a whole row. The sigmoid is computed from each number alone."""
    powers = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


@relu.mistake
def scalars_only(u):
    """`if` needs a single True or False, but comparing an array gives one for each number. Let numpy compare the
    elements.
    """
    if u > 0:
        return u
    return 0


@relu.mistake
def python_max(u):
    """Python's max needs a single True or False, but comparing an array gives one for each number. np.maximum compares
    the elements.
    """
    return max(0, u)


@relu.mistake
def vectors_only(u):
    """The loop goes over the rows of a batch. Compare the whole array at once; no loop is
    needed.
    """
    return np.array([number if number > 0 else 0 for number in u])


@relu.mistake
def vectors_only_by_max(u):
    """The loop goes over the rows of a batch. np.maximum compares the whole array at once; no
    loop is needed.
    """
    return np.array([max(number, 0) for number in u])


@relu.mistake
def largest_of_each_column(u):
    """np.max(u, 0) is the largest number along axis 0. To compare each number with 0, use np.maximum."""
    return np.max(u, 0)


@relu.mistake
def one_above_zero(u):
    """This returns 1 where u is above zero. That is the step, the derivative of relu; relu returns u itself there."""
    return np.where(u > 0, 1, 0)


@relu.mistake
def absolute_value(u):
    """This is the absolute value, which makes negative numbers positive. relu returns 0 for them."""
    return np.abs(u)


@relu.mistake
def leaky(u):
    """This is leaky relu, which is not 0 below zero. Plain relu returns 0 there."""
    return np.where(u > 0, u, 0.01 * u)


@relu.mistake
def smaller_instead_of_larger(u):
    """You took the smaller of u and 0. relu is the larger of the two."""
    return np.minimum(u, 0)


@relu.mistake
def turned_round(u):
    """You used -u, so that negative numbers pass with the opposite sign. relu keeps the numbers above zero."""
    return np.maximum(-u, 0)


@relu.mistake
def stopped_at_one(u):
    """Numbers above 1 became 1. relu has no upper bound."""
    return np.clip(u, 0, 1)


@relu.mistake
def smooth(u):
    """This is softplus, a smooth variant of relu. relu itself is exactly 0 for all numbers up to zero."""
    return np.log(1 + np.exp(u))


@relu.mistake
def everything_passes(u):
    """Negative numbers were left unchanged. They must become 0."""
    return u


@identity.mistake
def identity_matrix(u):
    """This is the identity *matrix*. The identity function returns its argument unchanged."""
    return np.eye(len(u))


@identity.mistake
def only_above_zero(u):
    """This is relu. The identity returns negative numbers unchanged as well."""
    return np.maximum(u, 0)


@identity.mistake
def squeezed(u):
    """This is a sigmoid. The identity changes nothing."""
    return 1 / (1 + np.exp(-u))


@identity.mistake
def row_only(u):
    """The result does not have the shape of u. The identity changes neither the numbers nor the shape."""
    return np.ravel(u)


step.equivalent(
    "np.where(u > 0, 1, 0)", "np.where(1, u > 0, 0)", why="the condition 1 always takes u > 0, which becomes 1 or 0"
)
