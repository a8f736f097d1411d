"""Tests of stand-ins for missing modules: they can be imported, named and used in annotations, but not called."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.sandbox.inside.missing_modules import MissingModule, MissingObject

USES: dict[str, Callable[[Any], object]] = {
    "call": lambda x: x(),
    "item": lambda x: x[0],
    "loop": lambda x: list(x),
    "length": lambda x: len(x),
    "sum": lambda x: x + 1,
    "sum from the right": lambda x: 1 + x,
    "product": lambda x: x @ np.eye(2),
    "array": lambda x: np.array(x),
    "number": lambda x: float(x),
    "comparison": lambda x: x < 1,
    "context": lambda x: x.__enter__(),
    "base class": lambda x: eval(compile("class Net(x): pass", "", "exec"), {"x": x}),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_use_names_the_missing_module(use: Callable[[Any], object]) -> None:
    """Every use raises ModuleNotFoundError with the module's full name."""
    with pytest.raises(ModuleNotFoundError, match=r"torch\.nn\.Module is not available here"):
        use(MissingModule("torch").nn.Module)


def test_annotations_are_allowed() -> None:
    """A stand-in may appear in annotations, and nothing is an instance of it."""
    tensor: Any = MissingModule("torch").Tensor
    several: Any = list[tensor]
    assert several.__args__ == (tensor,)
    assert (tensor | None) is (None | tensor) is tensor
    assert not isinstance(3, tensor)


def test_notebook_packages_are_silent() -> None:
    """Calls to Colab or IPython do nothing and give no remark."""
    files = MissingObject("google.colab.files", muted=True)
    assert list(files.upload()) == []
    assert len(files.upload().keys()) == 0
    with files.open("x"):
        pass


def test_special_names_are_missing() -> None:
    """A stand-in lacks special names, so that it isn't mistaken for another type; its version says what it is."""
    module = MissingModule("torch")
    assert module.__version__ == "not available here"
    assert not hasattr(module, "__wrapped__")
    with pytest.raises(AttributeError, match="not available here, and has no __fspath__"):
        module.x.__fspath__()
