"""Checks of the exercise `answers`."""

import numpy as np

from grader.authoring import (
    Drawing,
    Network,
    Phrase,
    QuestionBuilder,
    as_curve,
    call,
    choice_question,
    drawing_question,
    experiment_question,
    given,
    matching_question,
    place,
    read,
    reading_question,
    say,
    text_question,
    variables_question,
)

HERE = str(place())
assert "answers/checks.py" in HERE.replace("\\", "/"), HERE

learnt = choice_question(
    "learnt",
    title="Parameters",
    points=2,
    options={"x": "the input", "W": "the weights", "b": "the biases"},
    right={"W", "b"},
)
assert isinstance(learnt, QuestionBuilder)

steepest = choice_question(
    "steepest",
    title="Where it is steepest",
    points=1,
    options={"left": "on the left", "middle": "in the middle", "right": "on the right"},
    right="middle",
    variable="where",
    several=False,
)

pairs = matching_question(
    "pairs",
    title="What belongs together",
    points=2,
    items={"regression": "Estimating a quantity", "classes": "Telling classes apart"},
    options={"mse": "the mean squared error", "softmax": "softmax", "entropy": "cross-entropy"},
    right={"regression": "mse", "classes": {"softmax", "entropy"}},
)

line = reading_question("line", title="One line", points=1, right=["u = np.dot(x, W) + b"])

all_lines = reading_question(
    "all_lines",
    title="All lines",
    points=2,
    right=["u = np.dot(x, W) + b", "z = relu(u)"],
    also={"print(z)": "This line shows, it defines nothing."},
    variable="all_lines",
    several=True,
)

arrays = variables_question("arrays", title="Arrays", points=3)


@arrays.check("W", points=1)
def zeros(W):
    """The weights are zeros of shape (2, 3)."""
    if np.shape(W) != (2, 3):
        return say("`W` has the shape {shape}.", shape=np.shape(W))
    return None if not np.any(W) else "`W` has numbers other than 0."


@arrays.check("W", "total", points=2, hidden=True)
def summed(W, total):
    """The sum is that of the weights."""
    if not isinstance(total, float):
        return 0.5, say("`total` should be a float, not {kind}.", kind=type(total).__name__)
    return 1.0 if np.isclose(np.sum(W), total) else "`total` is another sum."


net = drawing_question("net", title="A network", points=2, expected=Network(2, 3, 1))


@net.check(points=2)
def sizes(drawing):
    """The layers have 2, 3 and 1 nodes, and every line is there."""
    if not isinstance(drawing, Drawing) or drawing.sizes != (2, 3, 1):
        return say("Your layers have {sizes} nodes.", sizes=", ".join(map(str, drawing.sizes)))
    return None if drawing.is_complete and drawing.nodes == 6 else "A line is missing."


descent = experiment_question("descent", title="Descent", points=4, variables=("curves",), limits={"cpu": 2.5})


@descent.check("curves", points=2)
def the_good_one_falls(curves):
    """The losses of `good` fall to a tenth."""
    found = as_curve(curves.get("good"))
    if found is None:
        return say("`{name}` is no curve.", name="good")
    share = min(1.0, max(0.0, (found[0] - found[-1]) / (0.9 * found[0])))
    return None if share == 1 else (share, Phrase("The losses of `good` end too high."))


@descent.asks(points=2, hidden=True, limits={"cpu": 1.5})
def steps_follow(rng):
    """Two steps, one from where the other ended."""

    def judge(first, second, curves):
        ends = [first[0], second[0]]
        if not np.allclose(ends, [start * 0.8, start * 0.64]):
            return say("Two steps from {start} end at {end}.", start=f"{start:.3f}", end=f"{float(ends[1]):.3f}")
        return None if isinstance(curves, dict) else "`curves` is no dict."

    start = float(rng.uniform(1, 2))
    calls = [call("descend", start, 0.1), call("runs['first']['descend']", given(0, 0), 0.1), read("curves")]
    return calls, judge


why = text_question(
    "why",
    title="Why nonlinear",
    points=3,
    rubric={"two linear layers are one": 2, "a product of matrices": 1},
    ideal="Without it, all layers together are a single linear one.",
    most_lines=3,
    most_words=40,
)
