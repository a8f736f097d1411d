"""The bundled course's references by function name, and the judge's results for other answers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.core.questions.checks import Check
from grader.core.questions.exercise import Course
from grader.core.results.grading import QuestionResult
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.grading.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

Grade = Callable[[str, str, str], QuestionResult]


@pytest.fixture(scope="session")
def course() -> Course:
    """Return the bundled course."""
    return load_course(bundled_course_folder())


@pytest.fixture(scope="session")
def references(course: Course) -> dict[str, Callable[..., Any]]:
    """Return every reference of the bundled course."""
    questions = [question for exercise in course.exercises for question in exercise.questions]
    checks = [(question, check) for question in questions for check in question.checks if isinstance(check, Check)]
    found = [(question.function_of(check), question.reference_of(check)) for question, check in checks]
    return {name: reference for name, reference in found if reference}


@pytest.fixture(scope="session")
def grade(course: Course) -> Iterator[Grade]:
    """Return a function that grades one cell of code, with numpy imported: `grade(exercise, question, source)`."""
    with Sandbox(min_level=Level.SECCOMP) as sandbox:
        judge = Judge(course, sandbox, b"reference", budget=None)

        def graded(exercise: str, question: str, source: str) -> QuestionResult:
            program = ParsedSubmission((Cell(f"import numpy as np\n{source}", label="cell 1"),), exercise)
            results = judge.judge(course.exercise(exercise), program).questions
            return next(result for result in results if result.id == question)

        yield graded
