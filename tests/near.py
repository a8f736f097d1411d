"""`pytest --near`: the tests near a change, nearest first, as many as fit into a minute.

A change is all that differs from the place where the branch left `main`, committed or not. Near it are its mirror in
`tests/` and the tests that say they cover it (distance 0), the tests that import it and those of the modules that
import it (1), and so on. What holds for the whole program runs first, and tests of the core fill the rest of the
minute.
"""

import ast
import itertools
import re
import subprocess
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.import_graph import MODULES, ROOT, TESTS, covered_paths, imports, is_covered, own, tree

BUDGET_S: Final = 30.0
"""Seconds after the first test after which no further one begins."""
MAX_FILES: Final = 40
"""Number of test files near the change that are read, the nearest ones; half the program imports some modules."""
FARTHEST: Final = 2
"""Distance from the change beyond which only tests of the core run."""
_FIRST: Final = (
    *("tests/test_style.py", "tests/test_architecture.py", "tests/test_mirror.py"),
    *("tests/docs/test_command_line.py", "tests/docs/test_troubleshooting.py"),
    "tests/course/test_extract_messages.py",
)
"""What holds for the whole program: its layout; commands, errors and sentences are documented and translated."""
_FILL: Final = "tests/core/"
_TEXT: Final = (".py", ".html", ".css", ".js", ".toml", ".md")


class NearestTests:
    """A pytest plugin that collects only tests near the change, sorts them by distance, and stops in time."""

    def __init__(self) -> None:
        self._end = 0.0
        self._changed = find_changed_files()
        self._distances = measure_distances(self._changed)

    def pytest_report_header(self) -> str:
        """Tell which files are near."""
        near = sum(0 <= distance <= FARTHEST for distance in self._distances.values())
        return f"near: {len(self._changed)} changed files, {near} test files near them, then the core's"

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out test files that are far away, without importing them."""
        is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
        return True if is_test and _relative(collection_path) not in self._distances else None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the nearest tests first."""
        items.sort(key=lambda item: self._distances[_relative(item.path)])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Skip what no longer fits."""
        self._end = self._end or time.monotonic() + BUDGET_S
        if time.monotonic() > self._end:
            pytest.skip(f"--near begins no test after {BUDGET_S:g} s: the whole suite runs it")


def find_changed_files() -> list[str]:
    """Return the files that differ from the place where the branch left `main`, as paths from the root."""
    for main in ("main", "origin/main"):
        base = _git("merge-base", "HEAD", main)
        if base:
            break
    changed = _git("diff", "--name-only", "-z", *(base or ["HEAD"]))
    return sorted({*changed, *_git("ls-files", "--others", "--exclude-standard", "-z")})


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return [word for word in re.split(r"[\0\n]", done.stdout) if word] if done.returncode == 0 else []


def measure_distances(changed: Iterable[str]) -> dict[str, int]:
    """Return the test files that `--near` runs, as paths from the root, with their distance from the change."""
    near: dict[str, int] = {}
    reached: set[str] = set()
    files = sorted(changed)
    for distance in range(FARTHEST + 1):
        reached.update(files)
        for test in (test for file in files for test in find_own_tests(file)):
            near.setdefault(test, distance)
        files = sorted({user for file in files for user in find_users(file)} - reached)
    core = {path: FARTHEST + 1 for path in _coverage() if path.startswith(_FILL)}
    nearest = dict(itertools.islice(near.items(), MAX_FILES))
    return core | nearest | dict.fromkeys(_FIRST, -1)


def find_own_tests(file: str) -> Iterator[str]:
    """Yield the tests of a file: a test file itself, the mirror of a module, the tests that cover it."""
    top, _, inner = file.partition("/")
    for test, covered in _coverage().items():
        in_program = top == "grader" and any(is_covered(inner, path) for path in covered)
        of_exercise = top == "reference" and test == f"tests/reference/test_{inner.split('/')[0]}.py"
        if in_program or of_exercise or file == test:
            yield test


def find_users(file: str) -> Iterator[str]:
    """Yield the files that use a file: import it, have it as a fixture or as data, or name it in their text."""
    path = Path(file)
    if path.name == "conftest.py":
        yield from _find_tests_beside(path)
    elif path.suffix == ".py":
        yield from _importers().get(file, ())
    elif file.startswith("tests/"):
        yield from _find_tests_beside(path)
    else:
        name = re.compile(rf"(?<![\w.-]){re.escape(path.name)}(?![\w-])")
        yield from (other for other, text in _texts() if other != file and name.search(text))


def _find_tests_beside(file: Path) -> list[str]:
    """Return the tests of the nearest folder that has any, from a file's own folder upward."""
    for folder in file.parents:
        if found := [test for test in _coverage() if Path(test).parent == folder]:
            return found
    return []


@cache
def _coverage() -> dict[str, list[str]]:
    """Return what each test file covers."""
    return {_relative(path): covered_paths(test) for test, path in TESTS.items() if path.name.startswith("test_")}


@cache
def _importers() -> dict[str, set[str]]:
    """Return the files that import each file."""
    found: dict[str, set[str]] = {}
    for module, path in (MODULES | TESTS).items():
        for other in {*own(imports(module)), *_find_by_place(module)}:
            found.setdefault(_relative((MODULES | TESTS)[other]), set()).add(_relative(path))
    return found


def _find_by_place(module: str) -> Iterator[str]:
    """Yield the modules of the packages whose `__path__` a module reads, as a registry does: it uses each of them."""
    packages = {name.rpartition(".")[2]: name for name in own(imports(module))}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and node.attr == "__path__" and isinstance(node.value, ast.Name):
            package = packages.get(node.value.id, module.rpartition(".")[0])
            yield from (other for other in MODULES if other.rpartition(".")[0] == package and other != module)


@cache
def _texts() -> list[tuple[str, str]]:
    """Return the text of every file of program and tests that may name another one."""
    files = (path for top in ("grader", "tests") for path in sorted((ROOT / top).rglob("*")) if path.suffix in _TEXT)
    return [(_relative(path), path.read_text("utf-8", "replace")) for path in files if path.is_file()]


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
