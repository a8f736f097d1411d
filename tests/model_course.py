"""A course whose dozen functions build a network step by step, with caches and dicts, written for tests."""

from pathlib import Path

from grader.core.questions.exercise import Course
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import load_course

FUNCTIONS = {
    "linear_forward": """
def linear_forward(A, W, b):
    Z = np.dot(A, W) + b  # blank: product and bias
    return Z, (A, W, b)
""",
    "sigmoid": """
def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))  # blank: the formula
""",
    "relu": """
def relu(Z):
    return np.maximum(Z, 0)  # blank: the formula
""",
    "layer_forward": """
def layer_forward(A, W, b, activation):
    Z, linear_cache = linear_forward(A, W, b)  # blank: the total input
    A_next = sigmoid(Z) if activation == "sigmoid" else relu(Z)
    return {"mean": np.mean(A_next, axis=0), "cache": {"linear": linear_cache, "square": Z**2}}  # blank: mean and cache
""",
    "model_forward": """
def model_forward(X, parameters):
    Z1, cache1 = linear_forward(X, parameters["W1"], parameters["b1"])
    A1 = relu(Z1) / np.sqrt(len(X))  # blank: the activation
    Z2, cache2 = linear_forward(A1, parameters["W2"], parameters["b2"])
    AL = sigmoid(Z2) * 0.98 + 0.01  # blank: the output
    return AL, {"A1": A1, "Z1": Z1}
""",
    "cost": """
def cost(AL, Y):
    return -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))  # blank: the cross-entropy
""",
    "linear_backward": """
def linear_backward(dZ, cache):
    A, W, b = cache
    dA = np.dot(dZ, W.T)  # blank: the product
    dW = np.dot(A.T, dZ) / len(A)  # blank: the mean
    db = np.mean(dZ, axis=0)  # blank: the mean
    return dA, dW, db
""",
    "relu_backward": """
def relu_backward(dA, Z):
    return dA * (Z > 0)  # blank: the slope
""",
    "model_backward": """
def model_backward(X, Y, parameters):
    AL, cache = model_forward(X, parameters)
    grads = {}
    dZ2 = 2 * (AL - Y)  # blank: the output's error
    dA1, dW2, db2 = linear_backward(dZ2, (cache["A1"], parameters["W2"], parameters["b2"]))
    grads["W2"] = dW2 + 0.1 * parameters["W2"]  # blank: with decay
    grads["W1"] = np.dot(X.T, relu_backward(dA1 * 3, cache["Z1"]))  # blank: through the first layer
    return grads
""",
    "norm": """
def norm(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads.values()))  # blank: the root
""",
    "clip": """
def clip(grads, most):
    scale = min(1.0, most / norm(grads))  # blank: the scale
    return {name: g * scale for name, g in grads.items()}
""",
    "update": """
def update(parameters, grads, rate=0.1):
    clipped = clip(grads, most=1.0)
    return {name: parameters[name] - rate * clipped[name] for name in clipped}  # blank: the step
""",
}
"""The solutions by the name of the question and function."""

_INPUTS = {
    "linear_forward": "X, P['W1'], P['b1']",
    "sigmoid": "X",
    "relu": "X",
    "layer_forward": "X, P['W1'], P['b1'], 'sigmoid'",
    "model_forward": "X, P",
    "cost": "rng.uniform(0.1, 0.9, (5, 2)), Y",
    "linear_backward": "rng.normal(size=(5, 4)), (X, P['W1'], P['b1'])",
    "relu_backward": "X, rng.normal(size=X.shape)",
    "model_backward": "X, Y, P",
    "norm": "G",
    "clip": "G, 1.5",
    "update": "P, G",
}
_OUTPUTS = {
    "layer_forward": ("returned('mean', label='mean')", "returned('cache', 'square', label='square')"),
    "model_forward": ("local('A1')", "returned(0, label='AL')"),
    "linear_backward": tuple(f"returned({i}, label='{name}')" for i, name in enumerate(("dA", "dW", "db"))),
    "model_backward": ("local('dZ2')", "returned('W2', label='W2')", "returned('W1', label='W1')"),
}
_MISTAKES = {
    "linear_forward": ("np.dot(A, W) + b", "np.dot(A, W) - b"),
    "sigmoid": ("np.exp(-Z)", "np.exp(Z)"),
    "relu": ("np.maximum(Z, 0)", "np.abs(Z)"),
    "layer_forward": ("axis=0", "axis=1"),
    "model_forward": ("/ np.sqrt(len(X))", "* np.sqrt(len(X))"),
    "cost": ("-np.mean", "np.mean"),
    "linear_backward": ("np.dot(A.T, dZ) / len(A)", "np.dot(A.T, dZ)"),
    "relu_backward": ("(Z > 0)", "(Z < 0)"),
    "model_backward": ("2 * (AL - Y)", "2 * (Y - AL)"),
    "norm": ("np.sqrt(sum(np.sum(g**2) for g in grads.values()))", "sum(np.sum(g**2) for g in grads.values())"),
    "clip": ("min(1.0, most / norm(grads))", "most / norm(grads) * 2"),
    "update": ("- rate", "+ rate"),
}
WRONG = {name: FUNCTIONS[name].replace(right, wrong) for name, (right, wrong) in _MISTAKES.items()}
"""Each function with one error."""

_HEAD = """
import numpy as np

from grader.authoring import code_question, local, returned

from . import solution
from .solution import *


def make_inputs(rng):
    shapes = {"W1": (3, 4), "b1": 4, "W2": (4, 2), "b2": 2}
    P = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    G = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return rng.normal(size=(5, 3)), rng.integers(0, 2, size=(5, 2)) * 1.0, P, G
"""


def write_model_course(folder: Path) -> Course:
    """Write the course: each question has a visible and a hidden check of each output, of one point, and a mistake."""
    exercise = folder / "reference" / "model"
    exercise.mkdir(parents=True)
    (exercise.parent / "course.toml").write_text('title = "Model"\nexercises = ["model"]\n')
    cells = ["# %% [markdown]\n# # Model\n", "# %%\nimport numpy as np\n"]
    cells += [f'# %% question="{name}"{text}' for name, text in FUNCTIONS.items()]
    (exercise / "solution.py").write_text("\n\n".join(cells))
    checks = _HEAD
    for name, inputs in _INPUTS.items():
        outputs = _OUTPUTS.get(name, ())
        points = 2 * max(len(outputs), 1)
        checks += f'\n\nask_{name} = code_question("{name}", title="{name}", points={points}, '
        checks += f"reference=solution.{name})\n"
        for check, hidden in (("shown", False), ("hidden", True)):
            arguments = ", ".join((*outputs, "points=1", f"hidden={hidden}"))
            checks += f"\n\n@ask_{name}.check({arguments})\ndef {check}(rng):\n"
            checks += f'    """{{output}} is right, {check}."""\n' if outputs else f'    """It is right, {check}."""\n'
            checks += f"    X, Y, P, G = make_inputs(rng)\n    return {inputs}\n"
        wrong = WRONG[name].strip().replace("\n", '\n    """It is another one."""\n', 1)
        checks += f"\n\n@ask_{name}.mistake\n{wrong.replace(f'def {name}(', f'def wrong_{name}(')}\n"
    (exercise / "checks.py").write_text(checks)
    return load_course(folder)


def submit(**changes: str) -> ParsedSubmission:
    """Return the solution with some functions' texts replaced, one cell for each."""
    texts = {"imports": "import numpy as np", **FUNCTIONS, **changes}
    return ParsedSubmission(tuple(Cell(text, label=name) for name, text in texts.items()))
