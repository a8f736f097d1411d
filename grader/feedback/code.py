"""A student's own code as numbered, coloured lines, with the blamed ones marked."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup, escape

from grader.feedback.text import visible

_LONGEST_SOURCE: Final = 20_000  # characters; longer code is shown without colours: pygments must not be kept busy
_LONGEST_LINE: Final = 400
_BEFORE: Final = 12  # lines shown before the first blamed one where not all fit


@dataclass(frozen=True)
class Line:
    """One line of code as HTML. `number` counts from 1."""

    number: int
    html: Markup
    blamed: bool


@dataclass(frozen=True)
class Listing:
    """The lines that are shown, and how many before and after them are not."""

    lines: tuple[Line, ...]
    before: int
    after: int


def listing(source: str, blamed: Collection[int], room: int) -> Listing:
    """The source as lines, as many as fit in `room` characters: from the top, or around the first blamed line."""
    text = source.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    texts = text.split("\n")
    if len(text) <= room:
        first, last = 0, len(texts)
        html = _coloured([visible(line.expandtabs(4)) for line in texts])
    else:
        first = min(max(min(blamed, default=1) - 1 - _BEFORE, 0), len(texts) - 1)
        last = _end(texts, first, room)
        html = [escape(visible(line[:room].expandtabs(4))) for line in texts[first:last]]
    lines = tuple(Line(number, line, number in blamed) for number, line in enumerate(html, first + 1))
    return Listing(lines, first, len(texts) - last)


def _end(texts: list[str], first: int, room: int) -> int:
    """The line behind the last one that fits, at least one behind the first."""
    last = first
    while last < len(texts) and (last == first or len(texts[last]) < room):
        room -= len(texts[last]) + 1
        last += 1
    return last


def _coloured(texts: list[str]) -> list[Markup]:
    """Each line as HTML, coloured where the code is of a size that pygments can be trusted with."""
    text = "\n".join(texts)
    if len(text) <= _LONGEST_SOURCE and max(map(len, texts)) <= _LONGEST_LINE:
        try:
            lines = _lexed(text)
        except Exception:  # a lexer's failure on hostile text, RecursionError included, costs the colours only
            lines = []
        if len(lines) == len(texts):
            return lines
    return [escape(line) for line in texts]


def _lexed(text: str) -> list[Markup]:
    from pygments.lexers.python import PythonLexer  # late: most pages of a class are unchanged, `--help` needs none

    lines: list[list[Markup]] = [[]]
    for kind, run in _runs(PythonLexer(stripnl=False, ensurenl=False).get_tokens(text)):
        for i, part in enumerate(run.split("\n")):
            if i:
                lines.append([])
            if part:
                lines[-1].append(Markup(f"<span class={kind}>{escape(part)}</span>") if kind else escape(part))
    return [Markup("").join(line) for line in lines]


def _runs(tokens: Iterator[tuple[Any, str]]) -> Iterator[tuple[str, str]]:
    """Neighbouring tokens of one colour as one run of text."""
    kind, run = "", ""
    for token, text in tokens:
        new = kind if text.isspace() else _kind(token)
        if new != kind and run:
            yield kind, run
            run = ""
        kind, run = new, run + text
    yield kind, run


def _kind(token: Any) -> str:
    """One letter for the few colours that there are: k(eyword), s(tring), n(umber), c(omment), d(efined name)."""
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    kinds: tuple[tuple[Any, str], ...] = (
        (Comment, "c"),
        (String, "s"),
        (Number, "n"),
        (Keyword, "k"),
        (Operator.Word, "k"),
    )
    for parent, letter in kinds:
        if token in parent:
            return letter
    return "d" if token in (Name.Function, Name.Class, Name.Function.Magic) else ""
