"""Finds submissions in folders, and derives student and exercise from the names of folders and files.

    PATH/STUDENT/EXERCISE.ipynb     a class: one folder per student, everything below it belongs to that student
    PATH/STUDENT__EXERCISE.ipynb    a class: single files
    PATH/EXERCISE.ipynb             one student's folder, with nothing of the above beside it: PATH is the student
    PATH/STUDENT/FOLDER/…           the files of an exercise of several files, under their paths in the exercise
    PATH/STUDENT/ANY NAME.zip       where archives are looked for: what the student packed
    FILE                            a file given by itself: STUDENT__EXERCISE, else the folder it is given in

The exercise is taken from the notebook's metadata first (`resolve_exercise`), then from the stem; a service may
ask its questions last.
Two files of one student for one exercise are two submissions, ordered by the number in the name (`losses`, `losses
(1)`, `losses_v2`). Modification times are ignored, because copying changes them.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.file_patterns import match_path
from grader.core.text.messages import MessageLike, gettext
from grader.core.wire.submission import ParsedSubmission
from grader.formats.assemble_sets import FilePatterns, FileSet, SetFile, assemble_sets
from grader.formats.decode_text import escape_unprintable
from grader.formats.file_set import SET_SUFFIX
from grader.formats.filename import ParsedStem, parse_stem
from grader.formats.read_submission import SUBMISSION_SUFFIXES, read_submission_bytes

ARCHIVE_SUFFIX: Final = ".zip"
HAND_IN_SUFFIXES: Final = (*SUBMISSION_SUFFIXES, ARCHIVE_SUFFIX)
"""Endings of the files in a class's folder that are looked into."""
_MAX_DEPTH: Final = 6
_MAX_SET_FOLDERS: Final = 1000
_MAX_SET_FILES: Final = 10_000  # files of one student that may belong to sets
_UNKNOWN_OWNER: Final = "the student is unknown. Put the file into a folder named after the student"
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
    lies; None if it can. `load` reads a file that lies in an archive. Of a `file_set`, `path` is the folder or archive.
    """

    path: Path
    student: str | None
    stem_exercise: str | None
    problem: str | None = None
    attempt: tuple[int, ...] = ()
    load: Callable[[], bytes] | None = None
    file_set: FileSet | None = None

    @property
    def is_archive(self) -> bool:
        """True if the file is an archive, judging by its name."""
        return self.path.suffix.lower() == ARCHIVE_SUFFIX and self.file_set is None

    @property
    def file_name(self) -> str:
        """The name under which it is recorded, whose ending tells how it is read."""
        return f"{self.file_set.exercise}{SET_SUFFIX}" if self.file_set else self.path.name

    def read(self) -> bytes:
        """Return the bytes. Raises UnreadableSubmission."""
        return self.read_with_remarks()[0]

    def read_with_remarks(self) -> tuple[bytes, tuple[MessageLike, ...]]:
        """Return the bytes, and the sentences about files of a set. Raises UnreadableSubmission."""
        if self.file_set:
            return self.file_set.load()
        return (self.load() if self.load else read_submission_bytes(self.path)), ()


@dataclass(frozen=True)
class _Search:
    """The exercises whose names are looked for, and the endings of the files that are found."""

    exercises: Sequence[str]
    suffixes: Sequence[str]
    wanted: FilePatterns
    taken: frozenset[Path] = frozenset()
    """Files that belong to sets."""


def find_submissions(
    paths: Sequence[Path],
    exercises: Sequence[str],
    suffixes: Sequence[str] = SUBMISSION_SUFFIXES,
    wanted: FilePatterns = FilePatterns(),
) -> list[FoundFile]:
    """Find each submission once: in the order of the paths, then by student, exercise and attempt.

    With HAND_IN_SUFFIXES the archives in students' folders are found, too. No link below a path is followed: a linked
    folder is a FoundFile with a problem, a linked file is refused when it is read. Raises UsageError for a path that
    doesn't exist or can't be listed.
    """
    found: dict[tuple[str, str], FoundFile] = {}
    search = _Search(exercises, suffixes, wanted)
    for path in paths:
        if os.path.isdir(path):
            some = sorted(_find_in_folder(path, search), key=lambda one: _sort_key(one, exercises))
        elif os.path.lexists(path):
            some = [_find_given_file(path, exercises)]
        else:
            raise UsageError(gettext("{file}: this file or folder does not exist", file=escape_unprintable(str(path))))
        for one in some:
            found.setdefault((os.path.abspath(one.path), one.file_set.exercise if one.file_set else ""), one)
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
            ),
            "or add --exercise NAME",
        )
    raise UnreadableSubmission(
        gettext(
            "{file}: the exercise is unknown. Name the file after one of: {names}",
            file=where,
            names=names,
        ),
        "or add --exercise NAME. Authors allow other names by aliases in course.toml",
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


def _find_in_folder(path: Path, search: _Search) -> list[FoundFile]:
    """Find the submissions in a class's folder, or in one student's folder."""
    files, folders = list_folder(path, search.suffixes)
    found = [one for folder in folders for one in _find_in_subfolder(folder, _student_name(folder.name), search, 1)]
    names = [_split_owner(file.stem, search.exercises) for file in files]
    here = [FoundFile(file, owner, stem.exercise) for file, (owner, stem) in zip(files, names, strict=True)]
    if _is_whole_set(path, here, search) or not _is_class(here, found):
        return _find_in_only_folder(path, search)
    for file, (owner, stem) in zip(files, names, strict=True):
        shown = escape_unprintable(str(file))
        problem = None if owner else f"{shown}: {_UNKNOWN_OWNER}"
        found.append(FoundFile(file, _student_name(owner), stem.exercise, problem, stem.attempt))
    return found


def _is_whole_set(path: Path, here: Sequence[FoundFile], search: _Search) -> bool:
    """Return whether a folder itself is that of a set of files, rather than a class's folder."""
    if not search.wanted.patterns or any(one.student for one in here):
        return False
    sets, _ = assemble_sets(list_set_files(path), search.wanted)
    return any(not one.root and any("/".join(f.parts) == p for p, f in one.files.items()) for one in sets)


