"""Whose a file is, and which exercise it answers: told from folders and names, never guessed.

    PATH/STUDENT/EXERCISE.ipynb     a class: a folder for each student, whatever lies below it is that student's
    PATH/STUDENT__EXERCISE.ipynb    a class: single files
    PATH/EXERCISE.ipynb             one student's folder, with nothing of the above beside it: PATH is the student
    FILE                            a file given by itself: STUDENT__EXERCISE, else the folder it is given in

The exercise is told from the notebook's metadata first (`exercise_of`), then from the stem (`stems`). Two files of one
student for one exercise are two submissions, the number in the name says in which order (`losses`, `losses (1)`,
`losses_v2`); times are not looked at, because copying changes them.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.text.messages import say
from grader.core.wire.submission import Program
from grader.formats.decode_text import printable
from grader.formats.filename import Stem, told
from grader.formats.read_submission import SUFFIXES

_MAX_DEPTH: Final = 6
# Hidden files, what systems and editors leave lying about, and what is Python's own.
LEFTOVERS: Final = re.compile(
    r"\..*|~\$.*|#.*#|.*~|__MACOSX|__pycache__|__\w+__\.py|node_modules|site-packages|venv|env", re.DOTALL
)


@dataclass(frozen=True)
class Found:
    """A file that is, or should be, a submission.

    `student` is the printable name of a folder or of the part before `__`; None where a file was given alone, so that
    the command must say whose it is. `stem_exercise` is the exercise that the file's name says, if it says one, and
    `attempt` the numbers in the name (`losses_v2 (1)`: 2, 1). `problem`: why this can't be graded as it lies there,
    one line; None otherwise.
    """

    path: Path
    student: str | None
    stem_exercise: str | None
    problem: str | None = None
    attempt: tuple[int, ...] = ()


def find(paths: Sequence[Path], exercises: Sequence[str]) -> list[Found]:
    """The submissions in files and folders, each once: in the order of the paths; there by student, exercise, attempt.

    Below a path no link is followed: a linked folder is a Found with a problem, a linked file is refused when it is
    read. Raises UsageError for a path that isn't there or can't be listed.
    """
    found: dict[str, Found] = {}
    for path in paths:
        if os.path.isdir(path):
            some = sorted(_in_folder(path, exercises), key=lambda one: _order(one, exercises))
        elif os.path.lexists(path):
            some = [_given(path, exercises)]
        else:
            raise UsageError(say("{file}: there is no such file or folder", file=printable(str(path))))
        for one in some:
            found.setdefault(os.path.abspath(one.path), one)
    return list(found.values())


def exercise_of(program: Program, found: Found, exercises: Sequence[str]) -> str:
    """The exercise that a file answers: what its metadata say, else what its name says.

    Raises UnreadableSubmission, naming the exercises, if neither is one of them; and `found.problem` if there is one.
    """
    if found.problem:
        raise UnreadableSubmission(found.problem)
    if program.exercise in exercises:
        return str(program.exercise)
    if found.stem_exercise:
        return found.stem_exercise
    where = printable(str(found.path))
    names = ", ".join(exercises)
    if program.exercise:
        raise UnreadableSubmission(
            say(
                "{file}: there is no exercise {exercise}. Name the file after one of: {names}",
                file=where,
                exercise=repr(printable(program.exercise)),
                names=names,
            )
        )
    raise UnreadableSubmission(
        say("{file}: which exercise is it? Name the file after one of: {names}", file=where, names=names)
    )


def _order(found: Found, exercises: Sequence[str]) -> tuple[str, int, tuple[int, ...], str]:
    place = exercises.index(found.stem_exercise) if found.stem_exercise else len(exercises)
    return found.student or "", place, found.attempt, str(found.path)


def _given(path: Path, exercises: Sequence[str]) -> Found:
    """A file that the command names."""
    folder = _student(path.parent.name)
    if path.suffix.lower() not in SUFFIXES:
        problem = f"{printable(str(path))}: neither a notebook (.ipynb) nor a script (.py); hand in one of those"
        return Found(path, folder, None, problem)
    owner, stem = _owner(path.stem, exercises)
    return Found(path, _student(owner) or folder, stem.exercise, attempt=stem.attempt)


def _in_folder(path: Path, exercises: Sequence[str]) -> list[Found]:
    """What lies in a class's folder, or in one student's."""
    files, folders = _listing(path)
    found = [one for folder in folders for one in _inside(folder, _student(folder.name), exercises, 1)]
    names = [_owner(file.stem, exercises) for file in files]
    if not any(owner for owner, _ in names) and not any(map(_is_work, found)):
        return list(_of_student(path, _student(os.path.basename(os.path.abspath(path))), exercises, 1))
    for file, (owner, stem) in zip(files, names, strict=True):
        shown = printable(str(file))
        problem = None if owner else f"{shown}: whose is it? Put it into a folder named after its student"
        found.append(Found(file, _student(owner), stem.exercise, problem, stem.attempt))
    return found


def _inside(folder: Path, student: str | None, exercises: Sequence[str], depth: int) -> Iterator[Found]:
    """What lies in a folder below a path, if it may be entered."""
    shown = printable(str(folder))
    if os.path.islink(folder):
        yield Found(folder, student, None, f"{shown}: a link, and links are not followed; put the folder itself there")
    elif depth > _MAX_DEPTH:
        yield Found(folder, student, None, f"{shown}: folders this deep are not searched; move its files further up")
    else:
        try:
            yield from _of_student(folder, student, exercises, depth)
        except UsageError as error:
            yield Found(folder, student, None, str(error))


def _of_student(folder: Path, student: str | None, exercises: Sequence[str], depth: int) -> Iterator[Found]:
    """Everything in one student's folder and below; further down a script counts only if its name says an exercise."""
    files, folders = _listing(folder)
    for file in files:
        _, stem = _owner(file.stem, exercises)
        found = Found(file, student, stem.exercise, attempt=stem.attempt)
        if depth == 1 or _is_work(found):
            yield found
    for inner in folders:
        yield from _inside(inner, student, exercises, depth + 1)


