"""Build HTML from text that a disposable process took apart: known tags only, everything else escaped.

The answer of that process was made by third-party parsers from untrusted text, and is trusted as little as the text
itself: tags and attributes that aren't listed here are left out, and code that differs from the source is refused.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from markupsafe import Markup, escape

from grader.feedback.page_text import reveal_invisible

Typesetter = Callable[[str], str | None]
"""Take the request that `markup_worker` describes and return its answer; None if it overran its limits or died."""

_MAX_ANSWER_CHARS: Final = 4_000_000  # characters of an answer
_UNCHANGED_TAGS: Final = (
    *("p", "br", "hr", "em", "strong", "b", "i", "u", "s", "del", "sub", "sup", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
)
_HEADINGS: Final = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}  # below the page's own
_HTML: Final = {tag: tag for tag in _UNCHANGED_TAGS} | _HEADINGS
_VOID: Final = ("br", "hr")
_MATHML: Final = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup"),
        *("msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd"),
        *("mpadded", "mphantom", "mstyle", "menclose", "mfenced", "none"),
    )
)
_ATTRIBUTES: Final = frozenset(
    (
        *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle"),
        *("fence", "form", "height", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits"),
        *("notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "width"),
    )
)
_VALUE: Final = re.compile(r"[\w.%+ -]{1,60}", re.ASCII)
_COLOURS: Final = frozenset("ksncd")


@dataclass(frozen=True)
class TypesetRequest:
    """Texts of a page to typeset, each once: code, markdown, and formulas (TeX without the dollar signs)."""

    code: tuple[str, ...] = ()
    markdown: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True)
class TypesetResult:
    """Typeset texts by their source. A text that could not be typeset is missing."""

    code: Mapping[str, tuple[Markup, ...]] = field(default_factory=dict)
    markdown: Mapping[str, Markup] = field(default_factory=dict)
    formulas: Mapping[str, Markup] = field(default_factory=dict)


def typeset(texts: TypesetRequest, typesetter: Typesetter | None) -> TypesetResult:
    """Typeset texts. Return an empty result without a typesetter, or if its answer can't be read."""
    if typesetter is None or texts == TypesetRequest():
        return TypesetResult()
    request = {"code": texts.code, "markdown": texts.markdown, "formulas": texts.formulas}
    answer = typesetter(json.dumps(request))
    if answer is None or len(answer) > _MAX_ANSWER_CHARS:
        return TypesetResult()
    try:
        parsed = json.loads(answer)
        return TypesetResult(
            {text: render_code_lines(runs, text) for text, runs in _pair_results(texts.code, parsed["code"])},
            {text: render_pieces(pieces) for text, pieces in _pair_results(texts.markdown, parsed["markdown"])},
            {text: render_pieces(pieces) for text, pieces in _pair_results(texts.formulas, parsed["formulas"])},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return TypesetResult()


def _pair_results(texts: Sequence[str], items: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Yield each text that has a result, with the result. Raises ValueError if the numbers of both differ."""
    return ((text, item) for text, item in zip(texts, items, strict=True) if item is not None)


def render_code_lines(runs: Iterable[Sequence[str]], text: str) -> tuple[Markup, ...]:
    """Return runs of one colour as lines of HTML. Raises ValueError if the runs don't add up to `text`."""
    lines: list[list[Markup]] = [[]]
    seen: list[str] = []
    for kind, run in runs:
        seen.append(run)
        for i, part in enumerate(run.split("\n")):
            if i:
                lines.append([])
            if part:
                coloured = kind if kind in _COLOURS else ""
                lines[-1].append(Markup(f"<span class={coloured}>{escape(part)}</span>") if coloured else escape(part))
    if "".join(seen) != text:
        raise ValueError("this is other code than was asked for")
    return tuple(Markup("").join(parts) for parts in lines)


def make_tag(name: str, attributes: Mapping[str, str]) -> tuple[str, str]:
    """Return the start and the end of a tag; both are empty for an unknown tag."""
    if name in _MATHML:
        listed = "".join(
            f' {key}="{value}"' for key, value in attributes.items() if key in _ATTRIBUTES and _VALUE.fullmatch(value)
        )
        return f"<{name}{listed}>", f"</{name}>"
    if name == "table":
        return '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>', "</table></div>"
    if name == "th":
        return '<th scope="col">', "</th>"
    if name == "pre":
        return '<div class="scroll" tabindex="0" role="group" aria-label="Code"><pre>', "</pre></div>"
    if name in _VOID:
        return f"<{name}>", ""
    written = _HTML.get(name)
    return (f"<{written}>", f"</{written}>") if written else ("", "")


TagMaker = Callable[[str, Mapping[str, str]], tuple[str, str]]
"""Make the start and the end of a tag from its name and attributes."""


def render_pieces(pieces: Iterable[Any], make_tag: TagMaker = make_tag) -> Markup:
    """Return pieces as HTML in which every tag is a known one and every tag is closed."""
    parts: list[str] = []
    ends: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(str(escape(reveal_invisible(piece))))
        elif piece is None:
            parts.append(ends.pop() if ends else "")
        else:
            start, end = make_tag(*piece)
            parts.append(start)
            ends.append(end)
    return Markup("".join(parts) + "".join(reversed(ends)))
