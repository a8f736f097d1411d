"""`grader init`: a course of one's own, ready to be built, checked, graded and changed."""

from pathlib import Path

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.course.loader import load
from grader.course.scaffold import FILES
from grader.course.templates import write, write_whole


def run(folder: Path) -> int:
    """Writes the course and its templates. Raises UsageError where something is there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty: name a new folder")
    for name, text in FILES.items():
        write_whole(folder / name, text.encode())
    written = [*FILES, *(str(file.relative_to(folder.resolve())) for file in write(load(folder), folder.resolve()))]
    for name in written:
        terminal.line(f"wrote {folder / name}")
    return 0
