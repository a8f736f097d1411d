"""Checks and known mistakes of the overview exercise."""

import numpy as np

from grader.authoring import (
    Network,
    Phrase,
    Tolerance,
    choice_question,
    code_question,
    drawing_question,
    reading_question,
    returned,
    say,
    text_question,
    variables_question,
)

from . import solution

purpose = text_question(
    "purpose",
    title="The aim of learning",
    points=2,
    rubric={"parameters, or weights and biases, are looked for": 1, "the error of output and target is made small": 1},
    ideal="Find the parameters (weights and biases) that minimise the error between output and target.",
    most_lines=2,
)

optimised_values = choice_question(
    "optimised_values",
    title="Which values are optimised",
    points=2,
    options={
        "X": "input",
        "Y": "output",
        "W": "weights",
        "b": "biases",
        "u": "total input",
        "z": "output of the hidden layer",
        "learning_rate": "learning rate",
    },
    right={"W", "b"},
)

draw_network = drawing_question("draw_network", title="Draw a network", points=2, expected=Network(2, 3, 3, 1))


@draw_network.check(points=1.5)
def layers(drawing):
    """The layers have the right numbers of nodes: 2 inputs, two hidden layers of 3, 1 output."""
    expected = (2, 3, 3, 1)
    if drawing.sizes == expected:
        return None
    if len(drawing.sizes) != len(expected):
        return say("Your network has {n} layers; counting inputs and outputs too, there are 4.", n=len(drawing.sizes))
    right = sum(mine == theirs for mine, theirs in zip(drawing.sizes, expected, strict=True))
    return right / 8, say("Your layers have {sizes} nodes.", sizes=", ".join(map(str, drawing.sizes)))


@draw_network.check(points=0.5)
def lines(drawing):
    """Every node is joined with every node of the next layer: 6, 9 and 3 lines, 18 in all."""
    if len(drawing.edges) != 18:
        return say("Your network has {n} lines.", n=len(drawing.edges))
    if not drawing.is_complete:
        return say(
            "A line connects two nodes that are not in neighbouring layers, or two lines connect the same nodes."
        )
    return None


animal_classifier = drawing_question("animal_classifier", title="A network that recognises animals", points=3)


def named(names):
    """Whether these are two or more names, none of them blank."""
    names = list(names)
    return len(names) >= 2 and all(isinstance(name, str) and name.strip() for name in names)


def told(drawing):
    """What the network was made of, where that names features and classes; else an empty dict."""
    return drawing.given if isinstance(drawing.given, dict) else {}


@animal_classifier.check(points=0.5)
def features(drawing):
    """Two or more features are named, one for each input."""
    if not named(told(drawing).get("inputs", ())):
        return say('Under "inputs" there should be a list of two or more names.')
    return None


@animal_classifier.check(points=0.5)
def classes(drawing):
    """Two or more classes are named, one for each output."""
    if not named(told(drawing).get("outputs", ())):
        return say('Under "outputs" there should be a dict of two or more names, each with its probability.')
    return None


@animal_classifier.check(points=1)
def probabilities(drawing):
    """The outputs are probabilities: between 0 and 1, with the sum 1."""
    outputs = told(drawing).get("outputs", {})
    if not outputs:
        return say('Under "outputs" there are no probabilities.')
    for name, share in outputs.items():
        if not 0 <= share <= 1:
            return say(
                "A probability lies between 0 and 1, but that of {name} is {share}.", name=name, share=f"{share:.6g}"
            )
    total = sum(outputs.values())
    return (
        None
        if abs(total - 1) < 1e-6
        else say("The probabilities sum to {total}; they must sum to 1.", total=f"{total:.6g}")
    )


@animal_classifier.check(points=1)
def winner(drawing):
    """The winner is the class with the largest probability."""
    outputs, name = told(drawing).get("outputs", {}), told(drawing).get("winner")
    if not name:
        return say('Under "winner" there should be the name of a class.')
    if name not in outputs:
        return say("The winner, {name}, is not one of the classes.", name=name)
    return (
        None
        if outputs[name] == max(outputs.values())
        else say("Another class has a larger probability than {name}.", name=name)
    )


