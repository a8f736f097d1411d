"""Parses a file's name into the exercise and the attempt, without the additions of people, browsers and systems.

`losses (1)`, `losses-final`, `losses_v2`, `Losses copy`, `losses - Copie (2)`, `losses-Copy1`, `Copy of losses`,
`losses - コピー` all stand for `losses`. An exercise may have aliases, which are its names too; those with wildcards
come last. Nothing is guessed: a name that fits no exercise, or several, gives none.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.questions.exercise_names import ExerciseNames
from grader.core.questions.file_patterns import has_wildcard, match_path

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
    """The exercise in a stem, and the numbers behind it, which order attempts (`losses_v2 (1)`: 2, 1)."""

    exercise: str | None
    attempt: tuple[int, ...] = ()
    fits_wildcard: bool = False
    """Whether the stem fits an alias with a wildcard, and no name."""


def parse_stem(stem: str, exercises: Sequence[str]) -> ParsedStem:
    """Return the exercise in a stem, in any case and with any separators, if exactly one fits."""
    if stem in exercises:
        return ParsedStem(stem)
    aliases = exercises.aliases if isinstance(exercises, ExerciseNames) else {}
    known: dict[str, list[str]] = {}
    for exercise in exercises:
        for name in (exercise, *aliases.get(exercise, ())):
            if not has_wildcard(name) and exercise not in known.setdefault(fold_name(name), []):
                known[fold_name(name)].append(exercise)
    text: str | None = fold_name(stem)
    numbers: list[int] = []
    by_wildcard = ParsedStem(None)
    while text is not None and text not in known:
        fitting = [one for one, names in aliases.items() if any(_fits(text, name) for name in names)]
        if fitting:  # without further additions, it may still fit: their numbers are those of an attempt
            attempt = tuple(numbers)
            by_wildcard = ParsedStem(fitting[0], attempt, True) if len(fitting) == 1 else ParsedStem(None)
        text = _strip_addition(text, known, numbers)
    if text is None:
        return by_wildcard
    return ParsedStem(known[text][0], tuple(numbers)) if len(known[text]) == 1 else ParsedStem(None)


def _fits(text: str, alias: str) -> bool:
    return has_wildcard(alias) and match_path(text, fold_name(alias)) is not None


def _strip_addition(text: str, known: dict[str, list[str]], numbers: list[int]) -> str | None:
    """Return the text without one addition, whose number is put before the others; None if there is none to remove."""
    if addition := _SUFFIX.search(text):
        number = next((n for n in addition.groups() if n), "")
    elif addition := _NUMBER_SUFFIX.search(text):
        number = addition[1]
        base = re.escape(text[: addition.start()])
        if any(re.fullmatch(rf"{base}_?\d+", other) for other in known):
            return None  # if there is a `day_2`, `day_3` is not the third attempt at `day`
    elif addition := _PREFIX.search(text):
        return text[addition.end() :]
    else:
        return None
    if number:
        numbers.insert(0, int(number))
    return text[: addition.start()].rstrip("_")


def fold_name(text: str) -> str:
    """Return the text without the differences between two spellings of a name: case, width, separators."""
    return _GAP.sub("_", unicodedata.normalize("NFKC", text).casefold()).strip("_")
