"""Checks and known mistakes of the exercise `numbers`."""

import numpy as np

from grader.authoring import Code, CodeQuestion, Seed, Tolerance, argument, code_question, local, returned, say, say_n

from . import solution

centre = code_question("centre", title="Centre", points=3, reference=solution.centred)
assert isinstance(centre, CodeQuestion)


@centre.check(points=1)
def two_columns(rng):
    """Three samples with two features."""
    return np.array([[1.0, 10.0], [2.0, 20.0], [6.0, 60.0]])


@centre.check(points=2, repeat=3, hidden=True, tolerance=Tolerance(rtol=1e-5, atol=1e-7))
def any_batch(rng):
    """Batches of any size."""
    return rng.normal(3, 2, size=(rng.integers(3, 9), 4))


@centre.mistake
def one_mean(x):
    """You subtracted one mean of all numbers. Each column has its own: axis=0."""
    return x - np.mean(x)


@centre.mistake
def rows(x):
    """You centred each row. A column is a feature, and it is the columns that get mean 0."""
    return x - np.mean(x, axis=1, keepdims=True)


@centre.convention
def turned(x):
    """You subtracted x from the mean: mathematically the same up to the sign, but here x comes first."""
    return np.mean(x, axis=0) - x


derivatives = code_question(
    "derivatives", title="Derivatives", points=3, references=[solution.d_square, solution.d_cube]
)


@derivatives.check(of=solution.d_square, points=1)
def of_a_square(rng):
    """The derivative of a square at three points."""
    return np.array([-1.5, 0.5, 2.0])


@derivatives.check(of=solution.d_cube, points=2, hidden=True)
def of_a_cube(rng):
    """The derivative of a cube at random points."""
    return rng.normal(size=(2, 3))


@derivatives.mistake(of=solution.d_square)
def halved(x):
    """You forgot the factor 2."""
    return 1 * x


@derivatives.mistake(of=solution.d_cube)
def not_squared(x):
    """You forgot to square x."""
    return 3 * x


step = code_question(
    "step", title="One step", points=3, reference=solution.step, in_place=True, limits={"cpu": 1.5, "memory": 2**28}
)


@step.check(
    argument("weights", "W"),
    argument("weights", "b", label="the biases"),
    points=1,
)
def downhill(rng):
    """One step against the gradient: {output}."""
    weights = {"W": np.array([[1.0, 2.0]]), "b": np.array([0.5])}
    return weights, {"W": np.array([[0.5, -1.0]]), "b": np.array([1.0])}, 0.1


def moved_against(value, weights, gradient, rate):
    """The property of `against_the_gradient`: None, or what doesn't hold."""
    wrong = [name for name in sorted(value) if np.any(value[name] * gradient[name] > 0)]
    if wrong:
        return say_n(
            "{n} array went uphill: {names}.", "{n} arrays went uphill: {names}.", n=len(wrong), names=", ".join(wrong)
        )
    return None


@step.check(argument("weights"), points=1, hidden=True, holds=moved_against, limits={"cpu": 1.0})
def against_the_gradient(rng):
    """From zero, each array goes against its gradient."""
    return {"W": np.zeros((2, 2)), "b": np.zeros(2)}, {"W": np.ones((2, 2)), "b": -np.ones(2)}, 0.5


@step.mistake
def uphill(weights, gradient, rate):
    """You added the gradient. Downhill is against it."""
    for name in weights:
        weights[name] += rate * gradient[name]


layers = code_question("layers", title="Layers", points=4, reference=solution.layers)


@layers.check(local("total"), returned("hidden"), returned("output"), points=1)
def one_sample(rng):
    """One sample, two hidden nodes: {output}."""
    return np.array([[1.0, -2.0]]), np.array([[1.0, 0.5], [1.0, -0.5]]), np.array([[2.0], [3.0]])


@layers.check(returned("output", label="what comes out"), points=1, hidden=True)
def a_batch(rng):
    """A batch: {output}."""
    return rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=(4, 2))


@layers.mistake
def no_relu(x, W, V):
    """The hidden layer passes only what is above zero: take the maximum with 0."""
    total = x @ W
    hidden = total
    output = hidden @ V
    return {"hidden": hidden, "output": output}


slope = code_question("slope", title="Slope", points=1, reference=solution.slope)


@slope.check(points=1, tolerance=Tolerance(rtol=1e-4))
def of_a_parabola(rng):
    """The slope of a parabola at 3."""
    return Code("lambda x: x**2 + np.exp(x)"), 3.0


@slope.mistake
def one_sided(f, x):
    """You divided by h. A central difference reaches over 2 * h."""
    h = 1e-4
    return (f(x + h) - f(x - h)) / h


noise = code_question("noise", title="Noise", points=1, reference=solution.noise)


def lies_between(value, rng, n):
    """The property of `in_range`: n numbers between -1 and 1, on both sides of 0."""
    if np.shape(value) != (n,):
        return say("There should be {wanted} numbers, but the shape is {shape}.", wanted=n, shape=np.shape(value))
    return None if np.all(np.abs(value) <= 1) and np.any(value < 0) else "The numbers should lie between -1 and 1."


@noise.check(points=1, holds=lies_between)
def in_range(rng):
    """Fifty numbers, from -1 to 1."""
    return Seed(int(rng.integers(2**32))), 50


@noise.mistake
def from_zero(rng, n):
    """You drew from 0 to 1."""
    return rng.uniform(0, 1, size=n)
