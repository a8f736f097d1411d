"""Helper modules are released without the functions that are asked for, and without everything that needs them."""

import pytest

from grader.core.questions.helper_modules import find_used_helpers, list_defined_names, strip_solutions

MODULE = '''"""Helpers."""

import numpy as np

TINY = 1e-7  # small


def sigmoid(u):
    """S-shaped."""
    return 1 / (1 + np.exp(-u))


@np.vectorize
def d_sigmoid(u):
    return sigmoid(u) * (1 - sigmoid(u))


def loss(d, y):
    return -np.sum(d * np.log(y + TINY))  # given


def trained(x):
    return loss(x, d_sigmoid(x))
'''


def test_a_module_without_asked_functions_is_unchanged() -> None:
    """A module in which no function is asked for stays the same, byte for byte."""
    assert strip_solutions(MODULE, {"softmax"}) == MODULE
    assert list_defined_names(MODULE) == {"TINY", "sigmoid", "d_sigmoid", "loss", "trained"}


def test_dependent_functions_are_removed() -> None:
    """An asked function is removed with everything that calls it, even indirectly; the rest keeps its comments."""
    left = strip_solutions(MODULE, {"sigmoid"})
    assert list_defined_names(left) == {"TINY", "loss"}
    assert "# small" in left
    assert "# given" in left
    assert "sigmoid" not in left
    assert "np.vectorize" not in left
    compile(left, "functions.py", "exec")


def test_everything_may_be_removed() -> None:
    """If everything is asked for, the imports remain."""
    left = strip_solutions(MODULE, list_defined_names(MODULE))
    assert list_defined_names(left) == frozenset()
    assert "import numpy as np" in left


def test_functions_that_an_answer_calls_stay() -> None:
    """A function that an asked function calls is not removed."""
    assert list_defined_names(strip_solutions(MODULE, {"trained"})) == {"TINY", "sigmoid", "d_sigmoid", "loss"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from common import functions\nfunctions.relu(1)", {("common.functions", ""), ("common.functions", "relu")}),
        ("from common import functions as f\nf.a(f.b)", {("common.functions", n) for n in ("", "a", "b")}),
        ("from common.functions import relu as r\nr(1)", {("common.functions", "relu")}),
        ("import common.functions as f\nf.x", {("common.functions", ""), ("common.functions", "x")}),
        ("import common.functions\ncommon.functions.x", {("common.functions", ""), ("common.functions", "x")}),
        ("functions.relu(1)\nimport commonplace", set()),
        ("text = 'from common import functions'", set()),
    ],
)
def test_used_helpers_are_found(source: str, expected: set[tuple[str, str]]) -> None:
    """Every form of import of a helper is understood, and every used name is found."""
    assert find_used_helpers(source) == expected
