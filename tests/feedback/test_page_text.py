"""Untrusted text is made visible, short and harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from grader.feedback.page_text import clip, format_percent, render_prose, reveal_invisible

ANYTHING = st.text(st.characters(codec=None))  # single surrogates too
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # Persian and emoji are written with them


def test_invisible_characters_are_spelt_out() -> None:
    """Every control, format, surrogate or separator character is replaced; tab, newline and joiners stay."""
    unseen = [chr(i) for i in range(0x110000) if unicodedata.category(chr(i)) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    kept = [c for c in unseen if reveal_invisible(c) == c]
    assert set(kept) == {"\t", "\n", *JOINERS}
    assert reveal_invisible("a\u202eb") == "a⟨U+202E⟩b"


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_ordinary_text_is_unchanged(text: str) -> None:
    """Letters, digits, signs and spaces of every script are shown as they are."""
    assert reveal_invisible(text) == text


def test_towers_of_accents_are_taken_apart() -> None:
    """At most three combining marks are shown on one character."""
    assert reveal_invisible("e\u0301\u0302\u0303") == "e\u0301\u0302\u0303"
    tower = reveal_invisible("e" + "\u0301" * 50)
    assert "\u0301" * 4 not in tower
    assert tower.count("\u0301") == 50


@given(ANYTHING)
def test_every_text_can_be_written_as_utf8(text: str) -> None:
    """The revealed text can be encoded as UTF-8."""
    reveal_invisible(text).encode()


@given(ANYTHING, st.integers(0, 50))
def test_a_clipped_text_is_short_and_says_so(text: str, limit: int) -> None:
    """`clip` returns at most the limit and one `…`, which is there whenever something is left out."""
    short = clip(text, limit)
    assert len(short) <= limit + 1
    assert short == reveal_invisible(text) or short.endswith("…")


@given(ANYTHING)
def test_prose_is_escaped_text_with_code_elements(text: str) -> None:
    """With its tags turned back into backticks and asterisks, prose is the escaped text."""
    html = str(render_prose(text, 10_000))
    plain = html.replace("<code>", "`").replace("</code>", "`")
    plain = plain.replace("<em>", "*").replace("</em>", "*")
    assert plain == str(escape(reveal_invisible(text)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("the identity *matrix*.", "the identity <em>matrix</em>."),
        ("*two words*, *é*", "<em>two words</em>, <em>é</em>"),
        ("`a *b* c`", "<code>a *b* c</code>"),
        ("x*y*z", "x*y*z"),
        ("2 * y * z", "2 * y * z"),
        ("2 *3* 4, **kwargs, *args", "2 *3* 4, **kwargs, *args"),
    ],
)
def test_asterisks_around_words_become_emphasis(text: str, html: str) -> None:
    """Words between asterisks are emphasised; products and parameters are not."""
    assert str(render_prose(text)) == html


def test_backticks_become_code() -> None:
    """Pairs of backticks become `<code>`, a single one stays, and the text between them is escaped."""
    assert render_prose("use `a<b` or `") == "use <code>a&lt;b</code> or `"


@pytest.mark.parametrize(("share", "text"), [(0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1, "100 %")])
def test_nearly_all_is_not_all(share: float, text: str) -> None:
    """0 % and 100 % mean none and all."""
    assert format_percent(share) == text