def _is_work(found: Found) -> bool:
    """A notebook, or a script named after an exercise: no helper module that lies beside."""
    return bool(found.stem_exercise) or found.path.suffix.lower() == ".ipynb"


def _listing(folder: Path) -> tuple[list[Path], list[Path]]:
    """The notebooks and scripts in a folder, and its folders, links to folders among them; both by name."""
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if LEFTOVERS.fullmatch(entry.name):
                    continue
                # os.path.isdir: a link that leads to itself is an error to entry.is_dir, and would cost the whole class
                if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and os.path.isdir(entry.path)):
                    folders.append(Path(entry.path))
                elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:
                    files.append(Path(entry.path))
    except OSError as error:
        raise UsageError(
            say(
                "{folder}: can't be listed ({why}); look at its permissions",
                folder=printable(str(folder)),
                why=error.strerror,
            )
        ) from None
    return sorted(files), sorted(folders)


def _owner(stem: str, exercises: Sequence[str]) -> tuple[str | None, Stem]:
    """STUDENT and what EXERCISE says, of a stem that is STUDENT__EXERCISE; no student where it is no such."""
    whole = told(stem, exercises)
    parts = [(stem[: gap.start()], stem[gap.end() :]) for gap in re.finditer("__(?!_)", stem)]
    parts = [(owner, rest) for owner, rest in parts if owner]
    if whole.exercise or not parts:
        return None, whole
    said = [(owner, name) for owner, rest in parts if (name := told(rest, exercises)).exercise]
    if len(said) > 1:
        return None, whole
    return said[0] if said else (parts[-1][0], whole)


def owner_of(stem: str, exercises: Sequence[str]) -> str | None:
    """STUDENT of a stem that is STUDENT__EXERCISE; None where it is no such."""
    return _owner(stem, exercises)[0]


def _student(name: str | None) -> str | None:
    return printable(name) if name and name != ".." else None
