"""Starting a new course: ready to be built, checked, graded and changed."""

from pathlib import Path

from grader.atomic_write import replace_file
from grader.core.errors import UsageError
from grader.course.loader import load_course
from grader.course.scaffold import SCAFFOLD_FILES
from grader.course.templates import write_templates


def create_course(folder: Path) -> list[Path]:
    """Write a small course and its templates, and return the files. Raises UsageError for a folder that isn't empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty: name a new folder")
    for name, text in SCAFFOLD_FILES.items():
        replace_file(folder / name, text.encode())
    root = folder.resolve()
    templates = write_templates(load_course(folder), root)
    return [*(folder / name for name in SCAFFOLD_FILES), *(folder / file.relative_to(root) for file in templates)]
