"""Finds submissions in folders, and derives student and exercise from the names of folders and files.

    PATH/STUDENT/EXERCISE.ipynb     a class: one folder per student, everything below it belongs to that student
    PATH/STUDENT__EXERCISE.ipynb    a class: single files
    PATH/EXERCISE.ipynb             one student's folder, with nothing of the above beside it: PATH is the student
    FILE                            a file given by itself: STUDENT__EXERCISE, else the folder it is given in

The exercise is taken from the notebook's metadata first (`resolve_exercise`), then from the stem; a service may
ask its questions last.
Two files of one student for one exercise are two submissions, ordered by the number in the name (`losses`, `losses
(1)`, `losses_v2`). Modification times are ignored, because copying changes them.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.text.messages import gettext
from grader.core.wire.submission import ParsedSubmission
from grader.formats.decode_text import escape_unprintable
from grader.formats.filename import ParsedStem, parse_stem
from grader.formats.read_submission import SUBMISSION_SUFFIXES

_MAX_DEPTH: Final = 6
# Hidden files, leftovers of systems and editors, and Python's own folders and files.
LEFTOVER_NAMES: Final = re.compile(
    r"\..*|~\$.*|#.*#|.*~|__MACOSX|__pycache__|__\w+__\.py|node_modules|site-packages|venv|env", re.DOTALL
)


@dataclass(frozen=True)
class FoundFile:
    """A file that is, or should be, a submission.

    `student` is the printable name of a folder or the part before `__`; None where a file was given alone, so that the
    command must name the student. `stem_exercise` is the exercise in the file's name, if there is one, and `attempt`
    the numbers in the name (`losses_v2 (1)`: 2, 1). `problem` says in one line why this file can't be graded where it
    lies; None if it can.
    """

    path: Path
    student: str | None
    stem_exercise: str | None
    problem: str | None = None
    attempt: tuple[int, ...] = ()


def find_submissions(paths: Sequence[Path], exercises: Sequence[str]) -> list[FoundFile]:
    """Find each submission once: in the order of the paths, then by student, exercise and attempt.

    No link below a path is followed: a linked folder is a FoundFile with a problem, a linked file is refused when it is
    read. Raises UsageError for a path that doesn't exist or can't be listed.
    """
    found: dict[str, FoundFile] = {}
    for path in paths:
        if os.path.isdir(path):
            some = sorted(_find_in_folder(path, exercises), key=lambda one: _sort_key(one, exercises))
        elif os.path.lexists(path):
            some = [_find_given_file(path, exercises)]
        else:
            raise UsageError(gettext("{file}: this file or folder does not exist", file=escape_unprintable(str(path))))
        for one in some:
            found.setdefault(os.path.abspath(one.path), one)
    return list(found.values())


def resolve_exercise(program: ParsedSubmission, file: FoundFile, exercises: Sequence[str]) -> str:
    """Return the exercise that a file answers, from its metadata, else from its name.

    Raises UnreadableSubmission, naming the exercises, if neither is one of them, or with `found.problem` if there is
    one.
    """
    if file.problem:
        raise UnreadableSubmission(file.problem)
    if program.exercise in exercises:
        return str(program.exercise)
    if file.stem_exercise:
        return file.stem_exercise
    where = escape_unprintable(str(file.path))
    names = ", ".join(exercises)
    if program.exercise:
        raise UnreadableSubmission(
            gettext(
                "{file}: the exercise {exercise} does not exist. Name the file after one of: {names}",
                file=where,
                exercise=repr(escape_unprintable(program.exercise)),
                names=names,
            )
        )
    raise UnreadableSubmission(
        gettext("{file}: the exercise is unknown. Name the file after one of: {names}", file=where, names=names)
    )


def _sort_key(found: FoundFile, exercises: Sequence[str]) -> tuple[str, int, tuple[int, ...], str]:
    place = exercises.index(found.stem_exercise) if found.stem_exercise else len(exercises)
    return found.student or "", place, found.attempt, str(found.path)


def _find_given_file(path: Path, exercises: Sequence[str]) -> FoundFile:
    """Describe a file that was named on the command line."""
    folder = _student_name(path.parent.name)
    if path.suffix.lower() not in SUBMISSION_SUFFIXES:
        problem = f"{escape_unprintable(str(path))}: not a notebook (.ipynb) or a script (.py); choose one of these"
        return FoundFile(path, folder, None, problem)
    owner, stem = _split_owner(path.stem, exercises)
    return FoundFile(path, _student_name(owner) or folder, stem.exercise, attempt=stem.attempt)


def _find_in_folder(path: Path, exercises: Sequence[str]) -> list[FoundFile]:
    """Find the submissions in a class's folder, or in one student's folder."""
    files, folders = _listing(path)
    found = [one for folder in folders for one in _find_in_subfolder(folder, _student_name(folder.name), exercises, 1)]
    names = [_split_owner(file.stem, exercises) for file in files]
    if not any(owner for owner, _ in names) and not any(map(_is_submission_file, found)):
        return list(_find_in_student_folder(path, _student_name(os.path.basename(os.path.abspath(path))), exercises, 1))
    for file, (owner, stem) in zip(files, names, strict=True):
        shown = escape_unprintable(str(file))
        problem = (
            None if owner else f"{shown}: the student is unknown. Put the file into a folder named after the student"
        )
        found.append(FoundFile(file, _student_name(owner), stem.exercise, problem, stem.attempt))
    return found


def _find_in_subfolder(folder: Path, student: str | None, exercises: Sequence[str], depth: int) -> Iterator[FoundFile]:
    """Find the submissions in a folder below a path, if it may be entered."""
    shown = escape_unprintable(str(folder))
    if os.path.islink(folder):
        yield FoundFile(
            folder, student, None, f"{shown}: this is a link, which is not followed; put the folder itself there"
        )
    elif depth > _MAX_DEPTH:
        yield FoundFile(
            folder, student, None, f"{shown}: the folder is too deep and is not searched; move its files up"
        )
    else:
        try:
            yield from _find_in_student_folder(folder, student, exercises, depth)
        except UsageError as error:
            yield FoundFile(folder, student, None, str(error))


def _find_in_student_folder(
    folder: Path, student: str | None, exercises: Sequence[str], depth: int
) -> Iterator[FoundFile]:
    """Find everything in one student's folder; deeper down a script counts only if its name contains an exercise."""
    files, folders = _listing(folder)
    for file in files:
        _, stem = _split_owner(file.stem, exercises)
        found = FoundFile(file, student, stem.exercise, attempt=stem.attempt)
        if depth == 1 or _is_submission_file(found):
            yield found
    for inner in folders:
        yield from _find_in_subfolder(inner, student, exercises, depth + 1)


