"""The pages of real submissions: small, and with their notebook on them."""

from pathlib import Path

import pytest

from grader.core.report.report import Handed, report
from grader.course.demo_class import sample_class
from grader.course.loader import bundled, load
from grader.feedback.markup_worker import convert
from grader.feedback.pages import LARGEST_PAGE, Pages
from grader.formats.read_submission import read
from grader.grading.pool import Setup, Worker
from grader.sandbox.level import Level

COURSE = load(bundled())
EVERY = 5
"""Of the sample class's students every so many is looked at, each in all exercises."""


@pytest.mark.parametrize("exercise", [e.name for e in COURSE.exercises])
def test_a_page_of_a_real_notebook_is_whole_and_small(exercise: str) -> None:
    """Of the sample class's submissions, each page is below its limit with every cell and all formulas on it."""
    setup = Setup(Path(COURSE.folder), COURSE.version, b"public", Level.FULL, Level.SECCOMP)
    pages = Pages(COURSE.title, typesetter=convert)
    handed = [(who, data) for who, name, data in sample_class(COURSE) if name == exercise][::EVERY]
    with Worker(setup, COURSE) as worker:
        for student, data in handed:
            program = read(f"{exercise}.ipynb", data)
            grading = worker.judge(exercise, program)
            html = pages.student(report(COURSE.exercise(exercise), grading, Handed(student, 1, program)))
            assert len(html.encode()) < LARGEST_PAGE
            assert html.count('<li class="code') + html.count('<li class="prose') == sum(
                bool(cell.source.strip()) for cell in program.cells
            )
            assert "It could not be shown here" not in html
            assert "for which this page has no room" not in html
