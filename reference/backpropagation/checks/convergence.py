"""Checks of the three training runs."""

import numpy as np
from common import functions

from grader.authoring import Code, Phrase, as_curve, call, call_if_defined, experiment_question, given, read, say

from .inputs import STEP, agrees, case, sigmoid

convergence = experiment_question(
    "convergence", title="Does it converge?", points=8, variables=("convergence",), limits={"cpu": 4}
)

RUNS = ("relu", "sigmoid", "wide")
ACTIVATIONS = {"relu": lambda u: np.maximum(u, 0), "sigmoid": sigmoid}
SLOPES = {
    "relu": [lambda u, z: (u > 0) * 1.0],
    "sigmoid": [
        lambda u, z: sigmoid(u) * (1 - sigmoid(u)),
        lambda u, z: sigmoid(z) * (1 - sigmoid(z)),
        lambda u, z: z * (1 - z),
    ],
}
"""What learners take for the derivative of each activation: at u, at z, and of z itself."""


def losses(runs, run):
    """The losses of one run, or a sentence that says what is wrong with them."""
    if not isinstance(runs, dict) or not isinstance(runs.get(run), dict):
        return say("`convergence[{run}]` is missing; it should be a dict.", run=repr(run))
    curve = as_curve(runs[run].get("losses"))
    if curve is None or len(curve) < 20:
        return say(
            "`convergence[{run}]['losses']` should be a list of at least 20 numbers, one for each step.", run=repr(run)
        )
    if not np.isfinite(curve).all():
        return say("The losses of `{run}` don't stay finite. Try a smaller learning rate.", run=run)
    return curve


def in_parts(said):
    """The share of the runs of which nothing is said, and the first sentence of the others."""
    wrong = [sentence for sentence in said if sentence]
    return (1 - len(wrong) / len(said), wrong[0]) if wrong else None


@convergence.check(points=1)
def the_loss_falls(runs):
    """In each of the three runs the loss falls to less than three quarters of its first value."""

    def falls(run):
        curve = losses(runs, run)
        if isinstance(curve, Phrase):
            return curve
        if curve[-1] >= 0.75 * curve[0]:
            return say(
                "The loss of `{run}` goes from {first} to {last}; "
                "it should fall below three quarters of its first value.",
                run=run,
                first=f"{curve[0]:.4g}",
                last=f"{curve[-1]:.4g}",
            )
        return None

    return in_parts([falls(run) for run in RUNS])


@convergence.check(points=0.75)
def three_different_runs(runs):
    """The three curves come from three different runs."""
    curves = {run: losses(runs, run) for run in RUNS}

    def differs(run):
        if isinstance(curves[run], Phrase):
            return curves[run]
        for other in RUNS:
            same = other != run and np.shape(curves[other]) == np.shape(curves[run])
            if same and np.allclose(curves[other], curves[run]):
                return say(
                    "The curves of `{one}` and `{other}` are the same. Use different settings for each run.",
                    one=run,
                    other=other,
                )
        return None

    return in_parts([differs(run) for run in RUNS])


def apart(rng, outputs=1):
    """A network of two inputs, a batch and its targets: away from relu's corner, and not saturated."""
    while True:
        network, x, d, u1, _, y = case(rng, 5, 2, 3, outputs)
        of_sigmoid = sigmoid(np.dot(sigmoid(u1), network["W2"]) + network["b2"])
        both = np.concatenate([y, of_sigmoid])
        if np.abs(u1).min() > 0.01 and both.min() > 0.02 and both.max() < 0.98:
            return network, x, d


