"""Gradescope, *Download Submissions*: `assignment_8_export/submission_409/losses.ipynb` and `submission_metadata.yml`.

Facts, as exports show: the metadata are YAML as Ruby writes it, a table for each folder with `:submitters:` (each
`:name:`, `:sid:`, `:email:`; several in a group; none where it was taken away) and `:created_at:`, the moment of
submission with its offset. Results and the history of earlier attempts follow, without those attempts' files.

Read is only that one shape, line by line: no alias, tag or other wonder of YAML. What is written otherwise says
nothing, so that its files are undecided.
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
from grader.formats.decode_text import escape_unprintable

_SYSTEM: Final = "gradescope"
_FOLDER: Final = re.compile(r"([\w.-]+):")
_FIELD: Final = re.compile(r"(?:- |  ):(name|sid|email): ?(.*)")
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)? ?(?:(Z|UTC)|([+-])(\d\d):?(\d\d))"
)
_SPECIAL: Final = tuple("&*!|>%@`[]{}\"'")


@dataclass
class _FolderMetadata:
    """What the metadata say of a folder; `is_readable`: all of it could be read."""

    people: list[dict[str, str]] = field(default_factory=list)
    received_at: datetime | None = None
    is_readable: bool = True


def matches(items: Sequence[DownloadedFile]) -> bool:
    """The metadata are there."""
    return any(item.parts == (METADATA_FILE_NAME,) for item in items)


def read_claims(items: Sequence[DownloadedFile]) -> list[FileClaim]:
    """One for each notebook and script. Raises UnreadableSubmission where the metadata can't be read."""
    said: dict[str, _FolderMetadata] = {}
    for item in items:
        if item.parts == (METADATA_FILE_NAME,):
            said = _read_metadata(item)
    return [_claim(item, said.get(item.parts[0])) for item in items if item.is_submission_file]


def parse_ruby_time(text: str) -> datetime | None:
    """A moment as Ruby writes it, `2026-04-26 17:34:00.861687000 Z`, in UTC; None where it is none."""
    told = _MOMENT.fullmatch(text.strip())
    if not told:
        return None
    day, time, fraction, _, sign, hours, minutes = told.groups()
    try:
        naive = datetime.fromisoformat(f"{day}T{time}.{(fraction or '').ljust(6, '0')}")
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        return naive.replace(tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return None


def _read_metadata(item: DownloadedFile) -> dict[str, _FolderMetadata]:
    try:
        lines = item.load().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UnreadableSubmission(f"{item.display_path}: is no UTF-8 text; download the export again") from None
    found: dict[str, _FolderMetadata] = {}
    said, key = _FolderMetadata(), ""
    for line in lines:
        if folder := _FOLDER.fullmatch(line):
            said, key = (
                _FolderMetadata(is_readable=folder[1] not in found),
                "",
            )  # a folder that is there twice says nothing
            found[folder[1]] = said
        elif line.startswith("  :"):
            key, _, value = line[3:].partition(":")
            if key == "created_at":
                said.received_at = parse_ruby_time(value)
            elif key == "submitters":
                said.is_readable &= value.strip() in ("", "[]") and not said.people
        elif key == "submitters":
            _parse_person(line[2:], said)
    return found


def _parse_person(line: str, said: _FolderMetadata) -> None:
    """One line of the list of submitters."""
    told = _FIELD.fullmatch(line)
    value = _parse_scalar(told[2]) if told else None
    if not told or value is None:
        said.is_readable = False
        return
    if line.startswith("- "):
        said.people.append({})
    if not said.people or told[1] in said.people[-1]:
        said.is_readable = False
        return
    said.people[-1][told[1]] = value


def _parse_scalar(text: str) -> str | None:
    """A text of one line, plain or quoted; None where it is written in another way."""
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


def _claim(item: DownloadedFile, said: _FolderMetadata | None) -> FileClaim:
    stem = os.path.splitext(item.name)[0]
    if said is None or not said.is_readable:
        what = "say nothing of this folder" if said is None else "can't be read where they tell whose this is"
        return FileClaim(item, (), stem, problem=f"the metadata {what}")
    owners = tuple(_owner(person) for person in said.people)
    if not owners or not all(owner.key for owner in owners):
        return FileClaim(item, (), stem, received_at=said.received_at, problem="the metadata name nobody")
    return FileClaim(item, owners, stem, received_at=said.received_at)


def _owner(person: dict[str, str]) -> FileOwner:
    name, sid, email = (escape_unprintable(person.get(key, "").strip()) for key in ("name", "sid", "email"))
    key = sid or email or name
    return FileOwner(name or key, key, _SYSTEM if sid else "", sid, email, proposal=key)
