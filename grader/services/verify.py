"""Verifying a course before anyone sees it: its solutions, templates, known mistakes and example submissions."""

from dataclasses import dataclass

from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course
from grader.course.example_submissions import read_example_submissions
from grader.course.verify.course import collect_course_findings
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Verification:
    """The problems and warnings of a course, one sentence each, and the number of items verified."""

    problems: tuple[str, ...]
    exercises: int
    questions: int
    mistakes: int
    examples: int
    warnings: tuple[str, ...] = ()


def verify_course(course: Course) -> Verification:
    """Grade the course's solutions, templates, known mistakes and examples, and list problems and warnings."""
    with Sandbox(packages=course.packages) as sandbox:
        findings = collect_course_findings(course, SandboxJudge(course, sandbox, PUBLIC_SECRET))
    questions = [q for e in course.exercises for q in e.questions]
    return Verification(
        problems=findings.problems,
        exercises=len(course.exercises),
        questions=len(questions),
        mistakes=sum(len(q.mistakes) for q in questions),
        examples=sum(1 for exercise in course.exercises for _ in read_example_submissions(exercise)),
        warnings=findings.warnings,
    )
