"""Checks and known mistakes of the numerical gradient."""

import numpy as np

from grader.authoring import Code, Tolerance, argument, code_question

from .. import solution

numerical_gradient = code_question(
    "numerical_gradient", title="The numerical gradient", points=5, reference=solution.numerical_gradient
)

DIFFERENCES = Tolerance(rtol=1e-5, atol=1e-5)
"""Central differences with h from 1e-3 to 1e-6 of the functions below, all of them of about 1, are as near as that."""
SQUARES = Code("lambda x: np.sum(x**2)")
WAVES = Code("lambda x: float(1000 + np.sum(np.sin(x)) * np.cos(np.sum(x)))")
"""Every element's derivative depends on every other element. Numbers of about 1000 are rounded to 1e-13, so that with a
step of 1e-10 the differences are lost in rounding; with steps from 1e-3 to 1e-7 they aren't.
"""
BOWL = Code("lambda x: np.sum(x**2 * np.arange(1, x.size + 1).reshape(x.shape)) / 2")
"""Every element has a slope of its own: x times 1, 2, 3 and so on."""
HIGH_BOWL = Code("lambda x: 1000 + np.sum(x**2 * np.arange(1, x.size + 1).reshape(x.shape)) / 2")
"""The same, with numbers of about 1000."""
THIRDS = Code("lambda x: 1000 + np.sum(x**2 * np.arange(1, x.size + 1).reshape(x.shape)) / 3")
"""The same, with slopes that aren't round at whole numbers, so that rounding makes no difference right."""


@numerical_gradient.check(points=0.5, tolerance=DIFFERENCES)
def sum_of_squares(rng):
    """The gradient of the sum of squares is 2x: an array of shape (D,)."""
    return SQUARES, np.array([3.1, -1.2, 0.7])


@numerical_gradient.check(points=0.75, tolerance=DIFFERENCES)
def two_axes(rng):
    """The same for an array of shape (2, 3)."""
    return SQUARES, np.array([[1.1, -2.3, 0.6], [3.2, 0.3, -1.4]])


@numerical_gradient.check(points=0.5, tolerance=DIFFERENCES)
def whole_numbers(rng):
    """An array of the integers 2 and -1."""
    return THIRDS, np.array([2, -1, 3])


@numerical_gradient.check(argument("x"), points=0.5)
def x_as_it_was(rng):
    """After the call, x is unchanged."""
    return BOWL, np.array([0.5, -1.5, 2.0])


@numerical_gradient.check(points=0.5, hidden=True, repeat=3, tolerance=DIFFERENCES)
def elements_together(rng):
    """A function whose slope with respect to one element depends on all others."""
    return WAVES, rng.uniform(-1, 1, size=(int(rng.integers(2, 5)), int(rng.integers(2, 5))))


@numerical_gradient.check(points=0.5, hidden=True, repeat=3, tolerance=DIFFERENCES)
def elements_of_a_vector(rng):
    """Random vectors, with a different slope for every element."""
    return HIGH_BOWL, rng.uniform(-1, 1, size=int(rng.integers(2, 7)))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=DIFFERENCES)
def single_column(rng):
    """An array of shape (N, 1)."""
    return WAVES, rng.uniform(-1, 1, size=(4, 1))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=DIFFERENCES)
def single_row(rng):
    """An array of shape (1, D)."""
    return WAVES, rng.uniform(-1, 1, size=(1, 4))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=DIFFERENCES)
def single_element(rng):
    """A vector of one element."""
    return WAVES, rng.uniform(-1, 1, size=1)


@numerical_gradient.check(points=0.5, hidden=True, tolerance=DIFFERENCES)
def whole_numbers_of_two_axes(rng):
    """Integers of shape (2, 3), with slopes that are not integers."""
    return WAVES, rng.integers(-2, 3, size=(2, 3))


@numerical_gradient.check(argument("x"), points=0.25, hidden=True)
def two_axes_as_they_were(rng):
    """After the call, x of shape (N, D) is unchanged."""
    return WAVES, rng.uniform(-1, 1, size=(3, 2))


@numerical_gradient.check(points=0.25, hidden=True, tolerance=Tolerance(rtol=0.05, atol=0.05))
def single_precision(rng):
    """An array in single precision, for which a larger tolerance applies."""
    return BOWL, rng.uniform(-1, 1, size=3).astype(np.float32)


