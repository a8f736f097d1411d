"""The normal form of source text."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.normalize_source import MAX_SOURCE_CHARS, normalize_source

ALIKE = [
    ("x[:, 0]", " x[ :,0 ] ;  # first column"),
    ('print("a")', "print('a')"),
    ("W -= lr * grad", "W-=(lr*grad)"),
    ("f(x)", "\n    f(\n        x,\n    )\n"),
    ("1_000", "1000"),
    ("u'a' \"b\"", "'ab'"),
    ("if a:\n    b = 1", "    if a:\n        b = 1"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_code_looks_the_same(one: str, other: str) -> None:
    """Spacing, quotes, comments, redundant brackets, a last semicolon and common indentation don't count."""
    assert normalize_source(one) == normalize_source(other)


@pytest.mark.parametrize(("one", "other"), [("x[:, 0]", "x[0, :]"), ("a - b", "b - a"), ("1", "1.0"), ("'a'", "b'a'")])
def test_other_code_looks_different(one: str, other: str) -> None:
    """Code with another meaning has another normal form."""
    assert normalize_source(one) != normalize_source(other)


@pytest.mark.parametrize("text", ["x =", "x[:, 0", "これは文章です。", "\0", "return 1 2"])
def test_invalid_python_is_an_error(text: str) -> None:
    """Text that isn't Python raises; an empty text is empty code."""
    with pytest.raises((SyntaxError, ValueError)):
        normalize_source(text)
    assert normalize_source("  # nothing") == ""


def test_long_text_is_an_error() -> None:
    """Text beyond the limit isn't parsed."""
    with pytest.raises(ValueError, match="characters"):
        normalize_source("x" * (MAX_SOURCE_CHARS + 1))


@given(
    st.recursive(
        st.sampled_from(["x", "y[0]", "1.5", "'s'", "f(a, b)"]),
        lambda s: st.tuples(s, s).map(lambda p: f"({p[0]} * {p[1]})") | s.map(lambda p: f"-{p}"),
        max_leaves=8,
    )
)
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    """The normal form is code of the same meaning, and its own normal form."""
    form = normalize_source(text)
    assert ast.dump(ast.parse(form)) == ast.dump(ast.parse(text))
    assert normalize_source(form) == form
