"""All findings of a course: problems, which prevent a release, and warnings.

Warnings came after courses had been written. They are problems in a course with `strict = true`.
"""

from dataclasses import dataclass

from grader.core.errors import GraderError
from grader.core.questions.exercise import Course, Exercise
from grader.course.verify.declarations import find_declaration_problems, find_declaration_warnings
from grader.course.verify.files import find_missing_helpers, find_stale_templates
from grader.course.verify.judge import VerificationJudge
from grader.course.verify.precision import find_precision_problems
from grader.course.verify.references import find_unfit_references
from grader.course.verify.submissions import find_submission_problems
from grader.course.verify.trivial import find_trivial_points


@dataclass(frozen=True)
class Findings:
    """The findings of a verification, one sentence each."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def collect_course_findings(course: Course, judge: VerificationJudge) -> Findings:
    """Return the findings of a course."""
    found = [collect_exercise_findings(exercise, judge) for exercise in course.exercises]
    problems = [problem for one in found for problem in one.problems]
    problems += [*map(str, find_missing_helpers(course)), *map(str, find_stale_templates(course))]
    warnings = [warning for one in found for warning in one.warnings]
    return Findings((*problems, *warnings)) if course.strict else Findings(tuple(problems), tuple(warnings))


def collect_exercise_findings(exercise: Exercise, judge: VerificationJudge) -> Findings:
    """Return the findings of one exercise. An error raised by the grader is a problem, and ends its verification.

    If a reference is unfit, nothing else is verified, because everything else depends on it.
    """
    with exercise.enter_folder():
        return _collect_exercise_findings(exercise, judge)


def _collect_exercise_findings(exercise: Exercise, judge: VerificationJudge) -> Findings:
    problems: list[str] = []
    warnings: list[str] = []
    try:
        problems.extend(find_unfit_references(exercise, judge.get_reference_data(exercise)))
        if not problems:
            problems.extend(find_submission_problems(exercise, judge))
            problems.extend(find_declaration_problems(exercise))
            warnings.extend(find_declaration_warnings(exercise))
            warnings.extend(find_precision_problems(exercise, judge))
            warnings.extend(find_trivial_points(exercise, judge))
    except GraderError as error:
        problems.append(str(error))
    return Findings(tuple(problems), tuple(warnings))
