"""The pages of real submissions are small and contain the notebook."""

from pathlib import Path

import pytest

from grader.core.report.report import SubmissionInfo, build_report
from grader.course.demo_class import generate_demo_class
from grader.course.loader import bundled_course_folder, load_course
from grader.feedback.markup_worker import convert
from grader.feedback.pages import MAX_PAGE_BYTES, PageRenderer
from grader.formats.read_submission import parse_submission
from grader.grading.task_worker import Worker
from grader.grading.tasks import GradingConfig
from grader.sandbox.level import Level

COURSE = load_course(bundled_course_folder())
EVERY = 5
"""Step between the tested students of the demo class; each is tested in all exercises."""


@pytest.mark.parametrize("exercise", [e.name for e in COURSE.exercises])
def test_the_page_of_a_real_notebook_is_complete_and_small(exercise: str) -> None:
    """Each tested page of the demo class is below its size limit, with every cell and all formulas on it."""
    setup = GradingConfig(Path(COURSE.folder), COURSE.version, b"public", Level.FULL, Level.SECCOMP)
    pages = PageRenderer(COURSE.title, typesetter=convert)
    handed = [(who, data) for who, name, data in generate_demo_class(COURSE) if name == exercise][::EVERY]
    with Worker(setup, COURSE) as worker:
        for student, data in handed:
            program = parse_submission(f"{exercise}.ipynb", data)
            grading = worker.judge(exercise, program)
            html = pages.render_student_page(
                build_report(COURSE.exercise(exercise), grading, SubmissionInfo(student, 1, program))
            )
            assert len(html.encode()) < MAX_PAGE_BYTES
            assert html.count('<li class="code') + html.count('<li class="prose') == sum(
                bool(cell.source.strip()) for cell in program.cells
            )
            assert "It could not be shown here" not in html
            assert "for which this page has no room" not in html
