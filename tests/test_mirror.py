"""Every module has tests: a mirror, `tests/a/test_b.py` for `grader/a/b.py`, or a test file that says it covers it."""

from pathlib import Path

import pytest

from tests.import_graph import MODULES, ROOT, TESTS, covered_paths, is_covered, tree

PATHS = [path.relative_to(ROOT / "grader").as_posix() for path in MODULES.values()]
EMPTY = [PATHS[i] for i, module in enumerate(MODULES) if len(tree(module).body) < 2]
"""Modules that have only a docstring."""
COVERED = {test: covered_paths(test) for test, path in TESTS.items() if path.name.startswith("test_")}


@pytest.mark.parametrize("path", [path for path in PATHS if path not in EMPTY])
def test_a_module_has_its_tests(path: str) -> None:
    """A module has its mirror in `tests/`, or the docstring of a test file names it after "Covers"."""
    mirror = f"tests/{Path(path).with_name(f'test_{Path(path).name}')}"
    assert any(is_covered(path, covered) for paths in COVERED.values() for covered in paths), (
        f"nothing tests grader/{path}: write {mirror}, or name `{path}` after Covers in the docstring of its tests"
    )


@pytest.mark.parametrize("test", [test for test, paths in COVERED.items() if len(paths) > 1])
def test_a_test_covers_what_exists(test: str) -> None:
    """A path after "Covers" is a module or a folder with modules, and not the test file's own mirror."""
    mirror, *named = COVERED[test]
    assert [path for path in named if not any(is_covered(other, path) for other in PATHS)] == []
    assert mirror not in named
