"""Zip archives from untrusted sources: read in memory, member by member, within limits. Nothing is unpacked to disk.

A member is opened only if its entry in the listing is sound: a relative path without `..`, a regular file, not
encrypted, stored or deflated, of a plausible size and compression ratio, with a path that occurs once. An archive whose
members share bytes is refused as a zip bomb. Names without the UTF-8 flag are decoded as UTF-8 where they are valid
UTF-8, or taken from their Unicode field (0x7075); otherwise their encoding is unknown (cp437, Shift-JIS?), and the file
is marked as doubtful. An archive inside the archive is opened like a member, by `read_inner_archive`, within the budget
of its student; archives inside that one are not opened.
"""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from grader.core.errors import UnreadableSubmission, describe_cause
from grader.formats.collect.file_tree import (
    METADATA_FILE_NAME,
    TIMESTAMP_FILE_NAME,
    DownloadedFile,
    FileTree,
    ReadBudget,
    is_leftover,
)
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import ARCHIVE_SUFFIX, HAND_IN_SUFFIXES
from grader.formats.read_submission import MAX_FILE_BYTES

MAX_MEMBERS: Final = 100_000
MAX_LISTING_BYTES: Final = 32_000_000
"""Maximum size of the list of members, which is read whole."""
MAX_TOTAL_BYTES: Final = 20_000_000_000
"""Maximum number of bytes read from one archive in total."""
MAX_HANDED_IN_BYTES: Final = 500_000_000
"""Maximum number of bytes read from one student's archives in total."""
MAX_COMPRESSION_RATIO: Final = 200
_RATIO_EXEMPT_BYTES: Final = 1_000_000  # smaller members do no harm at any ratio
_INNER_ARCHIVE: Final = "an archive within an archive, which is not opened; hand in its files themselves"
_MAX_FOLDERS: Final = 8  # folders of a path that may be found empty
_UNSAFE_PATH: Final = "an unsafe path that leads out of the archive; remove the file"
_TAIL_BYTES: Final = 65_557 + 76
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x2041
_UNICODE_PATH: Final = 0x7075


def read_archive(path: Path) -> FileTree:
    """Return the members of a zip archive; a member, or a whole archive, that may not be read gets one line instead."""
    tree, budget = FileTree(path.stem), ReadBudget(MAX_TOTAL_BYTES)
    shown = escape_unprintable(str(path))
    opened = _open_archive(path, shown, tree)
    if opened is not None:
        tree.close = opened.close
        _add_members(opened, os.path.getsize(path), shown, tree, budget, partial(partial, _read_member, opened))
    return tree


def start_student_budget() -> ReadBudget:
    """Return the budget of the archives that one student handed in."""
    return ReadBudget(MAX_HANDED_IN_BYTES)


def read_inner_archive(item: DownloadedFile, budget: ReadBudget) -> FileTree:
    """Return the members of a zip archive that was handed in; each is read from the archive when it is loaded."""
    tree = FileTree(os.path.splitext(item.name)[0], place=item.display_path)
    try:
        data = item.load()
    except UnreadableSubmission as error:
        reason = str(error).removeprefix(item.display_path).removeprefix(":").lstrip()
        tree.refused_files.append((item.display_path, reason))
        return tree
    opened = _open_archive(data, item.display_path, tree)
    if opened is not None:
        with opened:
            _add_members(opened, len(data), item.display_path, tree, budget, partial(partial, _read_inner_member, item))
        tree.refused_files += [(one.display_path, _INNER_ARCHIVE) for one in tree.other_files if one.is_archive]
    return tree


def _open_archive(source: Path | bytes, shown: str, tree: FileTree) -> zipfile.ZipFile | None:
    """Open an archive; None, with a line in the tree, for one that can't be opened."""
    try:
        with open(source, "rb") if isinstance(source, Path) else io.BytesIO(source) as file:
            _require_small_listing(file)
        return zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
    except UnreadableSubmission as error:
        tree.refused_files.append((shown, str(error)))
    except OSError as error:
        tree.refused_files.append((shown, f"can't be opened ({error.strerror}); check the path and its permissions"))
    except UnicodeDecodeError:
        tree.refused_files.append((shown, "names in it are damaged; unpack it by hand, and collect the folder"))
    except Exception:  # zipfile raises half a dozen kinds of exceptions for malformed archives
        tree.refused_files.append((shown, "not a complete zip archive; download it again"))
    return None


def _require_small_listing(file: BinaryIO) -> None:
    """Raise UnreadableSubmission if the list of members alone would fill the memory."""
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