numerical_gradient.filling(
    "gradient[index]",
    "(above - below) / 2 * h",
    "/ 2 * h divides by 2 and then multiplies by h. Write / (2 * h).",
    name="multiplied_by_h",
)
numerical_gradient.filling(
    "gradient[index]",
    "(above - below) / h",
    "This is the forward difference, from x to x + h, which is less exact. The central difference goes from x - h to "
    "x + h.",
    also={"kept - h": "kept"},
    name="forward_difference",
)


@numerical_gradient.mistake
def step_too_small(f, x):
    """Your step h is so small that f(x + h) and f(x - h) differ by little more than their rounding. Use h = 1e-4."""
    h = 1e-10
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


numerical_gradient.filling(
    "gradient[index]",
    "(above - below) / h",
    "The distance from x - h to x + h is 2h. Divide by 2h, not by h.",
    name="divided_by_h",
)
numerical_gradient.filling(
    "gradient[index]",
    "(below - above) / (2 * h)",
    "The sign is wrong: subtract the value at x - h from the value at x + h.",
    name="sign_turned",
)
numerical_gradient.filling(
    "x[index] = kept",
    "pass",
    "An element is not restored after it was changed, so that the next difference is taken at another point. Restore "
    "it before you continue.",
    name="not_restored",
)
numerical_gradient.filling(
    "x[index] = kept",
    "pass",
    "An element is not restored after it was changed: the next difference is taken at another point, and the caller's "
    "x is changed. Restore it before you continue.",
    also={"x = np.array(x, dtype=float)": "pass", "gradient": "np.zeros(x.shape)"},
    name="not_restored_in_place",
)
numerical_gradient.filling(
    "x = np.array(x, dtype=float)",
    "pass",
    "An integer array can't store x + h: the fraction is cut off, and nothing changes. Convert x to an array of "
    "floats first.",
    also={"gradient": "np.zeros(x.shape)"},
    name="whole_numbers_moved",
)
numerical_gradient.filling(
    "x = np.array(x, dtype=float)",
    "pass",
    "If x is an integer array, the fraction of x + h is cut off, and so is that of the gradient, whose array has the "
    "dtype of x. Convert x to an array of floats first.",
    name="whole_numbers_throughout",
)
numerical_gradient.filling(
    "x = np.array(x, dtype=float)",
    "gradient = np.zeros_like(x)\nx = np.array(x, dtype=float)",
    "The array of the gradient has the dtype of x: if that is an integer type, the fractions of the slopes are cut "
    "off. Make it an array of floats.",
    also={"gradient = np.zeros_like(x)": "pass"},
    name="gradient_of_whole_numbers",
)
numerical_gradient.filling(
    "index",
    "range(x.size)",
    "x[i] of an array with two axes is a whole row. Loop over all indices: np.ndindex(x.shape).",
    also={"kept": "float(x[index])"},
    name="vectors_only",
)


@numerical_gradient.mistake
def row_by_row(f, x):
    """You passed one row at a time to f, but f is a function of the whole array. Change one element,
    and pass all of x.
    """
    h = 1e-4
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for row, slopes in zip(np.atleast_2d(x), np.atleast_2d(gradient), strict=True):
        for index in range(row.size):
            kept = row[index]
            row[index] = kept + h
            above = f(row)
            row[index] = kept - h
            below = f(row)
            row[index] = kept
            slopes[index] = (above - below) / (2 * h)
    return gradient


@numerical_gradient.mistake
def element_alone(f, x):
    """You passed a single element to f, but f is a function of the whole array. Change one element, and pass all of
    x.
    """
    h = 1e-4
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        gradient[index] = (f(x[index] + h) - f(x[index] - h)) / (2 * h)
    return gradient


@numerical_gradient.mistake
def all_at_once(f, x):
    """You changed all elements at once, which gives one number, the slope along the diagonal. Change one element at a
    time.
    """
    h = 1e-4
    return (f(x + h) - f(x - h)) / (2 * h)


numerical_gradient.filling(
    "gradient[index]",
    "gradient[index] = (above - below) / (2 * h)\nreturn gradient",
    "Only the first element is computed: the return is inside the loop. Move it behind the loop.",
    name="first_element_only",
)


numerical_gradient.equivalent("np.zeros_like(x)", "np.ones_like(x)", why="every element is assigned afterwards")
