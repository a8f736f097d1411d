"""A library is loaded with the parts that it would import later, and with the files that it reads."""

import sys

import pytest

from grader.sandbox.inside import library_modules


def test_a_library_brings_what_it_would_import_later() -> None:
    """scipy's packages are loaded with it, its tests aren't; a module can be named alone, and a missing one raises."""
    library_modules.load("scipy.constants")
    library_modules.load("scipy")
    assert {"scipy.stats", "scipy.optimize", "scipy.io", "zoneinfo"} <= set(sys.modules)
    assert not [name for name in sys.modules if name.startswith("scipy.stats.tests")]
    with pytest.raises(ImportError):
        library_modules.load("nosuch.part")


def test_files_of_loaded_libraries_are_read() -> None:
    """Files belong to modules that are loaded; by their full paths."""
    assert all(path.startswith("/") and isinstance(data, bytes) for path, data in library_modules.read_files().items())
