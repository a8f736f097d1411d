"""Options in an answer are named by key or by wording, in any container."""

from typing import Any

import numpy as np
import pytest

from grader.core.questions.kinds.options import OptionSelection, UnreadableAnswerError, parse_selection

OPTIONS = {"W": "the weights", "b": "the biases", "u": "total input", "3": "three"}


@pytest.mark.parametrize(("value", "keys"), [(3, ("3",)), ("total input", ("u",)), ([np.int64(3), "u"], ("u", "3"))])
def test_wordings_and_numbers(value: Any, keys: tuple[str, ...]) -> None:
    """A number stands for its digits, and a wording of several words for its option."""
    assert parse_selection(value, OPTIONS) == OptionSelection(keys, ())


def test_case_matters_if_options_differ_by_it() -> None:
    """If two options differ only by case, only their exact keys are accepted."""
    options = {"w": "small", "W": "large"}
    assert parse_selection(["W"], options) == OptionSelection(("W",), ())
    assert parse_selection(["w", "W"], options) == OptionSelection(("w", "W"), ())


def test_an_error_continues_the_variables_name() -> None:
    """The exception's text is a continuation of the variable's name."""
    with pytest.raises(UnreadableAnswerError, match=r"^should be a set of names"):
        parse_selection(1.5, OPTIONS)
