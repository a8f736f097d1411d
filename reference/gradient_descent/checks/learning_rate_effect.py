"""Checks of the losses with three learning rates."""

import numpy as np

from grader.authoring import Phrase, as_curve, experiment_question, say

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