def _add_members(
    opened: zipfile.ZipFile,
    size: int,
    shown: str,
    tree: FileTree,
    budget: ReadBudget,
    make_load: Callable[[zipfile.ZipInfo, str], Callable[[], bytes]],
) -> None:
    """Add the members of an archive of this size; `make_load` returns the function that reads one."""
    members = opened.infolist()
    budget.members += len(members)
    if budget.members > MAX_MEMBERS:
        tree.refused_files.append((shown, f"{budget.members} members, more than {MAX_MEMBERS}; split it"))
        return
    if sum(member.compress_size for member in members) > size:
        tree.refused_files.append((shown, "its members share bytes, as in a zip bomb; download it again"))
        return
    named = [(member, *_decode_name(member)) for member in members]
    often = Counter(name for _, name, _ in named)
    filled: set[tuple[str, ...]] = set()
    folders: dict[tuple[str, ...], str] = {}
    for member, name, doubtful in named:
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        leads_away = _leads_away(name, parts)
        within = f"{shown}/{escape_unprintable(name)}"
        if not parts or (not leads_away and is_leftover(parts)):
            continue
        if not leads_away and name.endswith("/"):
            folders[parts] = within.rstrip("/")
            continue
        filled.update(_list_parents(parts))
        budget.size += member.file_size if _is_read(parts[-1]) else 0
        problem = _UNSAFE_PATH if leads_away else _find_problem(member, parts[-1], often[name], budget)
        if problem:
            tree.refused_files.append((within, problem))
        else:
            tree.add(DownloadedFile(parts, within, make_load(member, within), doubtful))
    _add_empty_folders(folders, filled, tree)


def _add_empty_folders(
    folders: Mapping[tuple[str, ...], str], filled: AbstractSet[tuple[str, ...]], tree: FileTree
) -> None:
    """Add the folders in which there is nothing; `filled` are those with a file."""
    parents = {parent for parts in folders for parent in _list_parents(parts)}
    for parts, within in folders.items():
        if parts not in filled and parts not in parents and len(parts) < _MAX_FOLDERS:
            tree.add_empty_folder(parts, within)


def _list_parents(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [parts[:depth] for depth in range(1, min(len(parts), _MAX_FOLDERS))]


def _is_read(name: str) -> bool:
    return name in (METADATA_FILE_NAME, TIMESTAMP_FILE_NAME) or os.path.splitext(name)[1].lower() in HAND_IN_SUFFIXES


def _leads_away(name: str, parts: tuple[str, ...]) -> bool:
    return name.startswith("/") or ".." in parts or "\0" in name or (bool(parts) and parts[0][1:2] == ":")


def _find_problem(member: zipfile.ZipInfo, name: str, often: int, budget: ReadBudget) -> str | None:
    """Return the reason why a member isn't read, judging by its entry in the listing; None if it may be read."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a link, which is not followed; hand in the file itself"
    if kind not in (0, stat.S_IFREG):
        return "not a regular file (a device, pipe or folder); hand in a file"
    if often > 1:
        return f"{often} members have this name; put each into its own archive"
    if not _is_read(name):
        return None
    if member.flag_bits & _ENCRYPTED:
        return "encrypted; unpack it with its password, and collect the folder"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "compressed with an unsupported method (only deflate is supported); unpack it, and collect the folder"
    if member.file_size > MAX_FILE_BYTES:
        remedy = "unpack it, and collect the folder" if name.lower().endswith(ARCHIVE_SUFFIX) else "clear its outputs"
        return f"{member.file_size / 1e6:.1f} MB, more than {MAX_FILE_BYTES / 1e6:.0f} MB; {remedy}"
    if member.file_size > _RATIO_EXEMPT_BYTES and member.file_size > MAX_COMPRESSION_RATIO * max(
        1, member.compress_size
    ):
        return f"swells from {member.compress_size} to {member.file_size} bytes, as a zip bomb does"
    if budget.size > budget.max_size:
        return f"with it more than {budget.max_size / 1e6:.0f} MB would be read of this archive; split it"
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


def _read_inner_member(item: DownloadedFile, member: zipfile.ZipInfo, shown: str) -> bytes:
    """Return a member's bytes from an archive that was handed in. Raises UnreadableSubmission."""
    data = item.load()
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # the file has changed since it was listed
        raise UnreadableSubmission(f"{shown}: its archive has changed meanwhile; collect it again") from None
    with opened:
        return _read_member(opened, member, shown)


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
