"""File names for pages: the student's own where it is plain, else a likeness with a fingerprint of the whole name.

A name is a function of student and exercise alone, so that links and pages agree whatever the order. All are lower
case, and `--` stands in front of fingerprints only: no two students share a file, on no file system.
"""

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_WINDOWS_DEVICES: Final = re.compile(
    r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?"
)  # Windows keeps these names for itself
_MAX_PLAIN_CHARS: Final = 60
_MAX_LIKENESS_CHARS: Final = 32

CLASS_PAGE: Final = "index.html"


def page_name(student: str | None, exercise: str) -> PurePosixPath:
    """Where a student's page of an exercise is, below the folder of all pages: `ada/losses.html`."""
    folder = "_anonymous" if student is None else safe_name(student)
    return PurePosixPath(folder, f"{safe_name(exercise)}.html")


def safe_name(name: str) -> str:
    """A file name of `a-z 0-9 . _ -` for any text, different for different texts."""
    if len(name) <= _MAX_PLAIN_CHARS and _PLAIN.fullmatch(name) and not _WINDOWS_DEVICES.fullmatch(name):
        return name
    ascii_only = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode().lower()
    likeness = re.sub("[^a-z0-9]+", "-", ascii_only)[:_MAX_LIKENESS_CHARS].strip("-") or "x"
    fingerprint = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{likeness}--{fingerprint}"
