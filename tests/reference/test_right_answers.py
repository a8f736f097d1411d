"""Other right ways of writing the functions of the bundled course: each gets full marks, as the reference does."""

from collections.abc import Iterator

import pytest

from grader.core.program import Cell, Program
from grader.core.verdict import Verdict
from grader.course import bundled, load
from grader.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Judges submissions of the bundled course in the strongest sandbox of this machine."""
    course = load(bundled())
    with Sandbox(packages=course.packages, least=Level.SECCOMP) as running:
        yield Judge(course, running, b"right answers")


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
def test_full_marks(judge: Judge, name: str, question: str, source: str) -> None:
    """Another right answer passes every check of its question."""
    exercise = load(bundled()).exercise(name)
    grading = judge.judge(exercise, Program((Cell(f"import numpy as np\n{source}", label="cell 1"),), name))
    (result,) = [result for result in grading.questions if result.id == question]
    assert [(check.name, check.mismatch) for check in result.checks if check.verdict is not Verdict.PASSED] == []
    assert result.score == result.max_score
