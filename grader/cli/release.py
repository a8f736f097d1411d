"""`grader release`: what students get, as a folder or a zip."""

from pathlib import Path

from grader.cli import terminal
from grader.cli.check import PUBLIC_SECRET
from grader.core.errors import UsageError
from grader.course.bundle.format import FOLDER, NAME
from grader.course.bundle.portable_values import zipped
from grader.course.bundle.write_bundle import files
from grader.course.loader import load
from grader.course.po_files import language
from grader.course.templates import write_whole


def run(to: Path, folder: Path, lang: str | None = None) -> int:
    """Writes the release. Raises UsageError where the folder holds something else, CourseError for the course."""
    if to.is_dir() and any(to.iterdir()) and not (to / NAME).is_file():
        raise UsageError(f"{to} holds something else than a release: name an empty or a new folder")
    if to.exists() and not to.is_dir() and to.suffix != ".zip":
        raise UsageError(f"{to} is no folder: name a folder, or a file that ends in .zip")
    course = load(folder)
    made = files(course, PUBLIC_SECRET, language(course, lang))
    if to.suffix == ".zip":
        write_whole(to, zipped(made))
    else:
        _write(to, made)
    terminal.line(f"wrote {len(made)} files to {to}")
    return 0


def _write(to: Path, made: dict[str, bytes]) -> None:
    """Writes the files; checks of an exercise that there is no longer go."""
    for old in (to / FOLDER).glob("*"):
        if f"{FOLDER}/{old.name}" not in made and old.suffix in (".json", ".npz"):
            old.unlink()
    for name, data in made.items():
        write_whole(to / name, data)
