"""A sandbox, the findings of a course, and a small course with one change."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.course.templates import write_templates
from grader.course.verify.course import Findings, collect_course_findings
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

Verify = Callable[..., Findings]
Edit = Callable[..., Course]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return the strongest sandbox of this machine."""
    with Sandbox(min_level=Level.SECCOMP) as running:
        yield running


@pytest.fixture
def verify(sandbox: Sandbox) -> Verify:
    """Return a function that verifies a course with the real judge and a secret."""

    def findings(course: Course, secret: bytes = b"proof") -> Findings:
        return collect_course_findings(course, SandboxJudge(course, sandbox, secret))

    return findings


@pytest.fixture
def edit(course_folder: Path) -> Edit:
    """Return a function that changes texts of the small course's files and writes its template."""

    def edited(*changes: tuple[str, str, str]) -> Course:
        for file, right, wrong in changes:
            folder = course_folder / "reference"
            path = folder / file if file == "course.toml" else folder / "doubling" / file
            text = path.read_text()
            assert right in text
            path.write_text(text.replace(right, wrong))
        course = load_course(course_folder)
        write_templates(course, course_folder)
        return course

    return edited
