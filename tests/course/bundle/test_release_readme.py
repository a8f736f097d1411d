"""The README of a release, in the course's languages, with and without the program beside it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.core.text.language import ENGLISH
from grader.course.bundle.release_readme import render_readme
from grader.course.loader import load_course
from grader.course.po_files import choose_language


@pytest.fixture
def course(course_folder: Path) -> Course:
    """Return the small course of one exercise, `doubling`."""
    return load_course(course_folder)


@pytest.mark.parametrize("with_program", [True, False])
def test_a_readme_installs_and_checks(
    course: Course, golden: Callable[[str, str], None], *, with_program: bool
) -> None:
    """It names the files, three lines for each system, and where the program's wheel is."""
    golden(f"readme{'_with_program' * with_program}.md", render_readme(course, ENGLISH, with_program=with_program))


def test_a_readme_is_in_one_language(course: Course) -> None:
    """In French no English sentence is left."""
    english = render_readme(course, ENGLISH, with_program=True).split("```")[::2]
    french = render_readme(course, choose_language(course, "fr"), with_program=True)
    for line in "".join(english).splitlines():
        if len(line.split()) > 3 and not line.startswith("|"):
            assert line not in french