def forward_asked(run, activation, rng):
    """Asks whether the forward pass of a run is that of its activation."""
    network, x, _ = apart(rng)

    def judge(came):
        if not isinstance(came, list | tuple) or len(came) != 4:
            return say("The forward pass of `{run}` should give four arrays: u1, z1, u2, y.", run=run)
        u1 = np.dot(x, network["W1"]) + network["b1"]
        z1 = ACTIVATIONS[activation](u1)
        u2 = np.dot(z1, network["W2"]) + network["b2"]
        for name, wanted, value in zip(("u1", "z1", "u2", "y"), (u1, z1, u2, sigmoid(u2)), came, strict=True):
            if np.shape(value) != wanted.shape:
                return say(
                    "{name} of `{run}` has the shape {shape}, but should have {wanted}.",
                    name=name,
                    run=run,
                    shape=np.shape(value),
                    wanted=wanted.shape,
                )
            if not np.allclose(value, wanted, rtol=1e-5, atol=1e-7):
                return say(
                    "{name} of `{run}` does not match a forward pass with {activation} and sigmoid outputs.",
                    name=name,
                    run=run,
                    activation=activation,
                )
        return None

    return [call(f"convergence['{run}']['forward']", network, x)], judge


def pair_asked(run, rng, outputs=1):
    """Asks whether the backward pass of a run gives the slope of the loss of its own forward pass."""
    network, x, d = apart(rng, outputs)
    path = f"convergence['{run}']"
    actions = [
        call(f"{path}['forward']", network, x),
        call(f"{path}['backward']", network, x, d, given(0, 0), given(0, 1), given(0, 3)),
    ]
    places = [(key, index) for key in network for index in np.ndindex(network[key].shape)]
    for key, index in places:
        for way in (STEP, -STEP):
            moved = {name: value.copy() for name, value in network.items()}
            moved[key][index] += way
            actions.append(call(f"{path}['forward']", moved, x))

    def judge(came, grad, *moved):
        if not isinstance(grad, dict) or grad.keys() != network.keys():
            return say("The backward pass of `{run}` should give a dict with the keys W1, b1, W2, b2.", run=run)
        if any(np.shape(one[3]) != d.shape for one in (came, *moved)):
            return say(
                "The outputs y of `{run}` should have the shape {shape}, with every network.", run=run, shape=d.shape
            )
        ends = [functions.binary_cross_entropy(d, np.asarray(one[3])) for one in moved]
        slopes = {key: np.zeros(value.shape) for key, value in network.items()}
        for n, (key, index) in enumerate(places):
            slopes[key][index] = (ends[2 * n] - ends[2 * n + 1]) / (2 * STEP)
        for key, slope in slopes.items():
            if np.shape(grad[key]) != slope.shape:
                return say(
                    "grad[{quoted}] of `{run}` has the shape {shape}, but {key} has {wanted}.",
                    quoted=repr(key),
                    run=run,
                    shape=np.shape(grad[key]),
                    key=key,
                    wanted=slope.shape,
                )
        wrong = {
            key: agrees(np.asarray(grad[key]), slopes[key], f"network[{key!r}]") for key in ("W2", "b2", "W1", "b1")
        }
        told = [sentence for sentence in wrong.values() if sentence]
        if not told:
            return None
        if all(np.allclose(grad[key], len(x) * slopes[key], rtol=1e-3, atol=1e-5) for key in slopes):
            return say(
                "The gradients of `{run}` are {n} times too large with {n} samples: divide by N.", run=run, n=len(x)
            )
        unlike = unlike_pair(run, network, x, d, came, grad) if wrong["W1"] and not wrong["W2"] else None
        return unlike or say("In the run `{run}`: {sentence}", run=run, sentence=told[0])

    return actions, judge


def unlike_pair(run, network, x, d, came, grad):
    """A sentence, if the gradients are those of another activation than the forward pass has."""
    u1, z1, _, y = came
    through = np.dot((y - d) / len(x), network["W2"].T)
    ran = [name for name, activation in ACTIVATIONS.items() if np.allclose(activation(u1), z1)]
    went = [
        name
        for name, slopes in SLOPES.items()
        if any(np.allclose(np.dot(x.T, through * slope(u1, z1)), grad["W1"]) for slope in slopes)
    ]
    if not ran or not went:
        return None
    if ran == went:
        return say(
            "The backward pass of `{run}` uses the derivative of {forward}, but at the wrong value.",
            run=run,
            forward=ran[0],
        )
    sentence = say(
        "The run `{run}` uses {forward} in the forward pass, but the derivative of {backward} in the backward pass. "
        "Both passes must use the same activation.",
        run=run,
        forward=ran[0],
        backward=went[0],
    )
    if ran != ["relu"]:
        return sentence
    return say("{sentence} An older notebook of this course had the same mistake.", sentence=sentence)


