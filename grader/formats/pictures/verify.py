"""Verify a picture by its own bytes, whatever type it claims to have."""

from grader.core.report.pictures import Picture
from grader.core.text.messages import gettext
from grader.formats.pictures import jpeg, png
from grader.formats.pictures.limits import MAX_PICTURE_BYTES, BadPicture, make_large_error


def verify_picture(name: str, data: bytes) -> Picture:
    """Return the picture in a file of PNG or JPEG. Raises BadPicture."""
    if len(data) > MAX_PICTURE_BYTES:
        raise make_large_error()
    if data.startswith(png.SIGNATURE):
        return Picture(name, "image/png", *png.rewrite_png(data))
    if data.startswith(jpeg.SIGNATURE):
        return Picture(name, "image/jpeg", *jpeg.rewrite_jpeg(data))
    raise make_type_error()


def make_type_error() -> BadPicture:
    """Return the error for a file of any other type."""
    return BadPicture(gettext("only PNG and JPEG pictures are shown"))
