"""An edit that mends an answer is reversed in the course's own solution, where that has one place for it."""

import ast

import numpy as np
import pytest

from grader.core.report.reversed_edit import MAX_CHARS, reverse_edit


def softmax(x):  # type: ignore[no-untyped-def]
    """Weights of each row."""
    shifted = x - np.max(x, axis=1, keepdims=True)  # blank: the shifted scores
    e = np.exp(shifted)
    return e / np.sum(e, axis=1, keepdims=True)  # blank: the weights


def two_returns(x):  # type: ignore[no-untyped-def]
    """Return early for one row."""
    if len(x) == 1:
        return x[0]  # blank: the row
    return np.mean(x, axis=0)  # blank: the mean


@pytest.mark.parametrize(
    ("before", "after", "blank", "text"),
    [
        ("np.sum(e)", "np.sum(e, axis=1, keepdims=True)", "return", "e / np.sum(e)"),
        ("np.sum(e, axis=1)", "np.sum(e,axis=-1, keepdims = True)", "return", "e / np.sum(e, axis=1)"),
        ("x", "x - np.max(x, axis=-1, keepdims=True)", "shifted", "x"),
        ("np.exp(-shifted)", "np.exp(shifted)", "", ""),
    ],
)
def test_an_edit_is_reversed_in_its_blank(before: str, after: str, blank: str, text: str) -> None:
    """The blank's name and text follow from the solution; a place outside of blanks has neither."""
    made = reverse_edit(softmax, before, after)
    assert made is not None
    assert (made.blank, made.text, made.outer_names) == (blank, text, frozenset({"np"}))
    assert before in ast.unparse(made.tree)


def test_a_name_of_two_blanks_names_none() -> None:
    """With two blanks of one name there is a whole function, and no filling."""
    made = reverse_edit(two_returns, "np.mean(x, axis=1)", "np.mean(x, axis=0)")
    assert made is not None
    assert (made.blank, made.text) == ("", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("np.sum(e)", "np.sum(e, axis=0)"),
        ("e[0]", "e"),
        ("np.sum(mine)", "np.sum(e, axis=1, keepdims=True)"),
        ("np.sum(e))", "np.sum(e, axis=1, keepdims=True)"),
        ("np.sum(e, axis=1, keepdims=True)", "np.sum(e, axis=1, keepdims=True)"),
        ("(" * MAX_CHARS + "e", "np.exp(shifted)"),
        ("(" * (MAX_CHARS - 1) + "e", "np.exp(shifted)"),
        ("\0", "np.exp(shifted)"),
        ("", "np.exp(shifted)"),
        ("e", ""),
    ],
    ids=range(10),
)
def test_what_has_no_place_is_not_reversed(before: str, after: str) -> None:
    """Text that the solution lacks, has twice, or can't hold is refused, and so are names that it doesn't use."""
    assert reverse_edit(softmax, before, after) is None


def test_a_function_without_a_text_is_not_reversed() -> None:
    """Of numpy's own functions, and without a reference, no text is known."""
    assert reverse_edit(np.exp, "e", "x") is None
    assert reverse_edit(None, "e", "x") is None


@pytest.mark.parametrize(
    "before",
    [
        "shifted + 0 * eval(input())",
        "shifted + 0 * __import__",
        "shifted + 0 * open",
        "np.f2py.os.listdir() * 0 + shifted",
        "np.load(x)",
        "np.exp.__class__",
        "(lambda: exit())() + shifted",
        "'a' + shifted",
        "shifted  # \N{FULLWIDTH LATIN SMALL LETTER X}",
        "\N{FULLWIDTH LATIN SMALL LETTER E}val(x)",
    ],
)
def test_what_could_do_more_than_calculate_is_not_put_in(before: str) -> None:
    """A student's text with names of files, modules, texts or code is in no declaration that an author may run."""
    assert reverse_edit(softmax, before, "shifted") is None
    assert reverse_edit(softmax, before, "np.exp(shifted)") is None
