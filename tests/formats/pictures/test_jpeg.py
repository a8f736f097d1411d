"""A JPEG is shown if its segments are right, and only with those of its picture."""

import struct

import numpy as np
import pytest

from grader.formats.pictures.jpeg import rewrite_jpeg
from grader.formats.pictures.limits import BadPicture
from grader.formats.pictures.verify import verify_picture
from tests.formats.pictures.samples import load, make_image, save

PHOTO = save(make_image("RGB"), "jpeg")
FRAME = PHOTO.index(b"\xff\xc0")
SCAN = PHOTO.index(b"\xff\xda")


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_type_of_picture_is_kept_pixel_by_pixel(mode: str, progressive: bool) -> None:
    """Grey, colours, and colours of a printer; in one scan or in several."""
    data = save(make_image(mode), "jpeg", progressive=progressive, restart_marker_rows=1)
    picture = verify_picture("a", data)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 37, 21)
    assert np.array_equal(np.array(load(picture.data)), np.array(load(data)))


def test_nothing_but_the_picture_is_kept() -> None:
    """A place, a maker, a comment, a profile and data behind the end, such as a film, are gone."""
    exif = make_image("RGB").getexif()
    exif[0x010F], exif.get_ifd(0x8825)[1] = "Maker", "N"
    data = save(make_image("RGB"), "jpeg", exif=exif, comment=b"<script>", icc_profile=b"profile" * 9)
    rewritten, *_ = rewrite_jpeg(data + b"ftypmp42PK\3\4")
    assert all(word not in rewritten for word in (b"Maker", b"Exif", b"<script>", b"profile", b"ftyp", b"PK\3\4"))
    assert np.array_equal(np.array(load(rewritten)), np.array(load(data)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stays_upright(orientation: int) -> None:
    """The orientation is kept, and width and height are those that are seen."""
    exif = make_image("RGB").getexif()
    exif[0x0112] = orientation
    rewritten, width, height = rewrite_jpeg(save(make_image("RGB"), "jpeg", exif=exif))
    assert load(rewritten).getexif().get(0x0112, 1) == orientation
    assert (width, height) == ((21, 37) if orientation >= 5 else (37, 21))


@pytest.mark.parametrize(
    "tiff",
    [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"XX*\0" * 9, b"MM\0*\0\0\0\x08\0\1" + b"\1"],
)
def test_a_camera_s_damaged_data_are_ignored(tiff: bytes) -> None:
    """A picture whose orientation can't be read is shown as it is."""
    exif = b"Exif\0\0" + tiff
    rewritten, *_ = rewrite_jpeg(PHOTO[:2] + struct.pack(">HH", 0xFFE1, len(exif) + 2) + exif + PHOTO[2:])
    assert b"Exif" not in rewritten


def with_byte(position: int, value: int) -> bytes:
    """Return the photo with another byte at a position."""
    return PHOTO[:position] + bytes([value]) + PHOTO[position + 1 :]


@pytest.mark.parametrize(
    "data",
    [
        PHOTO[:-2],
        PHOTO[:SCAN] + b"\xff\xd9",
        PHOTO[:SCAN],
        PHOTO[:FRAME] + PHOTO[SCAN:],
        PHOTO[:FRAME] + PHOTO[FRAME : FRAME + 19] * 2 + PHOTO[FRAME + 19 :],
        with_byte(FRAME + 1, 0xC3),
        with_byte(FRAME + 4, 12),
        with_byte(FRAME + 9, 2),
        with_byte(FRAME + 11, 0x51),
        with_byte(SCAN + 4, 5),
        with_byte(SCAN + 5, 99),
        with_byte(PHOTO.index(b"\xff\xdb") + 4, 0x24),
        with_byte(PHOTO.index(b"\xff\xc4") + 4, 0x24),
        with_byte(FRAME + 3, 200),
        PHOTO[:FRAME] + b"\xff\xdc\0\4\0\1" + PHOTO[FRAME:],
        PHOTO[:FRAME] + b"\xff\xcc\0\4\0\1" + PHOTO[FRAME:],
        PHOTO[:FRAME] + b"junk" + PHOTO[FRAME:],
        PHOTO[: SCAN + 14] + PHOTO[SCAN:SCAN + 14] * 70 + PHOTO[SCAN + 14 :],
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + b"\xff" * 50,
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(data: bytes) -> None:
    """A segment, table, frame or scan that doesn't fit, or no end."""
    with pytest.raises(BadPicture, match="its data are not a complete JPEG file"):
        verify_picture("a", data)


def test_a_picture_has_limits() -> None:
    """A frame with too many pixels is refused before anything is decoded."""
    large = with_byte(FRAME + 5, 0x70)
    with pytest.raises(BadPicture, match="pixels, more than the limit"):
        verify_picture("a", large)
