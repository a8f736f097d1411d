"""Other correct implementations of the bundled course's functions get full marks, like the references."""

from collections.abc import Callable

import pytest

from grader.core.results.grading import QuestionResult
from grader.core.results.verdict import Verdict

LOSSES = {
    "mean_squared_error": [
        """
def mean_squared_error(d, y):
    return 0.5 * np.sum((y - d) ** 2) / y.size
""",
        """
def mean_squared_error(target, output):
    difference = np.ravel(np.asarray(output, float) - target)
    return difference.dot(difference) / (2 * len(difference))
""",
        """
def mean_squared_error(d, y):
    total = 0.0
    for a, b in zip(np.ravel(d).tolist(), np.ravel(y).tolist()):
        total += (a - b) * (a - b)
    return 1 / 2 * total / np.size(d)
""",
    ],
}
GRADIENT_DESCENT = {
    "minibatches": [
        """
def minibatches(x, d, size, rng):
    index = np.arange(x.shape[0])
    rng.shuffle(index)
    batches = []
    for i in range(0, x.shape[0], size):
        batches.append((x[index[i : i + size]], d[index[i : i + size]]))
    return batches
""",
        """
def minibatches(x, d, size, rng):
    order = np.argsort(rng.random(len(x)))
    x, d = x[order], d[order]
    while len(x):
        yield [x[:size], d[:size]]
        x, d = x[size:], d[size:]
""",
        """
def minibatches(x, d, size, rng):
    order = rng.choice(len(x), len(x), replace=False)
    parts = np.split(order, range(size, len(x), size))
    return [(np.array([x[i] for i in part]), np.array([d[i] for i in part])) for part in parts]
""",
    ],
    "sgd": [
        """
def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    for epoch in range(epochs):
        for x_batch, d_batch in minibatches(x, d, size, rng):
            grad = gradients(network, x_batch, d_batch)
            update_step(network, grad, learning_rate)

def minibatches(x, d, size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), size):
        yield x[order[start : start + size]], d[order[start : start + size]]

def update_step(network, grad, learning_rate):
    for key in network:
        network[key] -= learning_rate * grad[key]
""",
        """
def sgd(net, slope, x, d, eta, epochs, size, rng):
    x, d = np.array(x), np.array(d)
    while epochs > 0:
        epochs -= 1
        order = list(range(len(x)))
        rng.shuffle(order)
        x, d = x[order], d[order]
        for i in range(-(-len(x) // size)):
            step = slope(net, x[i * size : (i + 1) * size], d[i * size : (i + 1) * size])
            net.update({key: net[key] - eta * step[key] for key in net})
    return net
""",
    ],
}
BACKPROPAGATION = {
    "derivatives": [
        """
def sigmoid(u):
    return 1 / (1 + np.exp(-u))

def d_sigmoid(u):
    return (1 - sigmoid(u)) * sigmoid(u)

def d_relu(u):
    return (u > 0).astype(float)

def d_mean_squared_error(d, y):
    return -(d - y) / y.size

def d_sigmoid_with_loss(d, y):
    if y.ndim == 1:
        return y - d
    return (y - d) / y.shape[0]

def d_softmax_with_loss(d, y):
    return d_sigmoid_with_loss(d, y)
""",
        """
def d_sigmoid(x):
    z = np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))
    return z - z**2

def d_relu(x):
    slope = np.zeros_like(x)
    slope[x > 0] = 1
    return slope

def d_mean_squared_error(t, y):
    return np.ones(t.shape) * (y - t) / np.prod(y.shape)

def d_sigmoid_with_loss(t, y):
    N = 1 if np.ndim(y) < 2 else np.shape(y)[0]
    return (1 / N) * y - (1 / N) * t

def d_softmax_with_loss(t, y):
    rows, targets = np.atleast_2d(y), np.atleast_2d(t)
    out = np.zeros(rows.shape)
    for n in range(len(rows)):
        label = np.argmax(targets[n])
        out[n] = rows[n]
        out[n, label] -= 1
    return (out / len(rows)).reshape(y.shape)
""",
        """
def d_sigmoid(u):
    slopes = [0.25 / np.cosh(v / 2) ** 2 if abs(v) < 700 else 0 for v in np.ravel(u)]
    return np.array(slopes).reshape(u.shape)

def d_relu(u):
    return np.heaviside(u, 0)

def d_mean_squared_error(d, y):
    return np.divide(np.subtract(y, d), len(np.ravel(d)))

def d_sigmoid_with_loss(d, y):
    N = y.size // y.shape[-1]
    return (y - d) / N

def d_softmax_with_loss(d, y):
    return np.divide(y - d, len(np.atleast_2d(y)))
""",
    ],
    "backward_blanks": [
        """
def backward_blanks(d, z1, y):
    N, C = y.shape
    delta2 = -(d - y) / (N * C)
    return {"W2": np.einsum("nh,nc->hc", z1, delta2)}
""",
        """
def backward_blanks(d, z1, y):
    grad = {}
    delta2 = np.subtract(y, d) * (1 / y.size)
    grad["W2"] = sum(np.outer(z, e) for z, e in zip(z1, delta2))
    return grad
""",
    ],
    "numerical_gradient": [
        """
def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        up, down = x.astype(float), x.astype(float)
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
        it.iternext()
    return grad
""",
        """
def numerical_gradient(f, x):
    h = 1e-5
    grads = []
    for unit in np.eye(x.size):
        step = h * unit.reshape(x.shape)
        grads.append((f(x + step) - f(x - step)) / h / 2)
    return np.array(grads).reshape(x.shape)
""",
        """
def numerical_gradient(f, x):
    h = 1e-3
    moved = x * 1.0
    grad = np.zeros_like(moved)
    for i in range(moved.size):
        value = moved.flat[i]
        moved.flat[i] = value + h
        right = f(moved)
        moved.flat[i] = value - h
        grad.flat[i] = (right - f(moved)) / (2 * h)
        moved.flat[i] = value
    return grad
""",
    ],
}
RIGHT = [
    pytest.param(name, question, source, id=f"{question}-{number}")
    for name, answers in (
        ("losses", LOSSES),
        ("gradient_descent", GRADIENT_DESCENT),
        ("backpropagation", BACKPROPAGATION),
    )
    for question, sources in answers.items()
    for number, source in enumerate(sources, 1)
]


@pytest.mark.parametrize(("name", "question", "source"), RIGHT)
def test_full_marks(grade: Callable[[str, str, str], QuestionResult], name: str, question: str, source: str) -> None:
    """A different correct answer passes every check of its question."""
    result = grade(name, question, source)
    assert [(check.name, check.reason) for check in result.checks if check.verdict is not Verdict.PASSED] == []
    assert result.score == result.max_score
