"""The answer of the disposable process becomes HTML with known tags only.

Covers `feedback/markup_worker.py`.
"""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.feedback.markup import TypesetRequest, TypesetResult, render_code_lines, render_pieces, typeset
from grader.feedback.markup_worker import convert

NAMES = st.sampled_from(["p", "b", "script", "math", "mi", "table", "th", "pre", "br", "h1", "svg", "x onclick=1", "a"])
PIECES = st.lists(
    st.text(st.characters(codec=None), max_size=8)
    | st.none()
    | st.tuples(NAMES, st.dictionaries(st.sampled_from(["display", "onclick", "href", "style", "width"]), st.text())),
    max_size=12,
)


class Balance(HTMLParser):
    """Track the open tags and the attributes seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(PIECES)
def test_any_pieces_become_complete_known_elements(pieces: list[Any]) -> None:
    """For any answer, every tag is closed and known, and no attribute is a link or runs a script."""
    seen = Balance()
    written = render_pieces(pieces)
    seen.feed(written)
    seen.close()
    assert not seen.open
    assert not seen.attributes & {"onclick", "href", "style"}
    assert "<script" not in written
    written.encode()


def test_other_code_is_refused() -> None:
    """Lines that differ from the requested code are refused."""
    assert render_code_lines([["k", "def "], ["", "f"]], "def f")[0] == "<span class=k>def </span>f"
    with pytest.raises(ValueError, match="other code"):
        render_code_lines([["k", "def g"]], "def f")
    assert (
        typeset(
            TypesetRequest(code=("a",)), lambda _: json.dumps({"code": [[["", "b"]]], "markdown": [], "formulas": []})
        )
        == TypesetResult()
    )


@pytest.mark.parametrize(
    "answer", ["", "null", "1", "{", '{"code": 1}', '{"code": [], "markdown": [[1]], "formulas": []}', "[" * 100_000]
)
def test_an_invalid_answer_gives_nothing(answer: str) -> None:
    """Invalid answers of any kind give an empty result."""
    assert typeset(TypesetRequest(markdown=("a",)), lambda _: answer) == TypesetResult()


def test_markdown_becomes_html() -> None:
    """Headings are below the page's own, tables and code can scroll, links and images become text."""
    text = "# T\n\n*a* <b>b</b> [c](https://example.org) ![d](e.png)\n\n| x |\n|---|\n| 1 |\n\n    code\n"
    made = typeset(TypesetRequest(markdown=(text,)), convert).markdown[text]
    for part in ("<h3>T</h3>", "<em>a</em> <b>b</b> c (https://example.org) [image: d]", '<th scope="col">x</th>'):
        assert part in made
    assert "<pre><code>code</code></pre>" in made


@pytest.mark.parametrize(
    "tex", ["x^2", r"\frac{1}{2}", r"\hat{y}_i", r"\mathrm{relu}(u)", r"\begin{cases} 1 \\ 0 \end{cases}"]
)
def test_formulas_become_mathml(tex: str) -> None:
    """A formula becomes a `math` element, both in a sentence and in markdown."""
    made = typeset(TypesetRequest(markdown=(f"so ${tex}$",), formulas=(tex,)), convert)
    assert made.formulas[tex].startswith('<math display="inline">')
    assert made.formulas[tex] in made.markdown[f"so ${tex}$"]
    assert "\\" not in made.formulas[tex]


@pytest.mark.parametrize("tex", [r"\unknown{x}", r"\frac{1}", "{" * 50, "x" * 3_000, r"\begin{cases} 1"])
def test_an_unknown_formula_stays_tex(tex: str) -> None:
    """TeX that is too long or unknown to the converter is shown as it was written."""
    made = typeset(TypesetRequest(markdown=(f"so ${tex}$",)), convert).markdown[f"so ${tex}$"]
    assert "<math" in made or tex[:20] in made