def _is_class(here: Sequence[FoundFile], below: Sequence[FoundFile]) -> bool:
    """Return whether a folder holds a class's files, judging by those in it and those in its subfolders."""
    if any(one.student and (one.stem_exercise or not one.is_archive) for one in here):
        return True
    if any(map(is_main_file, below)):
        return True
    return any(one.is_archive for one in below) and all(one.is_archive for one in here)


def _find_in_only_folder(path: Path, search: _Search) -> list[FoundFile]:
    """Find the submissions in the folder of one student; an archive counts only if its name contains an exercise."""
    name = _student_name(os.path.basename(os.path.abspath(path)))
    found = list(_find_in_student_folder(path, name, search, 1))
    chosen = [one for one in found if one.stem_exercise or not one.is_archive]
    return chosen or [
        replace(one, student=None, problem=f"{escape_unprintable(str(one.path))}: {_UNKNOWN_OWNER}") for one in found
    ]


def _find_in_subfolder(folder: Path, student: str | None, search: _Search, depth: int) -> Iterator[FoundFile]:
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
            yield from _find_in_student_folder(folder, student, search, depth)
        except UsageError as error:
            yield FoundFile(folder, student, None, str(error))


def _find_in_student_folder(folder: Path, student: str | None, search: _Search, depth: int) -> Iterator[FoundFile]:
    """Find everything in one student's folder; deeper down a script counts only if its name contains an exercise."""
    files, folders = list_folder(folder, search.suffixes)
    if depth == 1 and search.wanted.patterns:
        own = list_set_files(folder)
        sets, rest = assemble_sets(own, search.wanted)
        left = {one.parts for one in rest}
        search = replace(search, taken=frozenset(folder.joinpath(*one.parts) for one in own if one.parts not in left))
        yield from (describe_set(one, folder, student) for one in sets)
    for file in files:
        if file in search.taken:
            continue
        _, stem = _split_owner(file.stem, search.exercises)
        found = FoundFile(file, student, stem.exercise, attempt=stem.attempt)
        if depth == 1 or found.is_archive or is_main_file(found):
            yield found
    for inner in folders:
        yield from _find_in_subfolder(inner, student, search, depth + 1)


def describe_set(one: FileSet, folder: Path, student: str | None) -> FoundFile:
    """Return a set of files that was found in a student's folder or archive."""
    return FoundFile(folder.joinpath(*one.root), student, one.exercise, file_set=one)


def find_set_folder(file: Path, wanted: FilePatterns) -> Path | None:
    """Return the folder of the set that a file belongs to by its path; None if it belongs to none."""
    parts = file.absolute().parts
    for patterns in wanted.patterns.values():
        for pattern in patterns:
            count = pattern.count("/") + 1
            if file.is_file() and match_path("/".join(parts[-count:]), pattern) is not None:
                return file.absolute().parents[count - 1]
    return None


def list_set_files(folder: Path) -> list[SetFile]:
    """Return the notebooks and scripts below a folder, the first of them if there are very many."""
    found: list[SetFile] = []
    for place, folders, files in islice(os.walk(folder), _MAX_SET_FOLDERS):
        folders[:] = sorted(name for name in folders if not LEFTOVER_NAMES.fullmatch(name))
        for name in sorted(files):
            path = Path(place, name)
            if path.suffix.lower() in SUBMISSION_SUFFIXES and (
                name == "__init__.py" or not LEFTOVER_NAMES.fullmatch(name)
            ):
                parts = path.relative_to(folder).parts
                found.append(SetFile(parts, escape_unprintable(str(path)), partial(read_submission_bytes, path)))
    return found[:_MAX_SET_FILES]


def is_main_file(found: FoundFile) -> bool:
    """Tell a notebook, or a script named after an exercise, from a helper module beside it."""
    return bool(found.stem_exercise) or found.path.suffix.lower() == ".ipynb"


def list_folder(folder: Path, suffixes: Sequence[str]) -> tuple[list[Path], list[Path]]:
    """Return the files with these endings in a folder, and its subfolders, links to folders included, by name."""
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if LEFTOVER_NAMES.fullmatch(entry.name):
                    continue
                # os.path.isdir, because entry.is_dir raises for a link to itself, and would abort the whole class
                if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and os.path.isdir(entry.path)):
                    folders.append(Path(entry.path))
                elif os.path.splitext(entry.name)[1].lower() in suffixes:
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
    if (whole.exercise and not whole.fits_wildcard) or not parts:
        return None, whole
    matching = [(owner, name) for owner, rest in parts if (name := parse_stem(rest, exercises)).exercise]
    if len(matching) > 1 or (whole.exercise and not matching):
        return None, whole
    return matching[0] if matching else (parts[-1][0], whole)


def parse_owner(stem: str, exercises: Sequence[str]) -> str | None:
    """Return STUDENT of a stem STUDENT__EXERCISE; None for any other stem."""
    return _split_owner(stem, exercises)[0]


def parse_owner_of_exercise(stem: str, exercises: Sequence[str]) -> str | None:
    """Return STUDENT of a stem STUDENT__EXERCISE whose exercise the course has; None for any other stem."""
    owner, parsed = _split_owner(stem, exercises)
    return _student_name(owner) if parsed.exercise else None


def _student_name(name: str | None) -> str | None:
    return escape_unprintable(name) if name and name != ".." else None
