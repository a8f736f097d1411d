"""Releasing a course: the files for students, as a folder or a zip."""

from collections.abc import Mapping
from pathlib import Path

from grader.atomic_write import replace_file
from grader.core.errors import UsageError
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.course.bundle.format import CHECKS_FOLDER, MANIFEST_PATH
from grader.course.bundle.portable_values import pack_zip
from grader.course.bundle.program_wheel import build_program_wheel
from grader.course.bundle.write_bundle import render_bundle, select_exercise
from grader.course.loader import load_course
from grader.course.po_files import choose_language


def write_release(
    to: Path, folder: Path, lang: str | None = None, *, exercise: str | None = None, with_program: bool = False
) -> int:
    """Write the release of the course in `folder`, or of one exercise of it, and return its number of files.

    `with_program` puts the program's wheel beside the exercises. Raises UsageError if `to` holds something else or the
    wheel can't be built, CourseError if the course is wrong.
    """
    if to.is_dir() and any(to.iterdir()) and not (to / MANIFEST_PATH).is_file():
        raise UsageError(f"{to} contains something other than a release: name an empty or a new folder")
    if to.exists() and not to.is_dir() and to.suffix != ".zip":
        raise UsageError(f"{to} is not a folder: name a folder, or a file that ends in .zip")
    course = load_course(folder)
    program = build_program_wheel() if with_program else None
    language = choose_language(course, lang)
    one = course.exercise(exercise) if exercise is not None else None
    files = render_bundle(course, PUBLIC_SECRET, language, program=program)
    if one is not None:
        files = select_exercise(course, one, files, language)
    if to.suffix == ".zip":
        replace_file(to, pack_zip(files))
    else:
        _write_folder(to, files)
    return len(files)


def _write_folder(to: Path, files: Mapping[str, bytes]) -> None:
    """Write the files, and delete the checks of exercises that the course no longer has."""
    for old in (to / CHECKS_FOLDER).glob("*"):
        if f"{CHECKS_FOLDER}/{old.name}" not in files and old.suffix in (".json", ".npz"):
            old.unlink()
    for name, data in files.items():
        replace_file(to / name, data)