@convergence.asks(points=0.5)
def forward_with_relu(rng):
    """The forward pass of `relu` has relu in the hidden layer, and sigmoid outputs."""
    return forward_asked("relu", "relu", rng)


@convergence.asks(points=1)
def forward_with_sigmoid(rng):
    """The forward pass of `sigmoid` has the sigmoid in the hidden layer, too."""
    return forward_asked("sigmoid", "sigmoid", rng)


@convergence.asks(points=0.75)
def pair_of_relu(rng):
    """The backward pass of `relu` gives the rate at which the loss of its own forward pass changes with
    each parameter.
    """
    return pair_asked("relu", rng)


@convergence.asks(points=1.25)
def pair_of_sigmoid(rng):
    """The backward pass of `sigmoid` gives the rate at which the loss of its own forward pass changes with each
    parameter.
    """
    return pair_asked("sigmoid", rng)


@convergence.asks(points=0.5)
def pair_of_wide(rng):
    """The backward pass of `wide` gives the rate at which the loss of its own forward pass changes with
    each parameter.
    """
    return pair_asked("wide", rng)


@convergence.asks(points=0.75, hidden=True)
def pair_of_relu_on_other_networks(rng):
    """Forward and backward pass of `relu` also match on another network."""
    return pair_asked("relu", rng, outputs=2)


@convergence.asks(points=1, hidden=True)
def pair_of_sigmoid_on_other_networks(rng):
    """Forward and backward pass of `sigmoid` also match on another network."""
    return pair_asked("sigmoid", rng, outputs=2)


FORWARD = Code(
    """lambda network, x: (
    np.sin(x), np.cos(x), x[:, :1] + network["b2"], 1 / (1 + np.exp(-x[:, :1] - network["b2"]))
)"""
)
BACKWARD = Code(
    """lambda network, x, d, u1, z1, y: {
    key: np.mean(y - d) + np.mean(u1) / 2 - np.mean(z1) / 4 + 0 * value for key, value in network.items()
}"""
)
"""Not a network: what they give depends on `b2` alone, and on each of the arguments in its own way."""


@convergence.asks(points=0.5)
def steps_of_training(rng):
    """`train` notes the loss before each step, and moves every parameter by the learning rate times its gradient."""
    x, d = rng.uniform(-1, 1, size=(6, 2)), rng.integers(2, size=(6, 1)).astype(float)
    rate, bias, wanted = 0.25, 0.0, []
    for _ in range(5):
        y = sigmoid(x[:, :1] + bias)
        wanted.append(functions.binary_cross_entropy(d, y))
        bias -= rate * (np.mean(y - d) + np.mean(np.sin(x)) / 2 - np.mean(np.cos(x)) / 4)

    def judge(_, came):
        found = as_curve(came)
        if came is None:  # whoever trains in another way needs no `train`
            return None
        if found is None or len(found) != len(wanted):
            return say("`train` with steps={n} should give a list of {n} losses.", n=len(wanted))
        wrong = np.flatnonzero(~np.isclose(found, wanted, rtol=1e-4))
        if not wrong.size:
            return None
        return say(
            "The loss before step {step} is {value}, but should be {wanted}.",
            step=wrong[0] + 1,
            value=f"{found[wrong[0]]:.4g}",
            wanted=f"{wanted[wrong[0]]:.4g}",
        )

    return [read("convergence"), call_if_defined("train", FORWARD, BACKWARD, x, d, rate, len(wanted))], judge


convergence.equivalent("u1 > 0", "u1 >= 0", why="slopes are measured away from relu's corner, where it has none")
