"""Make untrusted text fit for a page: nothing invisible, no reversed writing direction, no unlimited length."""

import re
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

from grader.core.text.messages import MessageLike
from grader.core.text.numbers import localize_number

_INVISIBLE: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but for tab and newline
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"  # soft hyphen, Arabic and other format signs
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"  # zero width, directions; U+200C and U+200D belong to scripts
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff"  # halves of a character, which UTF-8 can't hold
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
_MARK: Final = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED: Final = re.compile(f"({_MARK}{{3}})(?={_MARK})")
FORMULA_PATTERN: Final = r"\$([^$`\n]{1,500})\$"
"""TeX between dollars."""
_EMPHASIS: Final = r"(?<![\w*])\*([^\W\d_](?:[^*`$\n]{0,80}[^\W_])?)\*(?![\w*])"
_SPECIAL: Final = re.compile("`([^`\n]+)`|" + FORMULA_PATTERN + "|" + _EMPHASIS)
_NO_FORMULAS: Final[Mapping[str, Markup]] = {}


def reveal_invisible(text: str) -> str:
    """Spell out every invisible character: U+202E becomes `⟨U+202E⟩`. Stacks of accents are broken up."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    text = _INVISIBLE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
    return _STACKED.sub("\\1\N{ZERO WIDTH NON-JOINER}\N{DOTTED CIRCLE}", text)


def clip(text: str, limit: int) -> str:
    """Return at most `limit` characters of a text as they are shown; `…` stands for the rest."""
    seen = reveal_invisible(text[: limit + 1])
    return seen if max(len(seen), len(text)) <= limit else seen[:limit] + "…"


def render_prose(text: str, limit: int = 2_000, formulas: Mapping[str, Markup] = _NO_FORMULAS) -> Markup:
    """Return a sentence as HTML: escaped, `code`, *emphasis*, and typeset formulas, which are looked up by TeX.

    No other markdown is interpreted.
    """
    shown, parts, end = clip(text, limit), [], 0
    for match in _SPECIAL.finditer(shown):
        code, tex, emphasised = match.groups()
        parts.append(escape(shown[end : match.start()]))
        if code:
            parts.append(Markup("<code>{}</code>").format(code))
        elif emphasised:
            parts.append(Markup("<em>{}</em>").format(emphasised))
        else:
            parts.append(formulas.get(tex, escape(match[0])))
        end = match.end()
    return Markup("").join((*parts, escape(shown[end:])))


def format_percent(share: float) -> str:
    """Format a share from 0 to 1 as a whole percentage; 0 % and 100 % are shown only for exactly 0 and 1."""
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return f"{whole} %"


def format_correlation(r: float) -> MessageLike:
    """Format a correlation with two decimals and a real minus sign: `0.42`, `−0.07`."""
    return localize_number(f"{r + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−"))