SINGLE = Tolerance(rtol=1e-4, atol=1e-5)
"""For float32 inputs, where a student may compute in double precision."""

total_input = code_question("total_input", title="The total input", points=3, reference=solution.total_input)


def layer(rng, samples, inputs, nodes):
    """A random batch of inputs, and the weights and biases of one layer."""
    return rng.normal(size=(samples, inputs)), rng.normal(size=(inputs, nodes)), rng.normal(size=nodes)


@total_input.check(points=0.5)
def one_sample(rng):
    """A single sample: x is (2,), W is (2, 3), b is (3,), so u is (3,)."""
    return np.array([2.0, -1.0]), np.array([[1.0, 2.0, 3.0], [0.5, 0.0, -4.0]]), np.array([0.25, -1.0, 10.0])


@total_input.check(points=0.5)
def a_batch(rng):
    """A batch of four samples: x is (4, 2), W is (2, 3), b is (3,), so u is (4, 3)."""
    x = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0], [-3.0, 5.0]])
    return x, np.array([[1.0, 2.0, 3.0], [0.5, 0.0, -4.0]]), np.array([0.25, -1.0, 10.0])


@total_input.check(points=0.25)
def nothing_comes_in(rng):
    """Where all inputs are zero, the total inputs are the biases."""
    return np.zeros((2, 3)), np.arange(12.0).reshape(3, 4), np.array([1.0, -2.0, 3.0, 0.5])


@total_input.check(points=0.5, repeat=5, hidden=True)
def random_layers(rng):
    """Random batches through layers of any size."""
    return layer(rng, *(int(n) for n in rng.integers(2, 9, size=3)))


@total_input.check(points=0.25, hidden=True)
def as_many_everywhere(rng):
    """As many samples as inputs and nodes: a wrong transpose does not show in the shapes."""
    return layer(rng, 3, 3, 3)


@total_input.check(points=0.25, hidden=True)
def batch_of_one(rng):
    """A batch of one sample, shape (1, D_in), keeps its two axes."""
    return layer(rng, 1, 4, 3)


@total_input.check(points=0.25, hidden=True)
def single_input(rng):
    """One input: x is (N, 1), W is (1, H)."""
    return layer(rng, 3, 1, 4)


@total_input.check(points=0.25, hidden=True)
def single_node(rng):
    """One node: W is (D_in, 1), b is (1,), so u is (N, 1)."""
    return layer(rng, 4, 3, 1)


@total_input.check(points=0.125, hidden=True)
def whole_numbers(rng):
    """Inputs, weights and biases may be integers."""
    return tuple(rng.integers(-9, 10, size=shape) for shape in ((3, 2), (2, 4), 4))


@total_input.check(points=0.125, hidden=True, tolerance=SINGLE)
def single_precision(rng):
    """Inputs, weights and biases may be in single precision."""
    return tuple(made.astype(np.float32) for made in layer(rng, 3, 2, 4))


@total_input.mistake
def no_bias(x, W, b):
    """The bias is missing: add b after the product."""
    return np.dot(x, W)


@total_input.mistake
def weights_first(x, W, b):
    """The factors are in the wrong order. Samples are the rows of x, so x comes first: (N, D_in) times (D_in, H)."""
    return np.dot(W, x) + b


@total_input.mistake
def one_sample_only(x, W, b):
    """A batch has its samples in rows: x comes first, and W is not transposed."""
    return np.dot(W.T, x) + b


@total_input.mistake
def weights_transposed(x, W, b):
    """You transposed W. Its shape is already (D_in, H), so that its rows match the columns of x."""
    return np.dot(x, W.T) + b


@total_input.mistake
def number_by_number(x, W, b):
    """`*` multiplies element by element. The total input is a weighted sum: use the matrix product, np.dot or @."""
    return x * W + b


@total_input.mistake
def one_sum_for_all(x, W, b):
    """You summed over everything. Each node of each sample has its own sum, which np.dot already gives."""
    return np.sum(np.dot(x, W) + b)


@total_input.mistake
def sum_over_nodes(x, W, b):
    """You also summed over the nodes. np.dot has already summed over the inputs; no further sum is needed."""
    return np.sum(np.dot(x, W) + b, axis=-1)


