"""PNG: every byte of a file is checked, and the picture alone is written again (https://www.w3.org/TR/png-3/).

Kept are the chunks that a picture needs: IHDR, PLTE, tRNS and IDAT. All others (texts, profiles, animations) and
whatever follows the end are left out. The compressed lines are decompressed once, within limits, and must be exactly
those of the size and colours that the header declares.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grader.formats.pictures.limits import (
    MAX_DECODED_BYTES,
    BadPicture,
    make_damaged_error,
    make_size_message,
    require_size,
)

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_BIT_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""The bit depths of each colour type: grey, RGB, palette, grey with alpha, RGB with alpha."""
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PALETTE: Final = 3
_ADAM7: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""The passes of an interlaced picture: first column and line, and the steps between columns and lines."""
_MAX_FILTER: Final = 4
_PIECE_BYTES: Final = 1 << 16


@dataclass(frozen=True)
class _Header:
    """The content of IHDR."""

    width: int
    height: int
    bits_per_pixel: int
    colour_type: int
    is_interlaced: bool

    def list_passes(self) -> list[tuple[int, int]]:
        """Return the passes as pairs: the bytes of a line with its filter byte, and the number of lines."""
        steps = _ADAM7 if self.is_interlaced else ((0, 0, 1, 1),)
        sizes = [
            (-(-(self.width - left) // across), -(-(self.height - top) // down)) for left, top, across, down in steps
        ]
        return [(1 + -(-width * self.bits_per_pixel // 8), height) for width, height in sizes if width > 0 < height]


def rewrite_png(data: bytes) -> tuple[bytes, int, int]:
    """Return the picture as a file of its own, its width and its height. Raises BadPicture."""
    chunks = list(_read_chunks(data))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or names.count(b"IHDR") != 1 or names[-1:] != [b"IEND"]:
        raise make_damaged_error("PNG")
    header = _read_header(chunks[0][1])
    first, last = _find_pixels(names)
    before = dict(reversed(chunks[:first]))
    kept = [(b"IHDR", chunks[0][1]), *((name, before[name]) for name in (b"PLTE", b"tRNS") if name in before)]
    _require_colours(header, before.get(b"PLTE"), before.get(b"tRNS"))
    pixels = b"".join(content for _, content in chunks[first : last + 1])
    _require_lines(header, pixels)
    whole = SIGNATURE + b"".join(_write_chunk(*chunk) for chunk in (*kept, (b"IDAT", pixels), (b"IEND", b"")))
    return whole, header.width, header.height


def _read_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each chunk up to IEND."""
    position = len(SIGNATURE)
    while data.startswith(SIGNATURE) and position + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 8 + length
        if end + 4 > len(data) or not name.isalpha():
            break
        if zlib.crc32(data[position + 4 : end]) != int.from_bytes(data[end : end + 4]):
            break
        yield name, data[position + 8 : end]
        if name == b"IEND":
            return
        position = end + 4
    raise make_damaged_error("PNG")


def _write_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _read_header(content: bytes) -> _Header:
    if len(content) != 13:
        raise make_damaged_error("PNG")
    width, height, depth, colour_type, compression, filtering, interlace = struct.unpack(">IIBBBBB", content)
    is_valid = depth in _BIT_DEPTHS.get(colour_type, ()) and (compression, filtering) == (0, 0) and interlace in (0, 1)
    if not is_valid or not width or not height:
        raise make_damaged_error("PNG")
    require_size(width, height)
    header = _Header(width, height, depth * _CHANNELS[colour_type], colour_type, bool(interlace))
    if sum(size * count for size, count in header.list_passes()) > MAX_DECODED_BYTES:
        raise BadPicture(make_size_message(width, height))
    return header


def _find_pixels(names: list[bytes]) -> tuple[int, int]:
    """Return the places of the first and the last IDAT, between which no other chunk may stand."""
    places = [place for place, name in enumerate(names) if name == b"IDAT"]
    critical = {name for name in names if name[:1].isupper()}
    is_valid = places and len(places) == places[-1] - places[0] + 1
    if not is_valid or critical - {b"IHDR", b"PLTE", b"IDAT", b"IEND"} or names.count(b"PLTE") > 1:
        raise make_damaged_error("PNG")
    return places[0], places[-1]


def _require_colours(header: _Header, palette: bytes | None, transparency: bytes | None) -> None:
    """Raise BadPicture if the palette, or the transparent colours, don't belong to this type of picture."""
    is_valid = palette is not None or header.colour_type != _PALETTE
    if palette is not None:
        is_valid = len(palette) in range(3, 769, 3) and header.colour_type not in (0, 4)
    if transparency is not None:
        sizes = {0: range(2, 3), 2: range(6, 7), _PALETTE: range(1, len(palette or b"") // 3 + 1)}
        is_valid = is_valid and len(transparency) in sizes.get(header.colour_type, ())
    if not is_valid:
        raise make_damaged_error("PNG")


def _require_lines(header: _Header, pixels: bytes) -> None:
    """Raise BadPicture unless the compressed data are all lines of the picture, and nothing else."""
    starts = _iterate_line_starts(header.list_passes())
    due = next(starts)
    total = sum(size * count for size, count in header.list_passes())
    done = 0
    for piece in _decompress(pixels, total):
        while due < min(done + len(piece), total):
            if piece[due - done] > _MAX_FILTER:
                raise make_damaged_error("PNG")
            due = next(starts, total + 1)
        done += len(piece)
    if done != total:
        raise make_damaged_error("PNG")


def _iterate_line_starts(passes: list[tuple[int, int]]) -> Iterator[int]:
    """Yield the position of each line's first byte, which names its filter."""
    position = 0
    for size, count in passes:
        for _ in range(count):
            yield position
            position += size


def _decompress(pixels: bytes, most: int) -> Iterator[bytes]:
    """Yield the decompressed data in pieces, at most one byte more than `most`."""
    stream = zlib.decompressobj()
    left, waiting = most + 1, pixels
    try:
        while left > 0 and not stream.eof:
            piece = stream.decompress(waiting, min(left, _PIECE_BYTES))
            waiting = stream.unconsumed_tail
            if not piece and not waiting:
                break
            left -= len(piece)
            yield piece
    except zlib.error:
        raise make_damaged_error("PNG") from None
    if not stream.eof or stream.unused_data:
        raise make_damaged_error("PNG")
