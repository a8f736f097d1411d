"""`grader init`: a course of one's own, ready to be built, checked, graded and changed."""

from pathlib import Path

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.course.loader import load_course
from grader.course.scaffold import SCAFFOLD_FILES
from grader.course.templates import write_atomically, write_templates


def run_init(folder: Path) -> int:
    """Writes the course and its templates. Raises UsageError where something is there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty: name a new folder")
    for name, text in SCAFFOLD_FILES.items():
        write_atomically(folder / name, text.encode())
    written = [
        *SCAFFOLD_FILES,
        *(str(file.relative_to(folder.resolve())) for file in write_templates(load_course(folder), folder.resolve())),
    ]
    for name in written:
        terminal.print_line(f"wrote {folder / name}")
    return 0