@total_input.mistake
def bias_taken_away(x, W, b):
    """You subtracted the bias. It must be added."""
    return np.dot(x, W) - b


@total_input.mistake
def bias_as_a_factor(x, W, b):
    """You multiplied by the bias. It must be added to the weighted sum."""
    return np.dot(x, W) * b


@total_input.mistake
def activation_too(x, W, b):
    """This is relu of the total input, the output of a hidden layer. Return the total input itself."""
    return np.maximum(np.dot(x, W) + b, 0)


hidden_output_line = reading_question(
    "hidden_output_line", title="Read a forward pass", points=1, right=["z = functions.relu(u)"]
)

initial_weights = variables_question("initial_weights", title="Initial weights", points=3)

SAMPLE, BIAS = np.array([1.0, 2.0]), np.array([0.1, 0.2, 0.3])


def numbers(name, value, shape):
    """The value as an array of that shape, or a sentence that says why it is none."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        return say("`{name}` should be an array of numbers.", name=name)
    if array.shape != shape:
        return say(
            "`{name}` has the shape {actual} instead of {expected}.", name=name, actual=array.shape, expected=shape
        )
    return array


def all_are(name, W, number):
    """Nothing, or what is wrong with weights that should all be this number."""
    found = numbers(name, W, (2, 3))
    if isinstance(found, Phrase):
        return found
    wrong = found[found != number]
    return (
        say(
            "`{name}` contains {value}; every weight should be {number}.",
            name=name,
            value=f"{wrong[0]:.4g}",
            number=number,
        )
        if wrong.size
        else None
    )


def total(name, u, expected):
    """Nothing, or what is wrong with the total input of `SAMPLE`."""
    found = numbers(name, u, (3,))
    if isinstance(found, Phrase):
        return found
    if np.allclose(found, expected, rtol=1e-5):
        return None
    if np.allclose(found, expected - BIAS, rtol=1e-5):
        return say("The bias is missing in `{name}`.", name=name)
    return say("`{name}` is not the weighted sum of `sample` with these weights, plus `bias`.", name=name)


def total_with(name, u, weights, W, asked):
    """Nothing, or what is wrong with the total input of `SAMPLE`: with the asked weights, or the student's own."""
    wrong = total(name, u, np.dot(SAMPLE, asked) + BIAS)
    own = numbers(weights, W, (2, 3))
    if not wrong or isinstance(own, Phrase) or not np.isfinite(own).all():
        return wrong
    return total(name, u, np.dot(SAMPLE, own) + BIAS)


@initial_weights.check("W_zeros", points=0.25)
def weights_zero(W):
    """`W_zeros` is (2, 3) and 0 everywhere."""
    return all_are("W_zeros", W, 0)


@initial_weights.check("W_zeros", "u_zeros", points=0.5)
def total_of_zeros(W, u):
    """`u_zeros` is the total input of the three nodes with weights of 0."""
    return total_with("u_zeros", u, "W_zeros", W, np.zeros((2, 3)))


@initial_weights.check("W_ones", points=0.25)
def weights_one(W):
    """`W_ones` is (2, 3) and 1 everywhere."""
    return all_are("W_ones", W, 1)


@initial_weights.check("W_ones", "u_ones", points=0.5)
def total_of_ones(W, u):
    """`u_ones` is the total input of the three nodes with weights of 1."""
    return total_with("u_ones", u, "W_ones", W, np.ones((2, 3)))


@initial_weights.check("W_random", points=0.5)
def weights_in_range(W):
    """`W_random` is (2, 3), and its numbers lie between 0 and 1."""
    found = numbers("W_random", W, (2, 3))
    if isinstance(found, Phrase):
        return found
    outside = found[~((found >= 0) & (found <= 1))]
    return (
        say("`W_random` contains {value}, which is not between 0 and 1.", value=f"{outside[0]:.4g}")
        if outside.size
        else None
    )


