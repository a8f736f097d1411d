"""Verify a course before its release: its solutions, templates and known mistakes must give the right results.

The solution scores full marks, except for points that a person gives. The untouched template scores nothing, and every
check gives `not_attempted`. Every known mistake loses points and is recognised as itself and as no other. The example
submissions beside an exercise get the verdicts that they must get. No declaration of a question is wrong. The templates
in `exercises/` are up to date, and students have every name of the helper modules that the solutions use.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader.core.compare.mismatch import PropertyMismatch
from grader.core.errors import GraderError
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.helper_modules import list_defined_names
from grader.core.questions.question import Mistake, Question
from grader.core.report.sentences import check_sentence
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.text.messages import Message, gettext
from grader.core.wire.submission import ParsedSubmission
from grader.course.example_submissions import read_example_submissions
from grader.course.templates import (
    build_templates,
    collect_helper_modules,
    find_exercise_helpers,
    make_mistaken_submission,
    make_solved_submission,
    make_untouched_submission,
)
from grader.course.verify_questions import find_declaration_problems

JudgeFunction = Callable[[Exercise, ParsedSubmission], Grading]
"""Grade a program as a submission of that exercise."""


def find_course_problems(course: Course, judge: JudgeFunction) -> list[str]:
    """Return the problems that prevent a release, one sentence each; empty if there are none."""
    problems = [problem for exercise in course.exercises for problem in find_exercise_problems(exercise, judge)]
    declared = [problem for exercise in course.exercises for problem in find_declaration_problems(exercise)]
    return [*problems, *declared, *map(str, find_missing_helpers(course)), *map(str, find_stale_templates(course))]


def find_exercise_problems(exercise: Exercise, judge: JudgeFunction) -> Iterator[str]:
    """Yield the problems of one exercise. An error raised by the grader is a problem too, and ends the verification."""
    try:
        yield from _check_solution(exercise, judge(exercise, make_solved_submission(exercise)))
        yield from _check_template(exercise, judge(exercise, make_untouched_submission(exercise)))
        for question in exercise.questions:
            for mistake in question.mistakes:
                program = make_mistaken_submission(exercise, {question.id: mistake.name})
                yield from _check_mistake(exercise, question, mistake, judge(exercise, program))
        for sample in read_example_submissions(exercise):
            results = judge(exercise, sample.program).questions
            yield from filter(None, (sample.find_problem(result) for result in results if result.id == sample.question))
    except GraderError as error:
        yield str(error)


def find_missing_helpers(course: Course) -> Iterator[Message]:
    """Yield the names of helper modules that a solution uses and students don't have."""
    given = {module: list_defined_names(text) for module, text in collect_helper_modules(course).items()}
    for exercise in course.exercises:
        for module, name in sorted(find_exercise_helpers(exercise, make_solved_submission(exercise))):
            if name and name not in given.get(module, ()):
                yield gettext(
                    "{exercise}: students don't have {name}: it is the answer to an exercise, or it does not exist: "
                    "write it into the solution",
                    exercise=exercise.name,
                    name=f"{module}.{name}",
                )


def find_stale_templates(course: Course) -> Iterator[Message]:
    """Yield the templates that are missing or differ from the current solutions."""
    for name, data in build_templates(course).items():
        file = Path(course.folder) / name
        if not file.is_file():
            yield gettext("{name} is missing: build the templates", name=name)
        elif file.read_bytes() != data:
            yield gettext("{name} no longer matches its solution: build the templates", name=name)


def _check_solution(exercise: Exercise, grading: Grading) -> Iterator[str]:
    for question, check in _checks(grading):
        where = f"{_name(exercise, question, check)}: the solution"
        if check.verdict is not Verdict.PASSED:
            reason = check.reason
            says = str(reason.text) if isinstance(reason, PropertyMismatch) else check_sentence(check)
            yield f"{where} doesn't pass ({check.verdict}): {says}"
        elif check.points + check.pending < check.max_points:
            yield f"{where} passes, but earns {check.points:g} of {check.max_points:g} points"


def _check_template(exercise: Exercise, grading: Grading) -> Iterator[str]:
    for question, check in _checks(grading):
        if check.verdict is not Verdict.NOT_ATTEMPTED or check.points:
            where = _name(exercise, question, check)
            yield f"{where}: the untouched template must be not_attempted, but is {check.verdict}"


def _check_mistake(exercise: Exercise, question: Question, mistake: Mistake, grading: Grading) -> Iterator[str]:
    where = f"{exercise.name}: {question.id}: the mistake {mistake.name}"
    for result in grading.questions:
        if result.id != question.id:
            if result.score + result.pending < result.max_score:
                yield f"{where} costs points in {result.id} too"
            continue
        if result.score >= result.max_score:
            yield f"{where} passes all checks: add a check that fails it"
            continue
        names = {check.mistake for check in result.checks if check.mistake}
        if mistake.name not in names:
            yield f"{where} is not recognised, though it loses {result.max_score - result.score:g} points"
        for other in sorted(names - {mistake.name}):
            outputs = _list_outputs(check for check in result.checks if check.mistake == other)
            advice = "add an input on which they differ there, or make one mistake of them, whose hint fits both"
            yield f"{where} is mistaken for {other} in {outputs}: {advice}"


def _list_outputs(checks: Iterable[CheckResult]) -> str:
    return ", ".join(dict.fromkeys(f"`{check.output}`" if check.output else "the result" for check in checks))


def _checks(grading: Grading) -> Iterator[tuple[QuestionResult, CheckResult]]:
    return ((question, check) for question in grading.questions for check in question.checks)


def _name(exercise: Exercise, question: QuestionResult, check: CheckResult) -> str:
    return f"{exercise.name}: {question.id}: check {check.name}"
