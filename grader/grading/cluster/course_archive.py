"""A course's `reference/` folder as bytes that a worker unpacks: `core.wire.values`, a list of names and contents.

A course is identified by the SHA-256 of these bytes, and is sent to each worker once.
"""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np

from grader.core.errors import CourseError
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.values import InvalidValueError
from grader.course.loader import iter_reference_files

MAX_ARCHIVE_BYTES: Final = 2**28


def pack_course(course: Path) -> bytes:
    """Pack all files of a course that count for its version. Raises CourseError if they are too large to send."""
    reference = course.resolve() / "reference"
    items = [(name, np.frombuffer(file.read_bytes(), np.uint8)) for name, file in iter_reference_files(reference)]
    try:
        return encode(items, MAX_ARCHIVE_BYTES)
    except InvalidValueError as error:
        raise CourseError(f"{reference} is too large to be sent to a cluster: {error}") from error


def hash_archive(archive: bytes) -> str:
    """Return the hash that identifies a course."""
    return hashlib.sha256(archive).hexdigest()


def unpack_course(archive: bytes, expected_hash: str, folder: Path) -> Path:
    """Unpack an archive into an empty folder; return the folder. Raises InvalidValueError if the hash differs."""
    if hash_archive(archive) != expected_hash:
        raise InvalidValueError("the course was damaged in transfer")
    items = decode(archive)
    if not isinstance(items, list):
        raise InvalidValueError("the course is not a list of files")
    for item in items:
        name, data = _parse_item(item)
        file = folder / "reference" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


def _parse_item(item: object) -> tuple[PurePosixPath, bytes]:
    match item:
        case (str() as name, np.ndarray() as data) if data.dtype == np.uint8 and data.ndim == 1:
            path = PurePosixPath(name)
            if not path.is_absolute() and path.parts and not {"..", "."} & set(path.parts) and "\0" not in name:
                return path, data.tobytes()
    raise InvalidValueError("the course contains an invalid file")
