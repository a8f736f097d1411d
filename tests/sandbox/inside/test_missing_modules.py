"""Stand-ins for what isn't here: they can be imported, named, annotated with, and not used."""

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
def test_use_says_what_is_missing(use: Callable[[Any], object]) -> None:
    """Whatever uses it raises ModuleNotFoundError with its full name."""
    with pytest.raises(ModuleNotFoundError, match=r"torch\.nn\.Module is not available here"):
        use(MissingModule("torch").nn.Module)


def test_annotations_are_no_use() -> None:
    """It may stand in annotations, and nothing is an instance of it."""
    tensor: Any = MissingModule("torch").Tensor
    several: Any = list[tensor]
    assert several.__args__ == (tensor,)
    assert (tensor | None) is (None | tensor) is tensor
    assert not isinstance(3, tensor)


def test_the_notebooks_surroundings_are_silent() -> None:
    """What Colab or IPython is asked for does nothing and says nothing."""
    files = MissingObject("google.colab.files", muted=True)
    assert list(files.upload()) == []
    assert len(files.upload().keys()) == 0
    with files.open("x"):
        pass


def test_python_isnt_fooled() -> None:
    """Special names are missing, so that nothing takes it for what it isn't; its version says what it is."""
    module = MissingModule("torch")
    assert module.__version__ == "not available here"
    assert not hasattr(module, "__wrapped__")
    with pytest.raises(AttributeError, match="not available here, and has no __fspath__"):
        module.x.__fspath__()