@initial_weights.check("W_random", points=0.5)
def weights_differ(W):
    """All numbers of `W_random` are different, as expected of random numbers."""
    found = np.asarray(W)
    if found.dtype.kind not in "iuf" or found.size != 6:
        return say("`W_random` has {n} values; six numbers are expected.", n=found.size)
    different = len(np.unique(found))
    if different == found.size:
        return None
    return say("`W_random` repeats numbers: different ones are {n} of 6.", n=different)


@initial_weights.check("W_random", "u_random", points=0.5)
def total_of_random(W, u):
    """`u_random` is the total input of the three nodes with your random weights."""
    found = numbers("W_random", W, (2, 3))
    return found if isinstance(found, Phrase) else total("u_random", u, np.dot(SAMPLE, found) + BIAS)


forward = code_question("forward", title="A whole forward pass", points=5, reference=solution.forward)


def parameters(rng, inputs, hidden, classes):
    """Random parameters of a network of two layers."""
    return {
        "W1": rng.normal(size=(inputs, hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)),
        "b2": rng.normal(size=classes),
    }


def small(rng):
    """Three samples and a network of two inputs, four hidden nodes and two outputs, by hand."""
    network = {
        "W1": np.array([[1.0, -1.0, 0.5, 0.0], [2.0, 1.0, -0.5, 1.0]]),
        "b1": np.array([0.0, 0.5, -1.0, 0.0]),
        "W2": np.array([[1.0, -1.0], [2.0, 0.5], [-1.0, 3.0], [0.5, -4.0]]),
        "b2": np.array([1.0, -2.0]),
    }
    return network, np.array([[1.0, 0.0], [-2.0, 1.0], [3.0, -2.0]])


def any_size(rng):
    """A random batch and a random network."""
    samples, inputs, hidden, classes = (int(n) for n in rng.integers(2, 7, size=4))
    return parameters(rng, inputs, hidden + 2, classes), rng.normal(size=(samples, inputs))


RESULTS = (returned(0, label="u1"), returned(1, label="z1"), returned(2, label="u2"), returned(3, label="y"))


@forward.check(*RESULTS, points=0.5)
def by_hand(rng):
    """{output} of three samples."""
    return small(rng)


@forward.check(*RESULTS, points=0.25, repeat=3, hidden=True)
def of_any_size(rng):
    """{output} of random batches and networks."""
    return any_size(rng)


@forward.check(*RESULTS, points=0.125, hidden=True)
def one_sample(rng):
    """{output} of a single sample, shape (D_in,): it has the shape (H,) or (C,)."""
    return parameters(rng, 3, 5, 2), rng.normal(size=3)


@forward.check(*RESULTS, points=0.0625, hidden=True)
def batch_of_one(rng):
    """{output} of a batch of one sample, shape (1, D_in): it keeps its two axes."""
    return parameters(rng, 3, 4, 2), rng.normal(size=(1, 3))


@forward.check(*RESULTS, points=0.0625, hidden=True)
def single_nodes(rng):
    """{output} of one input, one hidden node, one output."""
    return parameters(rng, 1, 1, 1), rng.normal(size=(5, 1))


@forward.check(*RESULTS, points=0.0625, hidden=True)
def as_many_everywhere(rng):
    """{output} of as many samples as inputs, hidden nodes and outputs: a wrong transpose does not show in its shape."""
    return parameters(rng, 3, 3, 3), rng.normal(size=(3, 3))


@forward.check(*RESULTS, points=0.0625, hidden=True)
def huge_numbers(rng):
    """{output} of inputs of a million: nothing overflows."""
    return parameters(rng, 2, 4, 2), 1e6 * rng.normal(size=(3, 2))


@forward.check(*RESULTS, points=0.0625, hidden=True)
def whole_numbers(rng):
    """{output} of inputs and parameters that are integers."""
    sizes = {"W1": (2, 4), "b1": 4, "W2": (4, 3), "b2": 3}
    return {key: rng.integers(-4, 5, size=size) for key, size in sizes.items()}, rng.integers(-4, 5, size=(3, 2))


@forward.check(*RESULTS, points=0.0625, hidden=True, tolerance=SINGLE)
def single_precision(rng):
    """{output} of inputs and parameters in single precision."""
    network = {key: value.astype(np.float32) for key, value in parameters(rng, 2, 4, 3).items()}
    return network, rng.normal(size=(4, 2)).astype(np.float32)


