"""Tests of running the valid part of a script that doesn't parse."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inside.partial_parse import parse_partially

GOOD = {
    "a": "def a():\n    return 1\n",
    "b": "@decorator\nclass B:\n    '''Text\nin the first column\n'''\n    x = 1\n",
    "c": "if True:\n    c = 1\nelse:\n    c = 2\n",
    "d": "try:\n    d = 1\nexcept Exception:\n    pass\nfinally:\n    pass\n",
    "e": "e = [\n1,\n]\n",
}
BAD = [
    "def f() return 1\n",
    "x = = 1\n",
    "print('a'))\n",
    "for i in range(3)\n    pass\n",
    "return 1\n",
    "else:\n    x = 1\n",
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("place", range(len(GOOD) + 1))
def test_only_the_invalid_part_is_lost(bad: str, place: int) -> None:
    """Wherever the part that isn't Python stands, all others are kept, with their true lines."""
    parts = list(GOOD.values())
    parts.insert(place, bad)
    source = "\n".join(parts)
    kept = parse_partially(source, "<script>").body
    whole = [ast.unparse(ast.parse(part)) for part in GOOD.values()]
    assert [ast.unparse(statement) for statement in kept if ast.unparse(statement) in whole] == whole
    lines = source.split("\n")
    assert all(
        ast.unparse(ast.parse(lines[s.lineno - 1] + "\n    pass")) for s in kept if isinstance(s, ast.FunctionDef)
    )


def test_line_numbers_are_kept() -> None:
    """A statement after the error keeps its line number in the file."""
    kept = parse_partially("x = = 1\n\n\ny = 2\n", "<script>").body
    assert [statement.lineno for statement in kept] == [4]


def test_prose_gives_nothing() -> None:
    """Nothing is kept of prose."""
    assert parse_partially("this is no code\nnor are these words\n", "<script>").body == []


@given(st.lists(st.sampled_from([*GOOD.values(), *BAD, "'''", "(", "\\", "# x", "\t"]), max_size=12))
def test_any_mixture_compiles(parts: list[str]) -> None:
    """The kept part always compiles on its own."""
    tree = parse_partially("\n".join(parts), "<script>")
    for statement in tree.body:
        compile(ast.Module([statement], []), "<script>", "exec")