def _is_submission_file(found: FoundFile) -> bool:
    """Tell a notebook, or a script named after an exercise, from a helper module beside it."""
    return bool(found.stem_exercise) or found.path.suffix.lower() == ".ipynb"


def _listing(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the notebooks and scripts in a folder, and its subfolders, links to folders included, sorted by name."""
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if LEFTOVER_NAMES.fullmatch(entry.name):
                    continue
                # os.path.isdir, because entry.is_dir raises for a link to itself, and would abort the whole class
                if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and os.path.isdir(entry.path)):
                    folders.append(Path(entry.path))
                elif os.path.splitext(entry.name)[1].lower() in SUBMISSION_SUFFIXES:
                    files.append(Path(entry.path))
    except OSError as error:
        raise UsageError(
            gettext(
                "{folder}: can't be listed ({why}); check its permissions",
                folder=escape_unprintable(str(folder)),
                why=error.strerror,
            )
        ) from None
    return sorted(files), sorted(folders)


def _split_owner(stem: str, exercises: Sequence[str]) -> tuple[str | None, ParsedStem]:
    """Split a stem STUDENT__EXERCISE into student and parsed exercise; the student is None for any other stem."""
    whole = parse_stem(stem, exercises)
    parts = [(stem[: gap.start()], stem[gap.end() :]) for gap in re.finditer("__(?!_)", stem)]
    parts = [(owner, rest) for owner, rest in parts if owner]
    if whole.exercise or not parts:
        return None, whole
    matching = [(owner, name) for owner, rest in parts if (name := parse_stem(rest, exercises)).exercise]
    if len(matching) > 1:
        return None, whole
    return matching[0] if matching else (parts[-1][0], whole)


def parse_owner(stem: str, exercises: Sequence[str]) -> str | None:
    """Return STUDENT of a stem STUDENT__EXERCISE; None for any other stem."""
    return _split_owner(stem, exercises)[0]


def _student_name(name: str | None) -> str | None:
    return escape_unprintable(name) if name and name != ".." else None