forward.filling(
    "u1",
    'np.dot(x, network["W1"])',
    "A bias is missing: each layer adds its own, b1 or b2, after the product.",
    also={"u2": 'np.dot(z1, network["W2"])'},
    name="no_biases",
)
forward.filling(
    "u2",
    'np.dot(z1, network["W2"]) + network["b1"]',
    "The output layer has its own bias: add b2 there, not b1.",
    name="first_bias_twice",
)
forward.filling(
    "u2",
    'np.dot(u1, network["W2"]) + network["b2"]',
    "You passed u1 to the output layer. Its input is z1, the output of the hidden layer.",
    name="total_input_passed_on",
)
forward.filling(
    "z1",
    "u1",
    "The activation of the hidden layer is missing: z1 is relu of u1. Without it, two layers can compute no more than "
    "one.",
    name="hidden_layer_without_activation",
)
forward.filling(
    "z1",
    "1 / (1 + np.exp(-u1))",
    "You used the sigmoid in the hidden layer. This network has relu there: the larger of u1 and 0.",
    name="hidden_sigmoid",
)
forward.filling(
    "z1",
    "(u1 > 0) * 1.0",
    "Your hidden outputs are 0 or 1. relu returns u1 itself where it is above zero.",
    name="hidden_step",
)
forward.filling(
    "y",
    "np.maximum(u2, 0)",
    "You applied relu to the output layer too, which removes all negative outputs. Here y is u2, unchanged.",
    name="relu_at_the_output",
)
forward.filling(
    "y",
    "1 / (1 + np.exp(-u2))",
    "You applied the sigmoid to the output layer. It is for yes-or-no answers; this network estimates quantities, so "
    "y is u2, unchanged.",
    name="sigmoid_at_the_output",
)
forward.filling(
    "y",
    "(powers := np.exp(u2 - np.max(u2, axis=-1, keepdims=True))) / np.sum(powers, axis=-1, keepdims=True)",
    "You applied softmax to the output layer. It is for classes; this network estimates quantities, so y is u2, "
    "unchanged.",
    name="softmax_at_the_output",
)


@forward.convention
def output_and_hidden(network, x):
    """You returned only two values. Return all four: u1, z1, u2, y."""
    z1 = np.maximum(np.dot(x, network["W1"]) + network["b1"], 0)
    y = np.dot(z1, network["W2"]) + network["b2"]
    return y, z1


@forward.convention
def hidden_and_output(network, x):
    """You returned only two values, and the asked order is another. Return all four: u1, z1, u2, y."""
    z1 = np.maximum(np.dot(x, network["W1"]) + network["b1"], 0)
    y = np.dot(z1, network["W2"]) + network["b2"]
    return z1, y


@forward.convention
def output_only(network, x):
    """You returned one value only. Learning needs the intermediate results: return u1, z1, u2, y."""
    z1 = np.maximum(np.dot(x, network["W1"]) + network["b1"], 0)
    return np.dot(z1, network["W2"]) + network["b2"]


@forward.convention
def input_first(x, network):
    """You take the arguments in the order (x, network). This course passes the network first: forward(network, x)."""
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = np.maximum(u1, 0)
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    return u1, z1, u2, u2


forward.filling(
    "u1",
    'np.dot(network["W1"], x) + network["b1"]',
    "The factors are in the wrong order. Samples are the rows of x, so x comes first: (N, D_in) times (D_in, H).",
    also={"u2": 'np.dot(network["W2"], z1) + network["b2"]'},
    name="weights_first",
)


initial_weights.equivalent("np.dot(sample, W_zeros) + bias", "bias", why="weights of 0 add nothing")
initial_weights.equivalent("np.dot(sample, W", "np.dot(sample.T, W", why="sample has one axis")
forward.equivalent("u1, z1, u2, y", "u1, z1, y, u2", why="y is u2")
forward.equivalent(
    "u1, z1, u2, y", "z1, u1, u2, y", "u1, u2, z1, y", why="right values in another order earn their points"
)
