"""The students' folders of a class: archives opened one level deep, and students who have nothing to grade.

`discover` finds the files that can be graded; this module looks at everything else in the same folders.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from grader.formats.assemble_sets import FilePatterns, FileSet, SetFile, assemble_sets
from grader.formats.collect.archive import read_inner_archive, start_student_budget
from grader.formats.collect.file_tree import PACKAGE_FILE, DownloadedFile, FileTree, ReadBudget
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import (
    ARCHIVE_SUFFIX,
    LEFTOVER_NAMES,
    FoundFile,
    describe_set,
    list_folder,
    parse_owner_of_exercise,
)
from grader.formats.filename import ParsedStem, parse_stem
from grader.formats.read_submission import read_submission_bytes

_MAX_NAMED_FILES: Final = 3
_MAX_LISTED_FOLDERS: Final = 1000
MAX_ANSWERS: Final = 100
"""Notebooks and scripts in one archive of a student that may be answers. Each is graded, in everybody's time."""

_TOO_MANY: Final = "{n} notebooks and scripts, more than {most}; hand in those that answer an exercise"


def describe_unusable_files(names: Sequence[str]) -> str:
    """Return the reason why a student has nothing to grade, by the names of the files that there are."""
    if not names:
        return "nothing was handed in: the folder is empty"
    shown = [
        f"{escape_unprintable(name)} without a notebook or script in it"
        if name.lower().endswith(ARCHIVE_SUFFIX)
        else escape_unprintable(name)
        for name in names[:_MAX_NAMED_FILES]
    ]
    more = len(names) - _MAX_NAMED_FILES
    listed = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    return f"nothing that can be graded, only {listed}: ask for the notebook (.ipynb) or the script (.py)"


def open_archives(
    found: Sequence[FoundFile], exercises: Sequence[str], wanted: FilePatterns = FilePatterns()
) -> list[FoundFile]:
    """Replace each archive by the answers in it; one without any is left out. Each student has a budget."""
    budgets: defaultdict[str | None, ReadBudget] = defaultdict(start_student_budget)
    opened: list[FoundFile] = []
    for one in found:
        opened += (
            [one] if one.problem or not one.is_archive else _open_archive(one, exercises, budgets[one.student], wanted)
        )
    return opened


def choose_answers(tree: FileTree, exercises: Sequence[str]) -> tuple[list[DownloadedFile], list[DownloadedFile]]:
    """Return the notebooks and scripts in a student's archive, and those of them that may be answers.

    Of scripts only those named after an exercise count, if there is such a file or a notebook. If there are too many
    answers, there is none, and a line in the tree instead.
    """
    files = [item for item in tree.items if item.is_submission_file]
    answers = [one for one in files if one.name.lower().endswith(".ipynb") or _parse_name(one, exercises).exercise]
    answers = answers or files
    if len(answers) > MAX_ANSWERS:
        tree.refused_files.append((tree.place, _TOO_MANY.format(n=len(answers), most=MAX_ANSWERS)))
        return [], []
    return files, answers


def find_empty_handed(path: Path, found: Sequence[FoundFile], exercises: Sequence[str]) -> list[FoundFile]:
    """Return a line for each student of a class's folder of whom nothing was found. Other files may be among those."""
    depth = len(path.parts)
    below = [one for one in found if one.path.parts[:depth] == path.parts]
    _, folders = list_folder(path, ())
    busy = {one.path.parts[depth] for one in below if len(one.path.parts) > depth}
    students = {one.student for one in below}
    is_class = not below or any(_is_in_own_folder(one, path) or _is_named_after_owner(one, path) for one in below)
    if not is_class:
        return []
    if not below and not folders:
        return _find_only_student(path, exercises)
    without = [folder for folder in folders if folder.name not in busy]
    lines = [_describe(folder, escape_unprintable(folder.name), list(_list_names(folder))) for folder in without]
    return [*lines, *_find_flat_files(path, students, exercises)]


def _find_only_student(path: Path, exercises: Sequence[str]) -> list[FoundFile]:
    """Return a line for the student of a folder without subfolders, if a file in it is named after an exercise."""
    names = list(_list_names(path))
    if not any(parse_stem(os.path.splitext(name)[0], exercises).exercise for name in names):
        return list(_find_flat_files(path, set(), exercises))
    return [_describe(path, escape_unprintable(os.path.basename(os.path.abspath(path))), names)]


