"""A student's code as numbered lines, coloured where it could be typeset, with the lines at fault marked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from grader.feedback.page_text import reveal_invisible

_MAX_HIGHLIGHTED_CHARS: Final = 20_000  # characters; longer code is shown without colours
_MAX_LINE_CHARS: Final = 400
_LINES_BEFORE_BLAMED: Final = 12  # lines shown before the first blamed one where not all fit

HighlightedCode = Mapping[str, Sequence[Markup]]
"""Lines of HTML by the text that they show, which is the text that `highlightable_text` returns."""


@dataclass(frozen=True)
class CodeLine:
    """One line of code as HTML. `number` counts from 1."""

    number: int
    html: Markup
    is_at_fault: bool


@dataclass(frozen=True)
class CodeListing:
    """The lines that are shown, and the numbers of lines left out before and after them."""

    lines: tuple[CodeLine, ...]
    before: int
    after: int


def highlightable_text(source: str) -> str | None:
    """Return the text under which the colours of a source are stored; None if the source or one line is too long."""
    texts = _visible_lines(source)
    text = "\n".join(texts)
    return text if len(text) <= _MAX_HIGHLIGHTED_CHARS and max(map(len, texts)) <= _MAX_LINE_CHARS else None


def build_listing(source: str, fault_lines: Collection[int], max_chars: int, colours: HighlightedCode) -> CodeListing:
    """Return the lines of the source that fit in `room` characters, from the top or around the first line at fault."""
    texts = _visible_lines(source)
    whole = "\n".join(texts)
    if len(whole) <= max_chars:
        first, last = 0, len(texts)
        html = list(colours.get(whole, ()))
        if len(html) != len(texts):
            html = [escape(line) for line in texts]
    else:
        first = min(max(min(fault_lines, default=1) - 1 - _LINES_BEFORE_BLAMED, 0), len(texts) - 1)
        last = _end(texts, first, max_chars)
        html = [escape(line[:max_chars]) for line in texts[first:last]]
    lines = tuple(CodeLine(number, line, number in fault_lines) for number, line in enumerate(html, first + 1))
    return CodeListing(lines, first, len(texts) - last)


def _visible_lines(source: str) -> list[str]:
    """Return the lines as the page shows them: tabs expanded, invisible characters spelt out."""
    text = source.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return reveal_invisible(text.expandtabs(4)).split("\n")


def _end(texts: list[str], first: int, max_chars: int) -> int:
    """Return the index behind the last line that fits, which is at least one behind `first`."""
    last = first
    while last < len(texts) and (last == first or len(texts[last]) < max_chars):
        max_chars -= len(texts[last]) + 1
        last += 1
    return last
