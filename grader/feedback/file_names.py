"""File names of pages: a plain name stays as it is; any other becomes an ASCII likeness and a fingerprint of the name.

A file name depends on the student and the exercise alone, so that links and pages agree in any order of writing. All
file names are lower case, and `--` occurs only before fingerprints, so that no two students share a file on any file
system.
"""

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_WINDOWS_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")  # names that Windows reserves
_MAX_PLAIN_CHARS: Final = 60
_MAX_LIKENESS_CHARS: Final = 32

CLASS_PAGE: Final = "index.html"


def page_name(student: str | None, exercise: str) -> PurePosixPath:
    """Return the path of a student's page of an exercise, below the folder of all pages: `ada/losses.html`."""
    folder = "_anonymous" if student is None else safe_name(student)
    return PurePosixPath(folder, f"{safe_name(exercise)}.html")


def safe_name(name: str) -> str:
    """Return a file name of `a-z 0-9 . _ -` for any text; different texts get different names."""
    if len(name) <= _MAX_PLAIN_CHARS and _PLAIN.fullmatch(name) and not _WINDOWS_DEVICES.fullmatch(name):
        return name
    ascii_only = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode().lower()
    likeness = re.sub("[^a-z0-9]+", "-", ascii_only)[:_MAX_LIKENESS_CHARS].strip("-") or "x"
    fingerprint = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{likeness}--{fingerprint}"
