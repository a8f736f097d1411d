"""A PNG is shown if every byte of it is right, and only with the chunks of its picture.

Covers `formats/pictures/limits.py` and `formats/pictures/verify.py`.
"""

import zlib
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from grader.formats.pictures import limits
from grader.formats.pictures.limits import BadPicture
from grader.formats.pictures.png import rewrite_png
from grader.formats.pictures.verify import verify_picture
from tests.formats.pictures.samples import load, make_header, make_image, make_png, save

GREY = zlib.compress(b"\0ab\1cd")
"""Two lines of two grey pixels."""
END = (b"IEND", b"")
SIXTH, FOURTH = [6] * 8, [4, 5] * 4
ADAM7 = [
    [0, 5, 3, 5, 1, 5, 3, 5], SIXTH, FOURTH, SIXTH, [2, 5, 3, 5, 2, 5, 3, 5], SIXTH, FOURTH, SIXTH,
]  # fmt: skip
"""The pass, from 0, of each pixel of a block of 8 by 8: the drawing in the specification."""


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_type_of_picture_is_kept_pixel_by_pixel(mode: str) -> None:
    """Grey, palette, colours, with transparency, with one to sixteen bits."""
    grey = np.array(make_image("L")).astype(np.uint16) * 257
    image = Image.fromarray(grey) if mode == "I;16" else make_image(mode)
    assert image.mode == mode
    data = save(image, "png")
    picture = verify_picture("a", data)
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 37, 21)
    assert np.array_equal(np.array(load(picture.data)), np.array(load(data)))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2), (8, 8), (11, 9), (1, 20), (20, 1)])
def test_an_interlaced_picture_is_kept(width: int, height: int) -> None:
    """All seven passes are counted, also the empty ones of a small picture."""
    pixels = np.arange(width * height, dtype=np.uint8).reshape(height, width)
    order = np.array(ADAM7)[np.arange(height) % 8][:, np.arange(width) % 8]
    lines = b""
    for number in range(7):
        rows = [pixels[y][order[y] == number].tobytes() for y in range(height)]
        lines += b"".join(b"\0" + row for row in rows if row)
    data = make_png(make_header(width, height, 8, 0, 0, 0, 1), (b"IDAT", zlib.compress(lines)), END)
    rewritten, *_ = rewrite_png(data)
    assert np.array_equal(np.array(load(rewritten)), pixels)


def test_nothing_but_the_picture_is_kept() -> None:
    """Texts, unknown chunks, data behind the end and a split into many chunks are gone."""
    pieces = [(b"IDAT", GREY[a:b]) for a, b in pairwise(range(0, len(GREY) + 3, 3))]
    extra = [(b"tEXt", b"Comment\0<script>"), (b"eXIf", b"MM"), (b"abCd", b"PK\3\4")]
    rewritten, *_ = rewrite_png(make_png(make_header(2, 2), *extra, *pieces, END) + b"<script>PK\3\4")
    assert rewritten == make_png(make_header(2, 2), (b"IDAT", GREY), END)


@pytest.mark.parametrize(
    "data",
    [
        make_png(make_header(2, 2), (b"IDAT", GREY)),
        make_png((b"IDAT", GREY), make_header(2, 2), END),
        make_png(make_header(2, 2), make_header(2, 2), (b"IDAT", GREY), END),
        make_png(make_header(2, 2), END),
        make_png(make_header(2, 2), (b"IDAT", GREY[:5]), (b"tEXt", b"a\0b"), (b"IDAT", GREY[5:]), END),
        make_png(make_header(2, 2), (b"CRIT", b""), (b"IDAT", GREY), END),
        make_png(make_header(2, 2), (b"IDAT", GREY), END)[:-1],
        make_png(make_header(2, 2), (b"IDAT", GREY), END).replace(b"IDAT", b"IDAU"),
        make_png(make_header(2, 3), (b"IDAT", GREY), END),
        make_png(make_header(2, 1), (b"IDAT", GREY), END),
        make_png(make_header(3, 2), (b"IDAT", GREY), END),
        make_png(make_header(2, 2), (b"IDAT", GREY[:-3]), END),
        make_png(make_header(2, 2), (b"IDAT", GREY + b"more"), END),
        make_png(make_header(2, 2), (b"IDAT", b"nothing"), END),
        make_png(make_header(2, 2), (b"IDAT", zlib.compress(b"\0ab\5cd")), END),
        make_png(make_header(0, 2), (b"IDAT", GREY), END),
        make_png(make_header(2, 2, 3), (b"IDAT", GREY), END),
        make_png(make_header(2, 2, 8, 1), (b"IDAT", GREY), END),
        make_png(make_header(2, 2, 8, 3), (b"IDAT", GREY), END),
        make_png(make_header(2, 2, 8, 3), (b"PLTE", b"abcd"), (b"IDAT", GREY), END),
        make_png(make_header(2, 2), (b"PLTE", b"abc"), (b"IDAT", GREY), END),
        make_png(make_header(2, 2), (b"tRNS", b"abc"), (b"IDAT", GREY), END),
        make_png(make_header(2, 2, 8, 0, 1, 0, 0), (b"IDAT", GREY), END),
        make_png(make_header(2, 2, 8, 0, 0, 0, 2), (b"IDAT", GREY), END),
        make_png((b"IHDR", b"short"), (b"IDAT", GREY), END),
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
    ],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    """A chunk, checksum, size, colour or line that doesn't fit."""
    with pytest.raises(BadPicture, match="its data are not a complete PNG file"):
        verify_picture("a", data)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"RIFF\0\0\0\0WEBP", b"\xff\xd8", b"%PDF"]
)
def test_other_types_are_refused(data: bytes) -> None:
    """The bytes decide, not the name of the type."""
    with pytest.raises(BadPicture, match="only PNG and JPEG pictures are shown"):
        verify_picture("a", data)


def test_a_picture_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes, pixels of a side, pixels, and bytes of the decompressed lines, which a bomb never reaches."""
    bomb = zlib.compress(b"\0" * 10_000_000)
    for header in (make_header(limits.MAX_SIDE + 1, 1), make_header(6000, 6000), make_header(5000, 5000, 16, 6)):
        with pytest.raises(BadPicture, match="pixels, more than the limit"):
            rewrite_png(make_png(header, (b"IDAT", bomb), END))
    with pytest.raises(BadPicture, match="not a complete PNG"):
        rewrite_png(make_png(make_header(2, 2), (b"IDAT", bomb), END))
    monkeypatch.setattr("grader.formats.pictures.verify.MAX_PICTURE_BYTES", 50)
    with pytest.raises(BadPicture, match="it is larger than the limit"):
        verify_picture("a", make_png(make_header(2, 2), (b"IDAT", GREY), END))
