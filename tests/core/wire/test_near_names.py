"""Names that resemble a missing one are found, with their place, and others are not; nothing is called."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.near_names import (
    MAX_NAME_LENGTH,
    MAX_NEAR_NAMES,
    NearName,
    find_near_names,
    is_almost,
    measure_nearness,
)

NEAR = [
    ("relu", "ReLU", 0),
    ("mean_squared_error", "meanSquaredError", 0),
    ("mean_squared_error", "mean_square_error", 1),
    ("mean_squared_error", "mse", 2),
    ("relu", "rleu", 1),
    ("sigmoid", "sigmod", 1),
    ("cross_entropy_error", "cross_entropy", 2),
    ("cross_entropy_error", "error_cross_entropy", 1),
    ("d_relu", "relu_derivative", 1),
    ("d_relu", "relu_grad", 1),
    ("softmax", "my_softmax", 1),
    ("relu", "relu_function", 1),
]
FAR = [
    ("relu", "d_relu"),
    ("d_sigmoid", "sigmoid"),
    ("forward1", "forward2"),
    ("step", "relu"),
    ("step", "sgd"),
    ("W", "w2"),
    ("forward", "backward"),
    ("softmax", "max"),
    ("softmax_with_loss", "loss"),
]


@pytest.mark.parametrize(("wanted", "name", "rank"), NEAR)
def test_near_names(wanted: str, name: str, rank: int) -> None:
    """Another case, order or spelling, and a shorter or longer form, are near, in this order."""
    assert measure_nearness(wanted, name) == rank


@pytest.mark.parametrize(("wanted", "name"), FAR)
def test_far_names(wanted: str, name: str) -> None:
    """A derivative is not its function, a number is no other number, and a common word is not enough."""
    assert measure_nearness(wanted, name) is None


@given(st.text("abc_", max_size=9), st.text("abc_", max_size=9))
def test_letters_are_counted_symmetrically(one: str, other: str) -> None:
    """Whether two words are almost alike doesn't depend on their order, and every word is like itself."""
    assert is_almost(one, other) == is_almost(other, one)
    assert is_almost(one, one)


def run(source: str, label: str = "cell 3") -> dict[str, Any]:
    """Return the namespace that a cell leaves behind."""
    namespace: dict[str, Any] = {"np": np, "math": math}
    exec(compile(source, f"<{label}>", "exec"), namespace)
    return namespace


PLACES = [
    ("def ReLU(x):\n    return x", NearName("ReLU", "name", "", "cell 3", 1)),
    ("\nclass Net:\n    def relu(self, x):\n        return x", NearName("relu", "method", "Net", "cell 3", 3)),
    ("class Net:\n    @staticmethod\n    def relu(x): return x", NearName("relu", "method", "Net", "cell 3", 2)),
    ("def make():\n    def relu(x): return x\n", NearName("relu", "nested", "make", "cell 3", 2)),
    ("def make():\n    def more():\n        def relu(x): return x", NearName("relu", "nested", "make", "cell 3", 3)),
    ("class ReLU: pass", NearName("ReLU", "class")),
    ("Relu = np.abs", NearName("Relu")),
]


@pytest.mark.parametrize(("source", "expected"), PLACES)
def test_a_place_is_named(source: str, expected: NearName) -> None:
    """A near function, a method and a nested function are found with their cell and line."""
    assert find_near_names("relu", run(source), is_function=True) == [expected]


def test_variables_and_functions_are_apart() -> None:
    """A variable is near to a variable, and a function to a function."""
    namespace = run("def Rate(): pass\nRATE = 3\nrates = [1]")
    assert [one.name for one in find_near_names("rate", namespace, is_function=False)] == ["RATE", "rates"]
    assert [one.name for one in find_near_names("rate", namespace, is_function=True)] == ["Rate"]


def test_the_search_is_limited() -> None:
    """Of many near names few are told; long and odd names, and names with an underscore in front, none."""
    many: dict[Any, Any] = {f"relu{'_' * i}": abs for i in range(1, 50)}
    assert len(find_near_names("relu", many, is_function=True)) == MAX_NEAR_NAMES
    odd: dict[Any, Any] = {"r" * 10**6: abs, "_relu": abs, 3: abs, ("relu",): abs, "relu" + "u" * MAX_NAME_LENGTH: abs}
    assert find_near_names("relu", odd, is_function=True) == []
    assert find_near_names("r" * 10**6, many, is_function=True) == []


def test_nothing_of_a_students_is_called() -> None:
    """Classes with a strange metaclass, and objects that raise when they are used, are left alone."""

    class Meta(type):
        def __getattribute__(cls, name: str) -> Any:
            raise SystemExit(name)

        def __call__(cls) -> Any:
            raise SystemExit

    class Strange(metaclass=Meta):
        def relu(self) -> None:
            """Do nothing."""

    found = find_near_names("relu", {"Strange": Strange}, is_function=True)
    assert [(one.kind, one.owner) for one in found] == [("method", "Strange")]
