"""The files that `grader init` writes: a course of one short exercise."""

from typing import Final

_COURSE: Final = """\
title = "My course"
exercises = ["first_steps"]
packages = ["numpy"]
check_cells = true
strict = true

[exercise.first_steps]
title = "First steps: the mean of each sample"
"""

_SOLUTION: Final = '''\
# %% [markdown]
# # First steps: the mean of each sample
#
# A batch `x` has one sample per row, shape `(N, D)`. Fill in the `____`.

# %%
import numpy as np


# %% question="row_means"
def row_means(x):
    """The mean of each sample: x (N, D) -> (N,)."""
    return np.mean(x, axis=1)  # blank: the mean of each row


# %%
print(row_means(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]])))  # [2. 6.]
'''

_CHECKS: Final = '''\
"""Checks and known mistakes of the first steps."""

import numpy as np

from grader.authoring import code_question

from . import solution

row_means = code_question("row_means", title="Row means", points=2, reference=solution.row_means)


@row_means.check(points=1)
def two_samples(rng):
    """Two samples with three numbers each, shape (2, 3)."""
    return np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]])


@row_means.check(points=1, repeat=3, hidden=True)
def any_batch(rng):
    """Batches of any size, of numbers of either sign."""
    return rng.normal(size=(rng.integers(2, 9), rng.integers(2, 5)))


@row_means.mistake
def whole_batch(x):
    """You took one mean of the whole batch. Each row is a sample: name the axis to average along."""
    return np.mean(x)


@row_means.mistake
def columns(x):
    """You averaged down the columns, over the samples. Each row is a sample: average along it."""
    return np.mean(x, axis=0)


row_means.equivalent("axis=1", "axis=-1", why="x always has two axes")
'''

SCAFFOLD_FILES: Final = {
    "reference/course.toml": _COURSE,
    "reference/first_steps/solution.py": _SOLUTION,
    "reference/first_steps/checks.py": _CHECKS,
}
"""Text by path inside the new folder."""
