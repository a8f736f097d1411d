"""A small course whose exercise is a set of files: two modules in a package, and the notebook that uses them."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

COURSE: Final = """title = "Networks in files"
exercises = ["nets", "warmup"]

[exercise.nets]
title = "Networks"
files = ["models/linear.py", "models/deep.py", "nets.ipynb"]
"""
LINEAR: Final = '''"""A linear model."""

import numpy as np

from .shapes import count_rows


def scores(x, W):
    """Scores of a batch."""
    y = x @ W  # blank: the product
    return y


def loss(x, W, d):
    """Mean squared error of the scores, halved."""
    y = scores(x, W)
    return np.sum((y - d) ** 2) / (2 * count_rows(y))  # blank: the mean over the rows
'''
DEEP: Final = '''import numpy as np

from models.linear import scores


def forward(x, W1, W2):
    """Two layers with a relu between them."""
    z = np.maximum(scores(x, W1), 0)  # blank: the hidden layer
    return scores(z, W2)  # blank: the output
'''
SHAPES: Final = '''def count_rows(y):
    """Return the number of samples of a batch."""
    return len(y)
'''
SOLUTION: Final = """# %% [markdown]
# # Networks

# %%
# %load_ext autoreload
import numpy as np
from models.linear import loss

# %% question="gain"
def gain(a, b):
    return a - b  # blank: how much smaller the second loss is

# %%
print(loss(np.ones((2, 3)), np.ones((3, 1)), np.zeros((2, 1))))
"""
CHECKS: Final = '''from grader.authoring import code_question, returned
from models import deep, linear

from . import solution

scores = code_question("scores", title="Scores", points=1, reference=linear.scores)

@scores.check(points=1)
def batch(rng):
    """A batch of three samples."""
    return rng.normal(size=(3, 2)), rng.normal(size=(2, 4))

@scores.mistake
def transposed(x, W):
    """You multiplied element by element."""
    return np.sum(x) * W

import numpy as np

loss = code_question("loss", title="Loss", points=2, reference=linear.loss)

@loss.check(points=2)
def batch_loss(rng):
    """A batch of four samples."""
    return rng.normal(size=(4, 2)), rng.normal(size=(2, 3)), rng.normal(size=(4, 3))

@loss.mistake
def not_divided(x, W, d):
    """You did not divide by the number of rows."""
    return np.sum((x @ W - d) ** 2) / 2

forward = code_question("forward", title="Forward", points=2, reference=deep.forward)

@forward.check(points=2)
def batch_forward(rng):
    """A batch of five samples."""
    return rng.normal(size=(5, 2)), rng.normal(size=(2, 3)), rng.normal(size=(3, 2))

gain = code_question("gain", title="Gain", points=1, reference=solution.gain)

@gain.check(points=1)
def two_losses(rng):
    """Two losses."""
    return float(rng.normal()), float(rng.normal())
'''
WARMUP: Final = """# %% question="double"
def double(x):
    return 2 * x  # blank: twice as much
"""
WARMUP_CHECKS: Final = '''from grader.authoring import code_question
from . import solution

double = code_question("double", title="Double", points=1, reference=solution.double)

@double.check(points=1)
def number(rng):
    """Any number."""
    return float(rng.normal())
'''
NOTEBOOK: Final = (
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {"grader": {"exercise": "nets"}}, "cells": ['
    '{"cell_type": "code", "source": "%load_ext autoreload\\nimport numpy as np\\nfrom models.linear import loss"},'
    '{"cell_type": "code", "source": "def gain(a, b):\\n    return a - b"}]}'
)
RIGHT: Final[Mapping[str, str]] = {"models/linear.py": LINEAR, "models/deep.py": DEEP, "nets.ipynb": NOTEBOOK}
"""What a student hands in who has everything right."""
WRONG_LOSS: Final = LINEAR.replace(" / (2 * count_rows(y))", " / 2")


def write_course(folder: Path) -> Path:
    """Write the course below a folder, and return it."""
    files = {
        "course.toml": COURSE,
        "nets/solution.py": SOLUTION,
        "nets/checks.py": CHECKS,
        "nets/files/models/linear.py": LINEAR,
        "nets/files/models/deep.py": DEEP,
        "nets/files/models/shapes.py": SHAPES,
        "warmup/solution.py": WARMUP,
        "warmup/checks.py": WARMUP_CHECKS,
    }
    write_files(folder / "reference", files)
    return folder


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder, and return it."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def zip_files(files: Mapping[str, str]) -> bytes:
    """Return a zip archive of files, as a student packs one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return buffer.getvalue()
