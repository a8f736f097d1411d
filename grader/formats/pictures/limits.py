"""The limits of pictures, and the error for a picture that can't be shown."""

from typing import Final

from grader.core.text.messages import Message, TranslatableError, gettext

MAX_PICTURE_BYTES: Final = 6_000_000
MAX_SIDE: Final = 10_000
"""Pixels."""
MAX_PIXELS: Final = 25_000_000
MAX_DECODED_BYTES: Final = 100_000_000
"""Bytes of a PNG's decompressed lines."""


class BadPicture(TranslatableError):
    """A picture that is not shown; the argument ends a sentence that begins with its name."""


class DamagedPicture(BadPicture):
    """A file that begins like a picture, and turned out not to be one."""


def make_damaged_error(kind: str) -> BadPicture:
    """Return the error for data that are not a file of this kind, such as `PNG`."""
    return DamagedPicture(gettext("its data are not a complete {kind} file", kind=kind))


def make_large_error() -> BadPicture:
    """Return the error for a file with too many bytes."""
    return BadPicture(gettext("it is larger than the limit of {most} MB", most=MAX_PICTURE_BYTES // 1_000_000))


def require_size(width: int, height: int) -> None:
    """Raise BadPicture for a picture with too many pixels."""
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise BadPicture(make_size_message(width, height))


def make_size_message(width: int, height: int) -> Message:
    """Return the reason for a picture with too many pixels."""
    return gettext(
        "it has {width} × {height} pixels, more than the limit of {most} million",
        width=width,
        height=height,
        most=MAX_PIXELS // 1_000_000,
    )
