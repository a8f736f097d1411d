"""Gradescope, *Download Submissions*: `assignment_8_export/submission_409/losses.ipynb` and `submission_metadata.yml`.

Facts observed in exports: the metadata are YAML as Ruby writes it, with one table per folder that holds `:submitters:`
(each with `:name:`, `:sid:`, `:email:`; several for a group; none where they were removed) and `:created_at:`, the time
of submission with its UTC offset. Results and the history of earlier attempts follow, without the files of those
attempts.

The parser reads only this one shape, line by line: no aliases, tags or other YAML features. A folder that is written in
another way is ignored, so that its files stay undecided.
"""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import METADATA_FILE_NAME, DownloadedFile
from grader.formats.decode_text import decode_unicode, escape_unprintable

DETECTION_RANK: Final = 1  # its metadata file is there or not

_SYSTEM: Final = "gradescope"
_FOLDER: Final = re.compile(r"([\w.-]+):")
_FIELD: Final = re.compile(r"(?:- |  ):(name|sid|email): ?(.*)")
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)? ?(?:(Z|UTC)|([+-])(\d\d):?(\d\d))"
)
_SPECIAL: Final = tuple("&*!|>%@`[]{}\"'")


@dataclass
class _FolderMetadata:
    """The metadata of one folder; `is_readable` is false if a part of them could not be read."""

    people: list[dict[str, str]] = field(default_factory=list)
    received_at: datetime | None = None
    is_readable: bool = True


def matches(items: Sequence[DownloadedFile]) -> bool:
    """Tell whether the metadata file is there."""
    return any(item.parts == (METADATA_FILE_NAME,) for item in items)


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """Return one claim for each file of a student. Raises UnreadableSubmission if the metadata can't be read."""
    metadata: dict[str, _FolderMetadata] = {}
    for item in items:
        if item.parts == (METADATA_FILE_NAME,):
            metadata = _read_metadata(item)
    return [_claim(item, metadata.get(item.parts[0])) for item in items if not item.is_metadata]


def parse_ruby_time(text: str) -> datetime | None:
    """Parse a time as Ruby writes it, `2026-04-26 17:34:00.861687000 Z`, into UTC; None if it is malformed."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        return None
    day, time, fraction, _, sign, hours, minutes = match.groups()
    try:
        naive = datetime.fromisoformat(f"{day}T{time}.{(fraction or '').ljust(6, '0')}")
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        return naive.replace(tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return None


def _read_metadata(item: DownloadedFile) -> dict[str, _FolderMetadata]:
    try:
        lines = decode_unicode(item.load()).splitlines()
    except UnicodeDecodeError:
        raise UnreadableSubmission(f"{item.display_path}: is not UTF-8 text; download the export again") from None
    found: dict[str, _FolderMetadata] = {}
    current, key = _FolderMetadata(), ""
    for line in lines:
        if folder := _FOLDER.fullmatch(line):
            current, key = (
                _FolderMetadata(is_readable=folder[1] not in found),
                "",
            )  # the metadata of a repeated folder are ignored
            found[folder[1]] = current
        elif line.startswith("  :"):
            key, _, value = line[3:].partition(":")
            if key == "created_at":
                current.received_at = parse_ruby_time(value)
            elif key == "submitters":
                current.is_readable &= value.strip() in ("", "[]") and not current.people
        elif key == "submitters":
            _parse_person(line[2:], current)
    return found


def _parse_person(line: str, metadata: _FolderMetadata) -> None:
    """Parse one line of the list of submitters into the folder's metadata."""
    match = _FIELD.fullmatch(line)
    value = _parse_scalar(match[2]) if match else None
    if not match or value is None:
        metadata.is_readable = False
        return
    if line.startswith("- "):
        metadata.people.append({})
    if not metadata.people or match[1] in metadata.people[-1]:
        metadata.is_readable = False
        return
    metadata.people[-1][match[1]] = value


def _parse_scalar(text: str) -> str | None:
    """Parse a text of one line, plain or quoted; None if it is written in another way."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'" and "'" not in text[1:-1].replace("''", ""):
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            value = json.loads(text)
        except ValueError:
            return None
        return value if isinstance(value, str) else None
    return None if text.startswith(_SPECIAL) or " #" in text or ": " in text else text.removeprefix("null")


def _claim(item: DownloadedFile, metadata: _FolderMetadata | None) -> FileClaim:
    stem = os.path.splitext(item.name)[0]
    if metadata is None or not metadata.is_readable:
        problem = "say nothing of this folder" if metadata is None else "can't be read where they tell whose this is"
        return FileClaim(item, (), stem, problem=f"the metadata {problem}")
    owners = tuple(_owner(person) for person in metadata.people)
    if not owners or not all(owner.key for owner in owners):
        return FileClaim(item, (), stem, received_at=metadata.received_at, problem="the metadata name nobody")
    return FileClaim(item, owners, stem, received_at=metadata.received_at)


def _owner(person: dict[str, str]) -> FileOwner:
    name, sid, email = (escape_unprintable(person.get(key, "").strip()) for key in ("name", "sid", "email"))
    key = sid or email or name
    return FileOwner(name or key, key, _SYSTEM if sid else "", sid, email, proposal=key)
