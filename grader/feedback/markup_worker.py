"""Take untrusted text apart with third-party parsers: markdown by nbconvert, code by pygments, TeX by latex2mathml.

This module runs in a disposable process, inside the sandbox and within limits; nothing else may import it. It returns
not HTML but pieces, of which `markup` accepts the ones that it knows.

    in    {"code": [source, ...], "markdown": [text, ...], "formulas": [TeX, ...], "documents": [text, ...]}
    out   the same keys; an item on which a parser failed is null
          code      a list of runs, [colour, text]
          others    a list of pieces: "text", [tag, {attribute: value}], and null, which closes the innermost tag

A document is markdown that keeps its links and images; in other markdown, links become their address as text.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any, Final
from xml.etree.ElementTree import Element

import bleach
from latex2mathml.converter import convert_to_element
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

Piece = str | list[Any] | None

_TAGS: Final = (
    *("p", "br", "hr", "em", "strong", "b", "i", "u", "s", "del", "sub", "sup", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "img"),
)
_ATTRIBUTES: Final = {"a": ["href"], "img": ["alt", "src"]}
_VOID: Final = ("br", "hr")
_MAX_FORMULA_CHARS: Final = 2_000
_FORMULA: Final = re.compile("\ue000(\\d{1,6})\ue001")
_UNKNOWN_COMMAND: Final = re.compile(r"\\[A-Za-z]+")  # a command that the converter left as it was in its output


def convert(request: str) -> str:
    """Return the pieces of every text in the request, as JSON."""
    asked = json.loads(request)
    answer = {
        "code": [_parse_or_none(_runs, source) for source in asked["code"]],
        "markdown": [_parse_or_none(_markdown, text) for text in asked["markdown"]],
        "formulas": [_parse_or_none(lambda tex: _formula(tex, "inline"), tex) for tex in asked["formulas"]],
        "documents": [_parse_or_none(_document, text) for text in asked.get("documents", ())],
    }
    return json.dumps(answer, separators=(",", ":"))


def _parse_or_none(parse: Callable[[str], Iterable[Any]], text: str) -> list[Any] | None:
    try:
        return list(parse(text))
    except Exception:  # a parser's failure on hostile text, RecursionError included, costs this item only
        return None


def _runs(source: str) -> Iterator[list[str]]:
    """Yield runs of text: adjacent tokens of one colour are joined."""
    kind, run = "", ""
    for token, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        new = kind if text.isspace() else _kind(token)
        if new != kind and run:
            yield [kind, run]
            run = ""
        kind, run = new, run + text
    yield [kind, run]


def _kind(token: Any) -> str:
    """Return the colour as one letter: k(eyword), s(tring), n(umber), c(omment), d(efined name); else empty."""
    kinds = ((Comment, "c"), (String, "s"), (Number, "n"), (Keyword, "k"), (Operator.Word, "k"))
    for parent, letter in kinds:
        if token in parent:
            return letter
    return "d" if token in (Name.Function, Name.Class, Name.Function.Magic) else ""


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, which puts formulas aside and leaves code blocks plain."""

    def __init__(self) -> None:
        super().__init__(escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)
        self.formulas: list[tuple[str, str]] = []

    def inline_math(self, body: str) -> str:
        return self._aside(body, "inline")

    def block_math(self, body: str) -> str:
        return self._aside(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return self._aside(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{html.escape(code)}</code></pre>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return f'<img alt="{html.escape(text)}" src="{html.escape(url)}">'

    def _aside(self, tex: str, display: str) -> str:
        self.formulas.append((tex, display))
        return f"\ue000{len(self.formulas) - 1}\ue001"


def _markdown(text: str) -> Iterator[Piece]:
    return _collect_pieces(text, _PieceCollector())


def _document(text: str) -> Iterator[Piece]:
    return _collect_pieces(text, _DocumentCollector())


def _collect_pieces(text: str, parser: "_PieceCollector") -> Iterator[Piece]:
    renderer = _Renderer()
    dirty = MarkdownWithMath(renderer).render(re.sub("[\ue000\ue001]", "", text))
    clean = bleach.clean(dirty, _TAGS, _ATTRIBUTES, strip=True)
    parser.feed(clean)
    parser.close()
    for piece in parser.pieces:
        if not isinstance(piece, str):
            yield piece
            continue
        for i, part in enumerate(_FORMULA.split(piece)):
            if i % 2 and int(part) < len(renderer.formulas):
                yield from _formula_or_source(*renderer.formulas[int(part)])
            elif part:
                yield part


class _PieceCollector(HTMLParser):
    """Split clean HTML into pieces; images become their names, links their address as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._addresses.append(given.get("href", ""))
        elif tag == "img":
            self.pieces.append(f"[image: {given.get('alt') or 'not shown'}]")
        else:
            self.pieces += [[tag, {}], None] if tag in _VOID else [[tag, {}]]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            address = self._addresses.pop() if self._addresses else ""
            if address.startswith(("http:", "https:")) and address not in self.pieces[-1:]:
                self.pieces.append(f" ({address})")
        elif tag not in _VOID:
            self.pieces.append(None)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


class _DocumentCollector(_PieceCollector):
    """Split clean HTML into pieces with links and images."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("a", "img"):
            given = {name: value or "" for name, value in attrs}
            self.pieces += [[tag, given], None] if tag == "img" else [[tag, given]]
        else:
            super().handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.pieces.append(None)
        else:
            super().handle_endtag(tag)


def _formula_or_source(tex: str, display: str) -> Iterator[Piece]:
    try:
        yield from list(_formula(tex, display))
    except Exception:  # not a formula, or one with unknown commands: its source is shown
        yield from (["code", {}], tex, None)


def _formula(tex: str, display: str) -> Iterator[Piece]:
    """Yield a formula as MathML. Raises ValueError, or the converter's own error, for TeX that it doesn't know."""
    if len(tex) > _MAX_FORMULA_CHARS:
        raise ValueError("too long")
    pieces = list(_mathml(convert_to_element(tex, display=display)))
    if any(isinstance(piece, str) and _UNKNOWN_COMMAND.search(piece) for piece in pieces):
        raise ValueError("unknown command")
    return iter(pieces)


def _mathml(element: Element) -> Iterator[Piece]:
    attributes = {name: value for name, value in element.attrib.items() if name != "xmlns"}
    yield [element.tag, attributes]
    if element.text:
        yield html.unescape(element.text)
    for child in element:
        yield from _mathml(child)
    yield None


_WARMUP_TEXT: Final = r"""# Title

- *a* **b** `c` <b>d</b> ~~e~~

1. $x^2$ and

$$\begin{cases} \frac{1}{2} & a \\ 0 \end{cases}$$

| a | b |
|---|---|
| 1 | $\sum_i \hat{y}_i$ |

> https://example.org ![a](b) &amp;&copy;<script>a</script>

```python
x
```
"""
"""A text that passes through every parser once, so that nothing is imported or compiled later, in the sandbox."""
convert(
    json.dumps({"code": ["def f(x):\n    return '1' + 2  # c"], "markdown": [_WARMUP_TEXT], "formulas": ["x", "\\foo"]})
)
