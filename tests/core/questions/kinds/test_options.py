"""Options that an answer names: by key or by wording, in any container."""

from typing import Any

import numpy as np
import pytest

from grader.core.questions.kinds.options import OptionSelection, UnreadableAnswerError, parse_selection

OPTIONS = {"W": "the weights", "b": "the biases", "u": "total input", "3": "three"}


@pytest.mark.parametrize(("value", "keys"), [(3, ("3",)), ("total input", ("u",)), ([np.int64(3), "u"], ("u", "3"))])
def test_wordings_and_numbers(value: Any, keys: tuple[str, ...]) -> None:
    """A number stands for its digits, a wording of several words for its option."""
    assert parse_selection(value, OPTIONS) == OptionSelection(keys, ())


def test_capitals_tell_apart_where_options_do() -> None:
    """Where two options differ in capitals only, only their exact keys are taken."""
    options = {"w": "small", "W": "large"}
    assert parse_selection(["W"], options) == OptionSelection(("W",), ())
    assert parse_selection(["w", "W"], options) == OptionSelection(("w", "W"), ())


def test_unreadable_is_said_after_the_name() -> None:
    """The exception's text goes on where the variable's name ends."""
    with pytest.raises(UnreadableAnswerError, match=r"^should be a set of names"):
        parse_selection(1.5, OPTIONS)
