"""A student's code as numbered lines, coloured where it could be typeset, with the lines at fault marked.

Below a line stand the sentences that speak of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from grader.core.report.check_report import CheckReport
from grader.feedback.page_text import reveal_invisible

_MAX_HIGHLIGHTED_CHARS: Final = 20_000  # characters; longer code is shown without colours
_MAX_LINE_CHARS: Final = 400
_LINES_BEFORE_BLAMED: Final = 12  # lines shown before the first blamed one where not all fit

LineNotes = Mapping[int, Sequence[str]]
"""Lines, from 1, each with the sentences about it."""
HighlightedCode = Mapping[str, Sequence[Markup]]
"""Lines of HTML by the text that they show, which is the text that `highlightable_text` returns."""


@dataclass(frozen=True)
class CodeLine:
    """One line of code as HTML, and the sentences about it. `number` counts from 1."""

    number: int
    html: Markup
    is_at_fault: bool
    notes: tuple[str, ...] = ()


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


def build_listing(
    source: str, fault_lines: Collection[int], max_chars: int, colours: HighlightedCode, notes: LineNotes | None = None
) -> CodeListing:
    """Return the lines of the source that fit in `max_chars`, from the top or around the first line at fault.

    Lines with notes are at fault, too.
    """
    said = notes or {}
    faults = {*fault_lines, *said}
    texts = _visible_lines(source)
    whole = "\n".join(texts)
    if len(whole) <= max_chars:
        first, last = 0, len(texts)
        html = list(colours.get(whole, ()))
        if len(html) != len(texts):
            html = [escape(line) for line in texts]
    else:
        first = min(max(min(faults, default=1) - 1 - _LINES_BEFORE_BLAMED, 0), len(texts) - 1)
        last = _end(texts, first, max_chars)
        html = [escape(line[:max_chars]) for line in texts[first:last]]
    lines = tuple(CodeLine(n, line, n in faults, tuple(said.get(n, ()))) for n, line in enumerate(html, first + 1))
    return CodeListing(lines, first, len(texts) - last)


def collect_line_notes(checks: Iterable[CheckReport], label: str) -> LineNotes:
    """Return the lines of the cell with that label of which the checks' explanations speak, with these sentences."""
    notes: dict[int, dict[str, None]] = {}
    for check in checks:
        for one in check.explanations:
            if one.line is not None and one.cell == label:
                notes.setdefault(one.line, {})[one.at_line or one.text] = None
    return {line: tuple(texts) for line, texts in notes.items()}


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
