"""JPEG: every segment of a file is checked, and the picture alone is written again (ITU-T T.81).

Kept are the segments that a picture needs: tables, the frame, scans, Adobe's mark of the colours, and of a camera's
data the orientation. All others (texts, places, previews, profiles) and whatever follows the end are left out.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from grader.formats.pictures.limits import make_damaged_error, require_size

SIGNATURE: Final = b"\xff\xd8\xff"
_SOI, _EOI, _SOS, _DQT, _DHT, _DRI, _APP1, _APP14 = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xE1, 0xEE
_FRAMES: Final = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive frames with Huffman codes: those that browsers show."""
_SKIPPED: Final = (*range(0xE0, 0xF0), 0xFE)
_RESTARTS: Final = range(0xD0, 0xD8)
_MAX_SCANS: Final = 64
_ORIENTATION_TAG: Final = 0x0112
_EXIF: Final = b"Exif\0\0"


@dataclass
class _Frame:
    """The frame as far as it was read: its size, the ids of its components, and the number of its scans."""

    width: int = 0
    height: int = 0
    components: frozenset[int] = frozenset()
    scans: int = 0
    kept: list[bytes] = field(default_factory=list)
    orientation: int = 1


def rewrite_jpeg(data: bytes) -> tuple[bytes, int, int]:
    """Return the picture as a file of its own, its width and its height. Raises BadPicture."""
    frame = _Frame()
    for marker, content, pixels in _read_segments(data):
        _read_segment(frame, marker, content)
        if marker not in _SKIPPED or (marker == _APP14 and content.startswith(b"Adobe") and len(content) == 12):
            frame.kept.append(struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + pixels)
    if not frame.scans:
        raise make_damaged_error("JPEG")
    parts = [b"\xff\xd8", _write_orientation(frame.orientation), *frame.kept, b"\xff\xd9"]
    width, height = (frame.height, frame.width) if frame.orientation >= 5 else (frame.width, frame.height)
    return b"".join(parts), width, height


def _read_segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield marker and content of each segment up to the end, and for a scan the coded pixels that follow it."""
    position = 2
    while data.startswith(SIGNATURE) and position + 2 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # a filling byte
            position += 1
            continue
        if marker == _EOI:
            return
        length = int.from_bytes(data[position + 2 : position + 4])
        end = position + 2 + length
        is_known = marker in (*_FRAMES, _SOS, _DQT, _DHT, _DRI, *_SKIPPED)
        if not is_known or length < 2 or end > len(data):
            break
        content = data[position + 4 : end]
        position = _find_end_of_scan(data, end) if marker == _SOS else end
        yield marker, content, data[end:position]
    raise make_damaged_error("JPEG")


def _find_end_of_scan(data: bytes, position: int) -> int:
    """Return the position of the marker behind coded pixels: 0xFF, but not a stuffed byte or a restart."""
    while (position := data.find(b"\xff", position)) >= 0 and position + 1 < len(data):
        if data[position + 1] == 0 or data[position + 1] in _RESTARTS:
            position += 2
        elif data[position + 1] == 0xFF:
            position += 1
        else:
            return position
    raise make_damaged_error("JPEG")


def _read_segment(frame: _Frame, marker: int, content: bytes) -> None:
    """Check a segment, and take what the frame needs from it. Raises BadPicture."""
    is_valid = True
    if marker in _FRAMES:
        is_valid = not frame.components and _read_frame(frame, content)
    elif marker == _SOS:
        frame.scans += 1
        count = content[0] if content else 0
        named = content[1 : 1 + 2 * count : 2]
        is_valid = len(content) == 4 + 2 * count and 1 <= count <= 4 and frame.scans <= _MAX_SCANS
        is_valid = is_valid and len(set(named)) == count and set(named) <= frame.components
    elif marker == _DQT:
        is_valid = _are_quantization_tables(content)
    elif marker == _DHT:
        is_valid = _are_huffman_tables(content)
    elif marker == _DRI:
        is_valid = len(content) == 2
    elif marker == _APP1 and content.startswith(_EXIF):
        frame.orientation = _read_orientation(content[len(_EXIF) :])
    if not is_valid:
        raise make_damaged_error("JPEG")


def _read_frame(frame: _Frame, content: bytes) -> bool:
    """Take size and components from a frame's header; return whether it is valid."""
    if len(content) < 6:
        return False
    precision, height, width, count = struct.unpack_from(">BHHB", content)
    parts = [content[6 + 3 * i : 9 + 3 * i] for i in range(count)]
    if precision != 8 or not width or not height or count not in (1, 3, 4) or len(content) != 6 + 3 * count:
        return False
    require_size(width, height)
    frame.width, frame.height, frame.components = width, height, frozenset(part[0] for part in parts)
    factors = all(1 <= part[1] >> 4 <= 4 and 1 <= part[1] & 15 <= 4 and part[2] <= 3 for part in parts)
    return factors and len(frame.components) == count


def _are_quantization_tables(content: bytes) -> bool:
    position = 0
    while position < len(content):
        precision, number = content[position] >> 4, content[position] & 15
        if precision > 1 or number > 3:
            return False
        position += 1 + 64 * (precision + 1)
    return position == len(content) > 0


def _are_huffman_tables(content: bytes) -> bool:
    position = 0
    while position + 17 <= len(content):
        count = sum(content[position + 1 : position + 17])
        if content[position] >> 4 > 1 or content[position] & 15 > 3 or count > 256:
            return False
        position += 17 + count
    return position == len(content) > 0


def _read_orientation(tiff: bytes) -> int:
    """Return the orientation, 1 to 8, that a camera's data name; 1, upright, for data that can't be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for i in range(min(count, 64)):
            tag, kind, number, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * i)
            if (tag, kind, number) == (_ORIENTATION_TAG, 3, 1) and 1 <= value <= 8:
                return int(value)
    except struct.error:
        pass
    return 1


def _write_orientation(orientation: int) -> bytes:
    """Return a segment with the orientation alone; nothing if the picture is upright."""
    if orientation == 1:
        return b""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION_TAG, 3, 1, orientation, 0, 0)
    return struct.pack(">BBH", 0xFF, _APP1, 2 + len(_EXIF) + len(tiff)) + _EXIF + tiff
