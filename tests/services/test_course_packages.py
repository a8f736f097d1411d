"""Packages that a course names: found by their dotted names without being imported, and tried in the sandbox."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.core.errors import SandboxUnavailable, UsageError
from grader.course.loader import load_course
from grader.services.course_packages import (
    find_missing_packages,
    find_unusable_packages,
    read_named_packages,
    require_packages,
)


def test_missing_packages_are_found_without_an_import() -> None:
    """Packages, modules in them and built-in modules are found; what is missing is named as the course names it."""
    names = ("numpy", "scipy.special", "sys", "json.decoder", "nosuch", "nosuch.part", "scipy.nosuch", "math.nosuch")
    before = set(sys.modules)
    assert find_missing_packages(names) == ("nosuch", "nosuch.part", "scipy.nosuch", "math.nosuch")
    assert set(sys.modules) == before


def test_a_missing_package_is_an_error_before_anything_is_graded(course_folder: Path) -> None:
    """The error names all of them in one line."""
    course = load_course(course_folder)
    require_packages(course)
    with pytest.raises(SandboxUnavailable, match=r"not installed here: nosuch, scipy\.no: install them for .*python"):
        require_packages(replace(course, packages=("numpy", "nosuch", "scipy.no")))


def test_packages_are_tried_in_the_sandbox() -> None:
    """A module by its dotted name is usable, one that is missing isn't."""
    assert find_unusable_packages(("scipy.special", "nosuch.part")) == ("nosuch.part",)


def test_a_course_names_its_packages_without_being_run(course_folder: Path) -> None:
    """Only course.toml is read."""
    (course_folder / "reference/course.toml").write_text('title = "T"\nexercises = ["no"]\npackages = ["a.b"]\n')
    assert read_named_packages(course_folder) == ("a.b",)
    with pytest.raises(UsageError, match=r"reference/course\.toml is missing"):
        read_named_packages(course_folder / "reference")
