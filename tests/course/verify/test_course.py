"""Verification accepts the bundled course and a new one; warnings are problems in strict courses only."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import write_templates
from grader.course.verify.course import Findings
from grader.services.new_course import create_course

Verify = Callable[..., Findings]
Edit = Callable[..., Course]


@pytest.mark.timeout(900)  # half a minute of processor time, which a busy machine stretches
def test_bundled_course_is_accepted(verify: Verify) -> None:
    """The bundled course, which is strict, has neither problems nor warnings; CI also checks it with another secret."""
    course = load_course(bundled_course_folder())
    assert course.strict
    assert verify(course, b"one") == Findings()


def test_new_course_is_accepted(verify: Verify, tmp_path: Path) -> None:
    """The course that `grader init` writes is strict, and has neither problems nor warnings."""
    create_course(tmp_path / "mine")
    course = load_course(tmp_path / "mine")
    write_templates(course, tmp_path / "mine")
    assert course.strict
    assert verify(course) == Findings()


def test_small_course_is_accepted(course_folder: Path, verify: Verify) -> None:
    """The small course of the tests has no problems once its template is written."""
    course = load_course(course_folder)
    assert verify(course) == Findings(("exercises/doubling.ipynb is missing: build the templates",))
    write_templates(course, course_folder)
    assert verify(course) == Findings()


def test_warnings_are_problems_of_strict_courses(edit: Edit, verify: Verify) -> None:
    """The same findings are warnings by default, and problems with `strict = true`."""
    found = verify(edit(("checks.py", "return x * x", "return 2 * x * (1 + 3e-6)")))
    assert found.problems == ()
    assert len(found.warnings) == 1
    assert verify(edit(("course.toml", "title", "strict = true\ntitle"))) == Findings(found.warnings)
