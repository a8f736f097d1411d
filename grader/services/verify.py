"""Verifying a course before anyone sees it: its solutions, templates, known mistakes and example submissions."""

from dataclasses import dataclass

from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course
from grader.course.example_submissions import read_example_submissions
from grader.course.verify import find_course_problems
from grader.course.verify_questions import find_declaration_warnings
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Verification:
    """The problems of a course and the warnings, one sentence each, and the number of items verified."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    exercises: int
    questions: int
    mistakes: int
    examples: int


def verify_course(course: Course) -> Verification:
    """Grade the course's solutions, templates, known mistakes and examples, and list problems and warnings."""
    with Sandbox(packages=course.packages) as sandbox:
        problems = find_course_problems(course, Judge(course, sandbox, PUBLIC_SECRET).judge)
    questions = [q for e in course.exercises for q in e.questions]
    return Verification(
        problems=tuple(problems),
        warnings=tuple(w for exercise in course.exercises for w in find_declaration_warnings(exercise)),
        exercises=len(course.exercises),
        questions=len(questions),
        mistakes=sum(len(q.mistakes) for q in questions),
        examples=sum(1 for exercise in course.exercises for _ in read_example_submissions(exercise)),
    )
