"""The files of one submission as one archive: written the same way for the same files, and read strictly.

The archive is a zip without compression, its members sorted by path, with a fixed date, so that equal files give equal
bytes. Only such archives are read here; `collect.archive` reads those of students.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from grader.core.questions.file_patterns import MAX_FILES, is_safe_path
from grader.core.text.messages import Message, gettext
from grader.core.text.nfc import normalize_nfc
from grader.formats.decode_text import MalformedFile

SET_SUFFIX: Final = ".zip"
"""The ending of the name under which a set of files is recorded."""
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of some files by path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files, key=normalize_nfc):
            info = zipfile.ZipInfo(normalize_nfc(path), _DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, files[path])
    return buffer.getvalue()


def unpack_files(data: bytes, max_bytes: int) -> dict[str, bytes]:
    """Return the files in an archive that `pack_files` wrote, by path. Raises MalformedFile for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_FILES or sum(member.file_size for member in members) > max_bytes:
                raise MalformedFile(gettext("has more files than may be handed in together: leave out other files"))
            if not all(
                member.compress_type == zipfile.ZIP_STORED and is_safe_path(member.filename) for member in members
            ):
                raise MalformedFile(_describe_damage())
            files = {member.filename: archive.read(member) for member in members}
    except MalformedFile:
        raise
    except Exception:  # zipfile raises half a dozen kinds of exceptions for malformed archives
        raise MalformedFile(_describe_damage()) from None
    if not files:
        raise MalformedFile(_describe_damage())
    return files


def _describe_damage() -> Message:
    return gettext("is not a set of files of an exercise: hand in its files, or a folder with them")
