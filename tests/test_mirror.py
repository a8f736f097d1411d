"""Every module has tests: a mirror, `tests/a/test_b.py` for `grader/a/b.py`, or a test file that says it covers it."""

import pytest

from tests.conftest import SLOWEST
from tests.import_graph import MODULES, ROOT, TESTS, covered_paths, is_covered, tree

PATHS = [path.relative_to(ROOT / "grader").as_posix() for path in MODULES.values()]


@pytest.fixture(scope="module")
def covered() -> dict[str, list[str]]:
    """The paths that each test file covers: its own mirror's first."""
    return {test: covered_paths(test) for test, path in TESTS.items() if path.name.startswith("test_")}


def test_a_module_has_its_tests(covered: dict[str, list[str]]) -> None:
    """A module has its mirror in `tests/`, or the docstring of a test file names it after "Covers".

    A module that has only a docstring needs none.
    """
    empty = {PATHS[i] for i, module in enumerate(MODULES) if len(tree(module).body) < 2}
    named = {path for paths in covered.values() for path in paths}
    untested = [path for path in PATHS if path not in empty and not any(is_covered(path, one) for one in named)]
    assert untested == [], "write a mirror, or name it after Covers in the docstring of its tests"


def test_a_test_covers_what_exists(covered: dict[str, list[str]]) -> None:
    """A path after "Covers" is a module or a folder with modules, and not the test file's own mirror."""
    for test, (mirror, *named) in covered.items():
        missing = [path for path in named if not any(is_covered(other, path) for other in PATHS)]
        assert missing == [], f"{test} covers what is not there"
        assert mirror not in named, f"{test} names its own mirror"


def test_the_slowest_files_exist() -> None:
    """Every file that is to run first exists, and is named once."""
    assert [name for name in SLOWEST if f"tests.{name.replace('/', '.')}" not in TESTS] == []
    assert len(set(SLOWEST)) == len(SLOWEST)
