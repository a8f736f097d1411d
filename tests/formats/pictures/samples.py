"""Pictures for tests, made by Pillow, which is an oracle independent of our parsers."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

PIXELS = np.random.default_rng(0).integers(0, 256, (21, 37, 4), dtype=np.uint8)
"""Noise of 37 columns and 21 lines: no compression leaves out a line of it."""


def make_image(mode: str) -> Image.Image:
    """Return the noise as a picture of one of Pillow's modes."""
    return Image.fromarray(PIXELS, "RGBA").convert(mode)


def save(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def load(data: bytes) -> Image.Image:
    """Return the picture in a file, decoded completely."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def make_chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of PNG with its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def make_png(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG of these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(make_chunk(*chunk) for chunk in chunks)


def make_header(width: int, height: int, depth: int = 8, colour: int = 0, *rest: int) -> tuple[bytes, bytes]:
    """Return IHDR; `rest` are compression, filter and interlace method."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, *(rest or (0, 0, 0)))
