import numpy as np

from grader.authoring import code_question, returned

from . import solution

two_layer = code_question("two_layer", title="A network with two layers", points=10, reference=solution.TwoLayer)


def make_data(rng, samples):
    return rng.normal(size=(samples, 4)), rng.integers(0, 3, size=samples)


def set_params(rng, net):
    for name, shape in (("W1", (4, 5)), ("b1", (5,)), ("W2", (5, 3)), ("b2", (3,))):
        net.params[name] = rng.normal(size=shape)


@two_layer.check(points=1, repeat=2)
def scores(rng, TwoLayer):
    """The scores of a batch."""
    net = TwoLayer(4, 5, 3)
    set_params(rng, net)
    X, _ = make_data(rng, 3 + rng.integers(3))
    return net.scores(X)


@two_layer.check(returned(0, label="the loss"), returned(1, "W2"), points=1, repeat=2)
def loss(rng, TwoLayer):
    """{output} of a batch, with a penalty."""
    net = TwoLayer(4, 5, 3)
    set_params(rng, net)
    X, y = make_data(rng, 3 + rng.integers(5))
    return net.loss(X, y, reg=0.1)


@two_layer.check(returned("history"), returned("W1"), points=2)
def train(rng, TwoLayer):
    """{output} after three steps."""
    net = TwoLayer(4, 5, 3)
    set_params(rng, net)
    X, y = make_data(rng, 6)
    history = net.train(X, y, rate=0.2, steps=3)
    return {"history": history, "W1": net.params["W1"]}


@two_layer.check(points=1)
def predict(rng, TwoLayer):
    """The predicted classes."""
    net = TwoLayer(4, 5, 3)
    set_params(rng, net)
    X, _ = make_data(rng, 9)
    return net.predict(X)


@two_layer.check(points=2, hidden=True, repeat=2)
def two_networks(rng, TwoLayer):
    """Two networks don't share their parameters."""
    one, other = TwoLayer(4, 5, 3), TwoLayer(4, 5, 3, seed=1)
    X, y = make_data(rng, 5)
    one.train(X, y, steps=2)
    return [other.scores(X), one.scores(X)]


@two_layer.mistake
class LinearNetwork(solution.TwoLayer):
    """You left out the rectifier of the hidden layer when you calculated the scores."""

    def scores(self, X):
        hidden = X @ self.params["W1"] + self.params["b1"]
        return hidden @ self.params["W2"] + self.params["b2"]


@two_layer.mistake(of=solution.TwoLayer.predict)
def largest_column(self, X):
    """You searched the largest score of each class: each row is a sample."""
    return np.argmax(self.scores(X), axis=0)


two_layer.filling("delta2", "delta2", "You didn't divide by the number of samples.", name="not_divided")
two_layer.filling(
    "-np.mean(np.log(p[np.arange(N), y]))",
    "-np.sum(np.log(p[np.arange(N), y]))",
    "You summed over the samples: take their mean.",
    name="summed",
)
two_layer.filling("return", "hidden @ W2", "You left out the bias.", of=solution.TwoLayer.scores, name="no_bias")
two_layer.filling(
    "self.params[name]", "self.params[name] + rate * grads[name]", "You went up the gradient.", name="uphill"
)