def take_sets(tree: FileTree, wanted: FilePatterns, exercise: str | None) -> list[FileSet]:
    """Return the sets of files in a student's archive, and leave the other files in the tree.

    `exercise` is that in the archive's name, which decides where the files fit several.
    """
    if not wanted.patterns:
        return []
    if exercise in wanted.patterns:
        wanted = FilePatterns({str(exercise): wanted.patterns[str(exercise)]}, wanted.exercises)
    usable = [item for item in tree.items if item.is_submission_file]
    usable += [item for item in tree.other_files if item.name == PACKAGE_FILE]
    files = [SetFile(item.parts, item.display_path, item.load) for item in usable]
    sets, rest = assemble_sets(files, wanted)
    left = {file.parts for file in rest}
    tree.items[:] = [item for item in tree.items if not item.is_submission_file or item.parts in left]
    return sets


def _open_archive(
    one: FoundFile, exercises: Sequence[str], budget: ReadBudget, wanted: FilePatterns
) -> list[FoundFile]:
    shown = escape_unprintable(str(one.path))
    archive = DownloadedFile((one.path.name,), shown, partial(read_submission_bytes, one.path))
    tree = read_inner_archive(archive, budget)
    sets = take_sets(tree, wanted, one.stem_exercise)
    _, answers = choose_answers(tree, exercises)
    only = one.stem_exercise if len(answers) == 1 else None
    return [
        *(describe_set(each, one.path, one.student) for each in sets),
        *(_describe_member(one, item, _parse_name(item, exercises), only) for item in answers),
        *(replace(one, problem=f"{place}: {reason}") for place, reason in tree.refused_files),
    ]


def _describe_member(archive: FoundFile, item: DownloadedFile, stem: ParsedStem, only: str | None) -> FoundFile:
    """Return a file in a student's archive; `only` is the exercise in the archive's name, if that names the file."""
    path = archive.path.joinpath(*item.parts)
    return FoundFile(path, archive.student, stem.exercise or only, None, stem.attempt, load=item.load)


def _parse_name(item: DownloadedFile, exercises: Sequence[str]) -> ParsedStem:
    return parse_stem(os.path.splitext(item.name)[0], exercises)


def _is_in_own_folder(one: FoundFile, path: Path) -> bool:
    """Return whether a file lies in a folder, below the path, that is named after its student."""
    inner = one.path.parts[len(path.parts) :]
    return bool(inner) and one.student == escape_unprintable(inner[0]) and (len(inner) > 1 or one.path.is_dir())


def _is_named_after_owner(one: FoundFile, path: Path) -> bool:
    """Return whether a file lies in the path itself, and its own name has the student's name."""
    own_name = escape_unprintable(os.path.basename(os.path.abspath(path)))
    return one.path.parent == path and one.student is not None and one.student != own_name


def _list_names(folder: Path) -> Iterator[str]:
    """Yield the names of the files in a folder, without leftovers."""
    for _, folders, files in islice(os.walk(folder), _MAX_LISTED_FOLDERS):
        folders[:] = sorted(name for name in folders if not LEFTOVER_NAMES.fullmatch(name))
        yield from (name for name in sorted(files) if not LEFTOVER_NAMES.fullmatch(name))


def _find_flat_files(path: Path, students: set[str | None], exercises: Sequence[str]) -> Iterator[FoundFile]:
    """Yield a line for each student whose only files lie in the class's folder itself: `kurt__losses.pdf`."""
    names: dict[str, list[str]] = {}
    for file in sorted(os.listdir(path)):
        owner = parse_owner_of_exercise(os.path.splitext(file)[0], exercises)
        if owner and owner not in students and not LEFTOVER_NAMES.fullmatch(file) and (path / file).is_file():
            names.setdefault(owner, []).append(file)
    for owner, files in names.items():
        yield _describe(path / files[0], owner, files)


def _describe(place: Path, student: str, names: Sequence[str]) -> FoundFile:
    return FoundFile(place, student, None, f"{escape_unprintable(str(place))}: {describe_unusable_files(names)}")
