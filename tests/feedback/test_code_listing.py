"""A student's code as a listing: all lines kept, coloured where safe, lines at fault marked."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from grader.feedback.code_listing import CodeListing, highlightable_text
from grader.feedback.code_listing import build_listing as plain_listing
from grader.feedback.markup import TypesetRequest, typeset
from grader.feedback.markup_worker import convert
from grader.feedback.page_text import reveal_invisible

CODE = "def f(x):\n    return 'a' + 1  # <b>\n"
ROOM = 20_000


def listing(source: str, blamed: Collection[int], room: int) -> CodeListing:
    """Return a listing with the colours that the markup worker gives."""
    text = highlightable_text(source)
    return plain_listing(source, blamed, room, typeset(TypesetRequest(code=(text,) if text else ()), convert).code)


def shown(source: str, room: int = ROOM) -> list[str]:
    """Return the text of the shown lines."""
    return [Markup(line.html).striptags() if line.html.strip() else "" for line in listing(source, (), room).lines]


def test_code_is_coloured_with_few_classes() -> None:
    """Keywords, defined names, strings, numbers and comments get one letter each; the rest is plain."""
    lines = listing(CODE, (), ROOM).lines
    assert lines[0].html == "<span class=k>def </span><span class=d>f</span>(x):"
    assert lines[1].html == (
        "    <span class=k>return </span><span class=s>&#39;a&#39; </span>+ <span class=n>1  </span>"
        "<span class=c># &lt;b&gt;</span>"
    )


def test_blamed_lines_are_marked() -> None:
    """Only the given lines are marked, counted from 1."""
    assert [line.number for line in listing(CODE, {2}, ROOM).lines if line.is_at_fault] == [2]


@given(st.text(st.sampled_from("ab1 '\"\n\r\t\\#<>&{}()[]`\x00\u202e") | st.characters(codec=None), max_size=300))
def test_every_line_of_any_text_is_kept(source: str) -> None:
    """Every line of any text comes out once, as it is shown: colouring loses and adds nothing."""
    text = reveal_invisible(source.replace("\r\n", "\n").replace("\r", "\n").rstrip().expandtabs(4))
    lines = listing(source, (), ROOM).lines
    plain = "\n".join(line.html.replace("</span>", "") for line in lines)
    for letter in "kdsnc":
        plain = plain.replace(f"<span class={letter}>", "")
    assert Markup(plain).unescape() == text


@pytest.mark.parametrize("source", ["x" * 401, "x = 1\n" * 4_000, "'''" * 8_000])
def test_code_of_unusual_size_is_plain(source: str) -> None:
    """Very long lines and very long sources are shown without colours."""
    assert not any("<span" in line.html for line in listing(source, (), 100_000).lines)


@pytest.mark.parametrize("unit", ["(", "f'{", '"""', "\\", "if x:\n ", "@", "r'\\", "0x", "lambda:", "# \\\n"])
def test_hostile_code_of_the_largest_size_is_listed(unit: str) -> None:
    """Listing the largest coloured source finishes with all its lines, whatever the source contains."""
    source = "\n".join([unit * (400 // len(unit))] * 49)
    assert len(listing(source, (), ROOM).lines) == source.rstrip().count("\n") + 1


def test_lines_left_out_are_counted() -> None:
    """A long listing is cut around the first line at fault, and counts the lines left out on either side."""
    source = "\n".join(f"line_{i} = {i}" for i in range(1, 1001))
    cut = listing(source, {500}, 1_000)
    numbers = [line.number for line in cut.lines]
    assert 500 in numbers
    assert cut.before == numbers[0] - 1 > 0
    assert cut.after == 1000 - numbers[-1] > 0
    assert sum(map(len, shown(source, 1_000))) <= 1_000


def test_one_endless_line_is_cut() -> None:
    """A single line longer than the limit is cut to it."""
    assert shown("x" * 5_000, 100) == ["x" * 100]
