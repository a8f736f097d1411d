"""A student's own code: lines kept, coloured where safe, blamed lines marked."""

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
    """A listing with the colours that the converter gives."""
    text = highlightable_text(source)
    return plain_listing(source, blamed, room, typeset(TypesetRequest(code=(text,) if text else ()), convert).code)


def shown(source: str, room: int = ROOM) -> list[str]:
    """The text of the lines shown."""
    return [Markup(line.html).striptags() if line.html.strip() else "" for line in listing(source, (), room).lines]


def test_code_is_coloured_with_few_classes() -> None:
    """Keywords, names defined, strings, numbers and comments get one letter each; the rest is plain."""
    lines = listing(CODE, (), ROOM).lines
    assert lines[0].html == "<span class=k>def </span><span class=d>f</span>(x):"
    assert lines[1].html == (
        "    <span class=k>return </span><span class=s>&#39;a&#39; </span>+ <span class=n>1  </span>"
        "<span class=c># &lt;b&gt;</span>"
    )


def test_blamed_lines_are_marked() -> None:
    """Only the lines named are blamed, counted from 1."""
    assert [line.number for line in listing(CODE, {2}, ROOM).lines if line.blamed] == [2]


@given(st.text(st.sampled_from("ab1 '\"\n\r\t\\#<>&{}()[]`\x00\u202e") | st.characters(codec=None), max_size=300))
def test_every_line_of_any_text_is_kept(source: str) -> None:
    """Whatever the text, its lines come out one for one, as they are seen: colouring loses and adds nothing."""
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
    """The largest sources that are coloured come to an end, every line of them, whatever is in them."""
    source = "\n".join([unit * (400 // len(unit))] * 49)
    assert len(listing(source, (), ROOM).lines) == source.rstrip().count("\n") + 1


def test_what_has_no_room_is_counted() -> None:
    """A long listing is cut around the first blamed line, and says how much is missing on either side."""
    source = "\n".join(f"line_{i} = {i}" for i in range(1, 1001))
    cut = listing(source, {500}, 1_000)
    numbers = [line.number for line in cut.lines]
    assert 500 in numbers
    assert cut.before == numbers[0] - 1 > 0
    assert cut.after == 1000 - numbers[-1] > 0
    assert sum(map(len, shown(source, 1_000))) <= 1_000


def test_one_endless_line_is_cut() -> None:
    """A single line longer than the room is cut to it."""
    assert shown("x" * 5_000, 100) == ["x" * 100]
