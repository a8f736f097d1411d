"""What a file's name says: the exercise, less what people, browsers and systems write around it, and the attempt.

`losses (1)`, `losses-final`, `losses_v2`, `Losses copy`, `losses - Copie (2)`, `losses-Copy1`, `Copy of losses`,
`losses - コピー` all say `losses`. Nothing is guessed: a name that says no exercise, or more than one, says none.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WORDS: Final = (
    "copy|copie|コピー|のコピー|final|finale|finished|done|new|last|latest|submission|submitted|checkpoint|corrected|fixed"
    "|ipynb|py"
)
_SUFFIX: Final = re.compile(rf"_?\((?P<a>\d{{1,8}})\)$|_(?:{_WORDS})(?P<b>\d{{0,3}})$|_v(?:ersion_?)?(?P<c>\d{{1,3}})$")
_PREFIX: Final = re.compile(r"^(?:copy_of|copie_de|コピー_~)_")
_NUMBER_SUFFIX: Final = re.compile(r"_(\d{1,8})$")
_GAP: Final = re.compile(r"[\s_.+,-]+")


@dataclass(frozen=True)
class ParsedStem:
    """The exercise that a stem says, and the numbers behind it, which order attempts (`losses_v2 (1)`: 2, 1)."""

    exercise: str | None
    attempt: tuple[int, ...] = ()


def parse_stem(stem: str, exercises: Sequence[str]) -> ParsedStem:
    """The exercise that a stem says, in any case and with any separators, if it says exactly one."""
    if stem in exercises:
        return ParsedStem(stem)
    known: dict[str, list[str]] = {}
    for exercise in exercises:
        known.setdefault(_fold_name(exercise), []).append(exercise)
    text = _fold_name(stem)
    numbers: list[int] = []
    while text not in known:
        shorter = _strip_addition(text, known, numbers)
        if shorter is None:
            return ParsedStem(None)
        text = shorter
    return ParsedStem(known[text][0], tuple(numbers)) if len(known[text]) == 1 else ParsedStem(None)


def _strip_addition(text: str, known: dict[str, list[str]], numbers: list[int]) -> str | None:
    """The text less one addition, whose number is put before the others; None if there is none to take off."""
    if addition := _SUFFIX.search(text):
        number = next((n for n in addition.groups() if n), "")
    elif addition := _NUMBER_SUFFIX.search(text):
        number = addition[1]
        base = re.escape(text[: addition.start()])
        if any(re.fullmatch(rf"{base}_?\d+", other) for other in known):
            return None  # `day_3`, where there is a `day_2`, is not `day`
    elif addition := _PREFIX.search(text):
        return text[addition.end() :]
    else:
        return None
    if number:
        numbers.insert(0, int(number))
    return text[: addition.start()].rstrip("_")


def _fold_name(text: str) -> str:
    """The text without what may differ between two ways of writing a name: case, width, separators."""
    return _GAP.sub("_", unicodedata.normalize("NFKC", text).casefold()).strip("_")
