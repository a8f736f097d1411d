"""Files that one student hands in together, by name: sets of files out of single files, folders and zip archives."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from grader.core.text.messages import MessageLike, gettext
from grader.formats.assemble_sets import FilePatterns, FileSet, SetFile, assemble_sets
from grader.formats.collect.archive import read_inner_archive, start_student_budget
from grader.formats.collect.file_tree import PACKAGE_FILE, DownloadedFile
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import ARCHIVE_SUFFIX, list_set_files
from grader.formats.read_submission import read_submission_bytes


@dataclass
class GatheredFiles:
    """Sets of files by exercise, files that belong to none, and sentences about those that were left out."""

    sets: dict[str, FileSet] = field(default_factory=dict)
    rest: list[SetFile] = field(default_factory=list)
    remarks: list[MessageLike] = field(default_factory=list)


def gather_sets(sources: Iterable[Sequence[SetFile]], wanted: FilePatterns) -> GatheredFiles:
    """Return the sets in several sources (a zip, a folder, a file), which are put together whatever folders they have.

    Of two files with one path in the exercise, the first counts.
    """
    found = GatheredFiles()
    for files in sources:
        sets, rest = assemble_sets(files, wanted)
        found.rest += rest
        for one in sets:
            earlier = found.sets.get(one.exercise)
            merged = dict(one.files) | dict(earlier.files if earlier else {})
            remarks = (*(earlier.remarks if earlier else ()), *one.remarks)
            found.sets[one.exercise] = FileSet(one.exercise, (), merged, remarks)
    return found


def read_uploaded_file(name: str, data: bytes) -> tuple[list[SetFile], list[MessageLike]]:
    """Return the files in an uploaded file: those in a zip, or the file itself; and sentences about refused ones."""
    if not name.lower().endswith(ARCHIVE_SUFFIX):
        parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
        return [SetFile(parts or (name,), escape_unprintable(name), lambda: data)], []
    shown = escape_unprintable(name)
    return _read_archive(DownloadedFile((name,), shown, lambda: data))


def read_path(path: Path) -> tuple[list[SetFile], list[MessageLike]]:
    """Return the files in a folder or zip archive, or the file itself; and sentences about refused ones."""
    shown = escape_unprintable(str(path))
    if path.is_dir():
        return list_set_files(path), []
    if path.suffix.lower() == ARCHIVE_SUFFIX:
        return _read_archive(DownloadedFile((path.name,), shown, partial(read_submission_bytes, path)))
    return [SetFile(path.absolute().parts[1:], shown, partial(read_submission_bytes, path))], []


def _read_archive(item: DownloadedFile) -> tuple[list[SetFile], list[MessageLike]]:
    tree = read_inner_archive(item, start_student_budget())
    files = [one for one in tree.items if one.is_submission_file]
    files += [one for one in tree.other_files if one.name == PACKAGE_FILE]
    refused: list[MessageLike] = [
        gettext("{file}: {reason}", file=os.path.basename(file), reason=reason) for file, reason in tree.refused_files
    ]
    return [SetFile(one.parts, one.display_path, one.load) for one in files], refused
