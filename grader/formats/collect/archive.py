"""Zip archives from untrusted sources: read in memory, member by member, within limits. Nothing is unpacked to disk.

A member is opened only if its entry in the listing is sound: a relative path without `..`, a regular file, not
encrypted, stored or deflated, of a plausible size and compression ratio, with a path that occurs once. An archive whose
members share bytes is refused as a zip bomb. Names without the UTF-8 flag are decoded as UTF-8 where they are valid
UTF-8, or taken from their Unicode field (0x7075); otherwise their encoding is unknown (cp437, Shift-JIS?), and the file
is marked as doubtful. Archives inside the archive are not opened.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Final

from grader.core.errors import UnreadableSubmission, describe_cause
from grader.formats.collect.file_tree import (
    METADATA_FILE_NAME,
    TIMESTAMP_FILE_NAME,
    DownloadedFile,
    FileTree,
    is_leftover,
)
from grader.formats.decode_text import escape_unprintable
from grader.formats.read_submission import MAX_FILE_BYTES, SUBMISSION_SUFFIXES

MAX_MEMBERS: Final = 100_000
MAX_LISTING_BYTES: Final = 32_000_000
"""Maximum size of the list of members, which is read whole."""
MAX_TOTAL_BYTES: Final = 20_000_000_000
"""Maximum number of bytes read from one archive in total."""
MAX_COMPRESSION_RATIO: Final = 200
_RATIO_EXEMPT_BYTES: Final = 1_000_000  # smaller members do no harm at any ratio
_UNSAFE_PATH: Final = "an unsafe path that leads out of the archive; remove the file"
_TAIL_BYTES: Final = 65_557 + 76
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x2041
_UNICODE_PATH: Final = 0x7075


def read_archive(path: Path) -> FileTree:
    """Return the members of a zip archive; a member, or a whole archive, that may not be read gets one line instead."""
    tree = FileTree(path.stem)
    shown = escape_unprintable(str(path))
    try:
        _require_small_listing(path)
        opened = zipfile.ZipFile(path)
    except UnreadableSubmission as error:
        tree.refused_files.append((shown, str(error)))
    except OSError as error:
        tree.refused_files.append((shown, f"can't be opened ({error.strerror}); check the path and its permissions"))
    except UnicodeDecodeError:
        tree.refused_files.append((shown, "names in it are damaged; unpack it by hand, and collect the folder"))
    except Exception:  # zipfile raises half a dozen kinds of exceptions for malformed archives
        tree.refused_files.append((shown, "not a complete zip archive; download it again"))
    else:
        tree.close = opened.close
        _add_members(opened, path, tree)
    return tree


def _require_small_listing(path: Path) -> None:
    """Raise UnreadableSubmission if the list of members alone would fill the memory."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or end + 22 > len(tail):
        raise UnreadableSubmission("not a complete zip archive; download it again")
    listing: int = struct.unpack_from("<L", tail, end + 12)[0]
    large = tail.rfind(b"PK\6\6", 0, end)
    if listing == 0xFFFFFFFF and 0 <= large <= len(tail) - 56:
        listing = struct.unpack_from("<Q", tail, large + 40)[0]
    if listing > MAX_LISTING_BYTES:
        raise UnreadableSubmission(
            f"its list of members is {listing} bytes long, more than {MAX_LISTING_BYTES}; split it"
        )


def _add_members(opened: zipfile.ZipFile, path: Path, tree: FileTree) -> None:
    shown = escape_unprintable(str(path))
    members = opened.infolist()
    if len(members) > MAX_MEMBERS:
        tree.refused_files.append((shown, f"{len(members)} members, more than {MAX_MEMBERS}; split it"))
        return
    if sum(member.compress_size for member in members) > os.path.getsize(path):
        tree.refused_files.append((shown, "its members share bytes, as in a zip bomb; download it again"))
        return
    named = [(member, *_decode_name(member)) for member in members]
    often = Counter(name for _, name, _ in named)
    total = 0
    for member, name, doubtful in named:
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        leads_away = _leads_away(name, parts)
        if not parts or (not leads_away and (name.endswith("/") or is_leftover(parts))):
            continue
        within = f"{shown}/{escape_unprintable(name)}"
        total += member.file_size if _is_read(parts[-1]) else 0
        problem = _UNSAFE_PATH if leads_away else _find_problem(member, parts, often[name], total)
        if problem:
            tree.refused_files.append((within, problem))
        else:
            tree.add(DownloadedFile(parts, within, partial(_read_member, opened, member, within), doubtful))


def _is_read(name: str) -> bool:
    return name in (METADATA_FILE_NAME, TIMESTAMP_FILE_NAME) or os.path.splitext(name)[1].lower() in SUBMISSION_SUFFIXES


def _leads_away(name: str, parts: tuple[str, ...]) -> bool:
    return name.startswith("/") or ".." in parts or "\0" in name or (bool(parts) and parts[0][1:2] == ":")


def _find_problem(member: zipfile.ZipInfo, parts: tuple[str, ...], often: int, total: int) -> str | None:
    """Return the reason why a member isn't read, judging by its entry in the listing; None if it may be read."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a link, which is not followed; hand in the file itself"
    if kind not in (0, stat.S_IFREG):
        return "not a regular file (a device, pipe or folder); hand in a file"
    if often > 1:
        return f"{often} members have this name; put each into its own archive"
    if not _is_read(parts[-1]):
        return None
    if member.flag_bits & _ENCRYPTED:
        return "encrypted; unpack it with its password, and collect the folder"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "compressed with an unsupported method (only deflate is supported); unpack it, and collect the folder"
    if member.file_size > MAX_FILE_BYTES:
        return f"{member.file_size / 1e6:.1f} MB, more than {MAX_FILE_BYTES / 1e6:.0f} MB; clear its outputs"
    if member.file_size > _RATIO_EXEMPT_BYTES and member.file_size > MAX_COMPRESSION_RATIO * max(
        1, member.compress_size
    ):
        return f"swells from {member.compress_size} to {member.file_size} bytes, as a zip bomb does"
    if total > MAX_TOTAL_BYTES:
        return f"with it more than {MAX_TOTAL_BYTES / 1e9:.0f} GB would be read of this archive; split it"
    return None


def _decode_name(member: zipfile.ZipInfo) -> tuple[str, bool]:
    """Return a member's path with `/` as separator, and whether the encoding of its name is doubtful."""
    name, doubtful = member.orig_filename, False
    if not member.flag_bits & _UTF8 and not name.isascii():
        raw = name.encode("cp437")
        decoded = _unicode_path(member.extra, raw)
        if decoded is None:
            try:
                decoded = raw.decode("utf-8")
            except UnicodeDecodeError:
                decoded, doubtful = name, True
        name = decoded
    return (name.replace("\\", "/") if "/" not in name else name), doubtful


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Return the UTF-8 name that Info-ZIP stores beside a name in another encoding, if it belongs to this name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            if struct.unpack_from("<L", field, 1)[0] != zlib.crc32(raw):
                return None
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _read_member(opened: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str) -> bytes:
    """Return a member's bytes, at most MAX_FILE_BYTES. Raises UnreadableSubmission."""
    try:
        with opened.open(member) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except Exception as error:  # zlib, zipfile and struct raise exceptions of their own
        reason = describe_cause(error)
        raise UnreadableSubmission(
            f"{shown}: damaged in the archive ({escape_unprintable(reason)}); download it again"
        ) from None
    if len(data) != member.file_size:
        raise UnreadableSubmission(f"{shown}: not as long as its archive says; download it again")
    return data
