"""The course that a command works with, where none is named.

Loading a course runs its code. So only the commands of a course's author (`build`, `release`, `translate`) use a course
because it is in the current folder; every other command asks for its name. A release holds no code: a student's file is
checked against the nearest one.
"""

import os
from pathlib import Path

from grader.core.errors import UsageError
from grader.core.text.messages import gettext
from grader.course.bundle.format import CHECKS_FOLDER, MANIFEST_PATH
from grader.course.bundle.read_bundle import Bundle, find_bundle_folder, load_bundle
from grader.course.loader import bundled_course_folder, load_course


def choose_course(folder: Path | None) -> Path:
    """Return the named course folder, else the bundled course's.

    Raises UsageError if the current folder contains another course: it has to be named before its code is run.
    """
    if folder is not None:
        return folder
    if _is_course(Path()) and not is_bundled_course(Path()):
        raise UsageError(
            "this folder contains a course (reference/course.toml): add --course . to use it, or --course DIR for "
            "another one"
        )
    return bundled_course_folder()


def choose_own_course(folder: Path | None) -> tuple[Path, str]:
    """Return the course folder for a command of the course's author, and a remark if the choice was not named.

    Without a name it is the current folder, if it contains a course, else the bundled course's.
    """
    if folder is not None:
        return folder, ""
    if _is_course(Path()):
        return Path(), "" if is_bundled_course(Path()) else "using the course in this folder (reference/course.toml)"
    return bundled_course_folder(), "there is no course in this folder: using the bundled one"


def choose_references(file: Path, reference: Path | None) -> list[tuple[Path, Path]]:
    """Return what a student's file or folder is checked against: pairs of a course or release, and a file or folder.

    It is the named one; else the nearest release at or above the file; else the releases in a folder's own folders;
    else, within the clone of this program, the bundled course. Raises UsageError if there is none: a guess could judge
    by another question of the same name.
    """
    if reference is not None:
        return [(reference, file)]
    if release := find_nearest_release(file):
        return [(release, file)]
    if releases := sorted(found.parents[1] for found in file.glob(f"*/{MANIFEST_PATH}")):
        return [(release, release) for release in releases]
    if any(is_bundled_course(folder) for folder in (Path(), *file.resolve().parents)):
        return [(bundled_course_folder(), file)]
    raise UsageError(
        gettext(
            "no `checks` folder found here, in {folder} or above it: put the file back into the folder that you were "
            "given, or name that folder with --course or GRADER_COURSE",
            folder=str(file if file.is_dir() else file.parent),
        )
    )


def find_nearest_release(file: Path) -> Path | None:
    """Return the release that is this folder, or contains this file or folder."""
    return find_bundle_folder(file / CHECKS_FOLDER if file.is_dir() else file)


def load_reference(folder: Path, named: Path | None) -> Bundle:
    """Load what `choose_references` chose: data of a release, or a course.

    Only a course that was named, or the bundled one, is run. A folder that was merely found is read as a release,
    whatever else lies in it: it may come from a student.
    """
    is_trusted = folder == named or is_bundled_course(folder)
    if is_trusted and ((folder / "reference").is_dir() or not (folder / MANIFEST_PATH).is_file()):
        return Bundle(load_course(folder), {}, {})
    return load_bundle(folder)


def is_bundled_course(folder: Path) -> bool:
    """Tell whether a folder is that of the course which comes with the program."""
    try:
        return os.path.samefile(folder, bundled_course_folder())
    except (OSError, UsageError):
        return False


def _is_course(folder: Path) -> bool:
    return (folder / "reference" / "course.toml").is_file()
