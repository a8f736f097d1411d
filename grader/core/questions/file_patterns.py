"""The files of an exercise of several files: paths and patterns such as `models/*.py`, matched folder by folder."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from grader.core.text.messages import MessageLike, gettext, ngettext

MAX_FILES: Final = 200
"""Files of one submission."""
MAX_PATH_LENGTH: Final = 200
MAX_PATH_PARTS: Final = 10
FILE_SUFFIXES: Final = (".ipynb", ".py")
_MAX_NAMED: Final = 5
_PART: Final = re.compile(r"(?!\.)[^\x00-\x1f\x7f/\\:<>\"|?*]+(?<![. ])")
_PATTERN_PART: Final = re.compile(r"(?!\.)[^\x00-\x1f\x7f/\\:<>\"|\[\]]+(?<![. ])")


def is_safe_path(path: str) -> bool:
    """Return whether a path is relative, printable and short, without `..` and without hidden parts."""
    parts = path.split("/")
    is_short = len(path) <= MAX_PATH_LENGTH and len(parts) <= MAX_PATH_PARTS
    return is_short and path.isprintable() and all(_PART.fullmatch(part) for part in parts)


def is_pattern(text: str) -> bool:
    """Return whether a text is a path of a notebook or script, which may have `*` and `?` in its parts."""
    parts = text.split("/")
    return (
        text.endswith(FILE_SUFFIXES)
        and text.isprintable()
        and len(text) <= MAX_PATH_LENGTH
        and len(parts) <= MAX_PATH_PARTS
        and all(_PATTERN_PART.fullmatch(part) for part in parts)
    )


def has_wildcard(pattern: str) -> bool:
    """Return whether a pattern may stand for several files."""
    return "*" in pattern or "?" in pattern


def match_path(path: str, pattern: str) -> str | None:
    """Return the path that a file has in the exercise; None if the pattern isn't that of the file.

    Upper and lower case make no difference: what the pattern spells out has its spelling. A path longer than any file
    may have fits no pattern, so that a name in an archive can't take long to match.
    """
    if len(path) > MAX_PATH_LENGTH:
        return None
    parts, wanted = path.split("/"), pattern.split("/")
    if len(parts) != len(wanted):
        return None
    if not all(_compile(one).fullmatch(part.casefold()) for part, one in zip(parts, wanted, strict=True)):
        return None
    return "/".join(part if has_wildcard(one) else one for part, one in zip(parts, wanted, strict=True))


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern.casefold()).replace(r"\*", ".*").replace(r"\?", "."))


def list_missing(patterns: Sequence[str], paths: Iterable[str]) -> list[str]:
    """Return the files that are missing, in order; a pattern that may stand for several files is never missing."""
    known = list(paths)
    named = (pattern for pattern in patterns if not has_wildcard(pattern))
    return [pattern for pattern in named if all(match_path(path, pattern) is None for path in known)]


def sort_paths(patterns: Sequence[str], paths: Iterable[str]) -> list[str]:
    """Return the paths in the order of their patterns."""

    def find_place(path: str) -> tuple[int, str]:
        fitting = (i for i, pattern in enumerate(patterns) if match_path(path, pattern) is not None)
        return next(fitting, len(patterns)), path

    return sorted(paths, key=find_place)


def describe_missing(missing: Sequence[str]) -> MessageLike:
    """Return the sentence that names missing files."""
    return ngettext(
        "The file {names} is missing.", "{n} files are missing: {names}.", n=len(missing), names=list_names(missing)
    )


def list_names(names: Sequence[str]) -> MessageLike:
    """Return names as a list, of which the first few are named."""
    listed = ", ".join(names[:_MAX_NAMED])
    more = len(names) - _MAX_NAMED
    return gettext("{names} and {n} more", names=listed, n=more) if more > 0 else listed
