"""The packages that a course names in course.toml: are they installed where its submissions run?

Student code is run by this same Python, without the packages of one user alone.
"""

import site
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from pathlib import Path

from grader.core.errors import SandboxUnavailable, UsageError
from grader.core.questions.exercise import Course
from grader.core.text.messages import gettext
from grader.core.wire.job import Job, Read, Request
from grader.core.wire.submission import Cell
from grader.course.settings import read_settings
from grader.sandbox.sandbox import Sandbox


def find_missing_packages(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the packages, or modules by dotted name, that aren't installed. Nothing is imported for it."""
    user = site.getusersitepackages()
    path = [folder for folder in sys.path if folder and not folder.startswith(user)]
    return tuple(name for name in names if not _is_installed(name, path))


def require_packages(course: Course) -> None:
    """Raise SandboxUnavailable if the course names packages that aren't installed."""
    if missing := find_missing_packages(course.packages):
        raise SandboxUnavailable(
            gettext(
                "course.toml names packages that are not installed here: {names}: install them for {python}, or take "
                "them out of packages",
                names=", ".join(missing),
                python=sys.executable,
            )
        )


def find_unusable_packages(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the packages that student code can't import: tried in the sandbox, which takes a while."""
    named = tuple(names)
    source = f"import sys\nfound = [name for name in {named!r} if name not in sys.modules]"
    job = Job((Cell(source, label="cell 1"),), (Request("packages", "packages", (Read("found"),)),))
    with Sandbox(packages=named) as sandbox:
        value = sandbox.run(job).answers[0].results[0].value
    return tuple(map(str, value)) if isinstance(value, list) else named


def read_named_packages(folder: Path) -> tuple[str, ...]:
    """Return the packages that the course in a folder names; none of its code is run. Raises CourseError."""
    file = folder / "reference" / "course.toml"
    if not file.is_file():
        raise UsageError(
            f"there is no course in {folder}: reference/course.toml is missing", "grader init starts a course"
        )
    return read_settings(file).packages


def _is_installed(name: str, path: list[str]) -> bool:
    if name.partition(".")[0] in sys.builtin_module_names:
        return True
    places: list[str] | None = path
    full = ""
    for part in name.split("."):
        if places is None:
            return False
        full = f"{full}.{part}".lstrip(".")
        spec = PathFinder.find_spec(full, places)
        if spec is None:
            return False
        found = spec.submodule_search_locations
        places = None if found is None else list(found)
    return True
