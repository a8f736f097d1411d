"""Tests of magics: only they are removed from a cell, and lines keep their numbers."""

import ast
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inside.magics import NotPython, parse_without_magics

TAKEN = [
    ("%matplotlib inline", "pass", 1),
    ("  ", "", 0),
    ("x = 1\n!pip install 'x\ny = 2", "x = 1\npass\ny = 2", 1),
    ("if True:\n    !ls *.csv\n    x = 1", "if True:\n    pass\n    x = 1", 1),
    ("x = !ls", "x = []", 1),
    ("a, b = %sql SELECT 1", "a, b = []", 1),
    ("%time x = f(1)", "x = f(1)", 0),
    ("%time", "pass", 1),
    ("%timeit -n 10 -r 3 f(1)", "f(1)", 0),
    ("%timeit -n10 -qo f(1)", "f(1)", 0),
    ("%prun -s cumulative -l 5 f(1)", "f(1)", 0),
    ("x = %time --no-raise-error f(1)", "x = f(1)", 0),
    ("%time -x", "-x", 0),
    ("%timeit f(1, \\\n 2)", "f(1, \\\n 2)", 0),
    ("%pip install -q numpy \\\n    matplotlib \\\n  x\ny = 1", "pass\n\n\ny = 1", 1),
    ("if True:\n    !ls \\\n *.csv\n    x = 1", "if True:\n    pass\n\n    x = 1", 1),
    ("%%timeit -n 3 y = 1\nx = y", "y = 1\nx = y", 0),
    ("%%capture --no-stderr out\nx = 1", "out = get_ipython()\nx = 1", 0),
    ("%%prun -s time\nx = 1", "\nx = 1", 0),
    ("%%time\nx = 1", "\nx = 1", 0),
    ("%%capture out\n%%time\nx = 1", "out = get_ipython()\n\nx = 1", 0),
    ("%%bash\nls | grep 'x", "\n", 1),
    ("%%html\n<b>", "\n", 1),
    ("np.exp?", "pass", 0),
    ("??np.exp", "pass", 0),
    ("s = '''\n%d\n!x\n'''\n%matplotlib inline", "s = '''\n%d\n!x\n'''\npass", 1),
    ("x = (5\n% 3)", "x = (5\n% 3)", 0),
    ("print(f'{x!r}')", "print(f'{x!r}')", 0),
]


@pytest.mark.parametrize(("source", "plain", "found"), TAKEN)
def test_only_magics_are_removed(source: str, plain: str, found: int) -> None:
    """Each magic is replaced within its line, and those that aren't run are named; all else is unchanged."""
    seen: list[str] = []

    def parse(text: str) -> ast.Module:
        seen.append(text)
        return ast.parse(text)

    _, magics = parse_without_magics(source, parse)
    assert seen[-1].strip(" ") == plain
    assert len(magics) == found
    assert seen[-1].count("\n") == source.count("\n")


@pytest.mark.parametrize("source", ["def f() return 1", "%matplotlib inline\nx = (", "x = 1\n  y = 2", "5 % % 3"])
def test_other_errors_remain(source: str) -> None:
    """A cell with another error raises it, with its true line."""
    with pytest.raises(NotPython) as caught:
        parse_without_magics(source, ast.parse)
    assert caught.value.error.lineno in (1, 2)
    assert caught.value.source.count("\n") == source.count("\n")


LINES = st.lists(
    st.sampled_from(["%matplotlib inline", "!ls", "x = 1", "y = (", ")", "'''", "%%time", "  z", "np?", ""])
)


@given(LINES)
def test_any_mixture_terminates(lines: list[str]) -> None:
    """For any cell the removal of magics terminates, and no line is lost or added."""
    source = "\n".join(lines)
    parsed: list[str] = []

    def parse(text: str) -> ast.Module:
        parsed.append(text)
        return ast.parse(text)

    with contextlib.suppress(NotPython):
        _, found = parse_without_magics(source, parse)
        assert len(found) <= len(lines)
    assert {text.count("\n") for text in parsed} == {source.count("\n")}
    assert len(parsed) <= len(lines) + 1
