"""A path as student code writes it, as a name in the table of files: text alone decides, nothing is looked up."""

import errno
import os
from typing import Any, Final, NoReturn

MAX_PATH_LENGTH: Final = 4096
"""Longest path, in characters."""
MAX_PATH_PARTS: Final = 64
"""Greatest number of parts of a path."""
_MAX_SHOWN: Final = 200


def read_path(path: Any, folder: str = "") -> str:
    """Return the name of a path: its parts joined by `/`, without `.` and `..`; "" is the root.

    A relative path begins at `folder`. Raises TypeError for what isn't a path, FileNotFoundError for a path that no
    file can have: one that leads above the root, is too long or too deep, or contains a NUL.
    """
    text = decode_path(path)
    if os.altsep:  # Windows
        text = os.path.splitdrive(text)[1].replace(os.sep, os.altsep)
    if not text or "\0" in text or len(text) > MAX_PATH_LENGTH or not _is_encodable(text):
        refuse("this path is empty, too long, or contains a NUL or half a character", text)
    parts = [] if text.startswith("/") or not folder else folder.split("/")
    for part in text.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                refuse("this path leads out of the exercise's folder", text)
            parts.pop()
        else:
            parts.append(part)
    if len(parts) > MAX_PATH_PARTS:
        refuse("this path has too many parts", text)
    return "/".join(parts)


def decode_path(path: Any) -> str:
    """Return a path as exactly a `str`, whatever a subclass says about itself. Raises TypeError."""
    if not isinstance(path, str | bytes):
        try:
            path = type(path).__fspath__(path)
        except AttributeError:
            path = None
    if isinstance(path, bytes):
        return bytes.decode(path, "utf-8", "surrogateescape")
    if isinstance(path, str):
        return str.__str__(path)
    raise TypeError("a path must be a text, bytes or os.PathLike object")


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def shorten_path(path: Any) -> str:
    """Return the beginning of a path, for an error."""
    return decode_path(path)[:_MAX_SHOWN]


def refuse(reason: str, path: str) -> NoReturn:
    """Raise FileNotFoundError with a reason."""
    raise FileNotFoundError(errno.ENOENT, reason, path[:_MAX_SHOWN])
