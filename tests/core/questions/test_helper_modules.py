"""What of a helper module is offered: nothing asked for, nothing that would give it away."""

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


def test_nothing_asked_is_nothing_changed() -> None:
    """A module of which nothing is asked stays as it is, byte for byte."""
    assert strip_solutions(MODULE, {"softmax"}) == MODULE
    assert list_defined_names(MODULE) == {"TINY", "sigmoid", "d_sigmoid", "loss", "trained"}


def test_what_needs_an_answer_goes_with_it() -> None:
    """A function that is asked for goes, and so does whatever calls it, at any remove; the rest keeps its comments."""
    left = strip_solutions(MODULE, {"sigmoid"})
    assert list_defined_names(left) == {"TINY", "loss"}
    assert "# small" in left
    assert "# given" in left
    assert "sigmoid" not in left
    assert "np.vectorize" not in left
    compile(left, "functions.py", "exec")


def test_all_may_go() -> None:
    """Where all is asked for, imports remain."""
    left = strip_solutions(MODULE, list_defined_names(MODULE))
    assert list_defined_names(left) == frozenset()
    assert "import numpy as np" in left


def test_what_an_answer_needs_stays() -> None:
    """What an asked function calls is not its answer."""
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
def test_what_a_program_uses(source: str, expected: set[tuple[str, str]]) -> None:
    """Every way of importing a helper is understood, and every name that is used of it found."""
    assert find_used_helpers(source) == expected
