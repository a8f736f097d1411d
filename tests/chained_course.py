"""A course whose functions call each other, written for tests: `affine` <- `forward` <- `loss`, and others."""

from pathlib import Path

from grader.core.questions.exercise import Course
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import load_course
from grader.course.templates import write_templates

FUNCTIONS = {
    "affine": """
def affine(x, W, b):
    return np.dot(x, W) + b  # blank: product and bias
""",
    "leaky": """
def leaky(u):
    return np.where(u > 0, u, 0.1 * u)  # blank: the slope
""",
    "forward": """
def forward(x, network):
    u1 = affine(x, network["W1"], network["b1"])
    z1 = leaky(u1)  # blank: the activation
    return affine(z1, network["W2"], network["b2"]) / len(x)
""",
    "loss": """
def loss(x, d, network):
    y = forward(x, network)
    return np.sum((y - d) ** 2) / 2  # blank: half the squares
""",
    "output": """
def output(x, network):
    return affine(x, network["W1"], network["b1"])  # blank: a layer
""",
    "layers": """
def layers(x, network):
    u1 = affine(x, network["W1"], network["b1"])
    return {"u1": u1, "size": np.sum(u1**2)}  # blank: both
""",
    "slope": """
def slope(x, d, network):
    step = np.zeros_like(network["b2"])
    step[0] = 1e-4
    up = loss(x, d, {**network, "b2": network["b2"] + step})
    down = loss(x, d, {**network, "b2": network["b2"] - step})
    return (up - down) / 2e-4  # blank: the difference
""",
}
"""The solutions by the name of the question and function."""

_INPUTS = {
    "affine": "rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)",
    "leaky": "rng.normal(size=(4, 5))",
    "forward": "x, W",
    "loss": "x, d, W",
    "output": "x, W",
    "layers": "x, W",
    "slope": "x, d, W",
}

WRONG_AFFINE = "def affine(x, W, b):\n    return np.dot(x, W) - b\n"
WRONG_LEAKY = "def leaky(u):\n    return np.where(u > 0, u, 0)\n"
WRONG_FORWARD = FUNCTIONS["forward"].replace(" / len(x)", "")

_CHECKS = '''
import numpy as np

from grader.authoring import code_question, returned

from . import solution
from .solution import forward


def make_batch(rng):
    shapes = {"W1": (3, 5), "b1": 5, "W2": (5, 2), "b2": 2}
    network = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return rng.normal(size=(4, 3)), network, rng.normal(size=(4, 2))


def bias_subtracted(x, W, b):
    """The bias is added."""
    return np.dot(x, W) - b


def not_halved(x, d, network):
    """Half of the sum is asked for."""
    return np.sum((forward(x, network) - d) ** 2)
'''


def write_chained_course(folder: Path, *, fixed: bool = False) -> Course:
    """Write the course with its template: each question has a visible and a hidden check of one point.

    With `fixed`, all checks have the same inputs.
    """
    exercise = folder / "reference" / "chain"
    exercise.mkdir(parents=True)
    (exercise.parent / "course.toml").write_text('title = "Chained"\nexercises = ["chain"]\n')
    cells = ["# %% [markdown]\n# # Chain\n", "# %%\nimport numpy as np\n"]
    cells += [f'# %% question="{name}"{text}' for name, text in FUNCTIONS.items()]
    (exercise / "solution.py").write_text("\n\n".join(cells))
    checks = _CHECKS
    for name, inputs in _INPUTS.items():
        outputs = 'returned("u1", label="u1"), returned("size", label="size"), ' if name == "layers" else ""
        points = 0.5 if outputs else 1
        checks += f'\n\nask_{name} = code_question("{name}", title="{name}", points=2, reference=solution.{name})\n'
        for check, hidden in (("shown", False), ("hidden", True)):
            checks += f"\n\n@ask_{name}.check({outputs}points={points}, hidden={hidden})\ndef {check}(rng):\n"
            checks += f'    """{{output}} is right, {check}."""\n' if outputs else f'    """It is right, {check}."""\n'
            checks += "    rng = np.random.default_rng(0)\n" if fixed else ""
            checks += f"    x, W, d = make_batch(rng)\n    return {inputs}\n"
    checks += "\n\nask_affine.mistake(bias_subtracted)\nask_loss.mistake(not_halved)\n"
    (exercise / "checks.py").write_text(checks)
    course = load_course(folder)
    write_templates(course, folder)
    return course


def submit(**changes: str) -> ParsedSubmission:
    """Return the solution with some functions' texts replaced, one cell for each."""
    texts = {"imports": "import numpy as np", **FUNCTIONS, **changes}
    return ParsedSubmission(tuple(Cell(text, label=name) for name, text in texts.items()))
