"""Submissions made from a course's own files must get the right results.

The solution scores full marks, except for points that a person gives. The untouched template scores nothing, and every
check gives `not_attempted`. Every known mistake loses points, in other functions only if they call its own, and is
recognised as itself and as no other, unless an answer without any calculation would give the same. The example
submissions beside an exercise get the verdicts that they must get.
"""

import builtins
import dis
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import CodeType, FunctionType
from typing import Any

from grader.core.compare.mismatch import PropertyMismatch
from grader.core.judging.carry_between import CarryBetween
from grader.core.judging.evidence import Evidence
from grader.core.judging.known_mistakes import find_cover
from grader.core.judging.reference_data import ReferenceData
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.prose_cells import extract_text_answer
from grader.core.questions.question import Mistake, Question
from grader.core.report.sentences import check_sentence
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.play_steps import list_functions
from grader.course.example_submissions import read_example_submissions
from grader.course.templates import make_mistaken_submission, make_solved_submission, make_untouched_submission
from grader.course.verify.judge import VerificationJudge


def find_submission_problems(exercise: Exercise, judge: VerificationJudge) -> Iterator[str]:
    """Yield the problems of the solution, the template, the known mistakes and the example submissions."""
    yield from _check_solution(exercise, judge.judge(exercise, make_solved_submission(exercise)))
    yield from _check_template(exercise, judge.judge(exercise, make_untouched_submission(exercise)))
    calls = CarryBetween(exercise, judge.get_reference_data(exercise))
    for question in exercise.questions:
        for mistake in question.mistakes:
            program = make_mistaken_submission(exercise, {question.id: mistake.name})
            grading = _leave_out_callers(
                exercise, mistake.of or question.function, judge.judge(exercise, program), calls
            )
            yield from _check_mistake(exercise, question, mistake, grading, judge)
    for sample in read_example_submissions(exercise):
        results = judge.judge(exercise, sample.program).questions
        yield from filter(None, (sample.find_problem(result) for result in results if result.id == sample.question))


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
    template = make_untouched_submission(exercise)
    given = {question: extract_text_answer(template, question) for question in exercise.prose_questions}
    for question_id, text in given.items():
        if text:
            where = f"{exercise.name}: {question_id}: the answer's cell"
            advice = "write it into a markdown cell of its own above, and leave the first line and the blank"
            yield f"{where} contains “{text.splitlines()[0][:60]}”, which would count as an answer: {advice}"
    for question, check in _checks(grading):
        if given.get(question.id):
            continue
        if check.verdict is not Verdict.NOT_ATTEMPTED or check.points:
            where = _name(exercise, question, check)
            yield f"{where}: the untouched template must be not_attempted, but is {check.verdict}"


def _leave_out_callers(exercise: Exercise, function: str, grading: Grading, calls: CarryBetween) -> Grading:
    """Return a grading without the failed checks of functions that call this one, which a mistake in it may cost."""
    callers = {
        (question.id, check.name)
        for question in exercise.questions
        for check in question.checks
        if isinstance(check, Check) and function in calls.find_called_functions(question.function_of(check))
    }
    questions = []
    for result in grading.questions:
        kept = (c for c in result.checks if c.verdict is Verdict.PASSED or (result.id, c.name) not in callers)
        questions.append(replace(result, checks=tuple(kept)))
    return replace(grading, questions=tuple(questions))


def _check_mistake(
    exercise: Exercise, question: Question, mistake: Mistake, grading: Grading, judge: VerificationJudge
) -> Iterator[str]:
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
        if mistake.name not in names and _can_be_recognized(question, mistake, judge.get_reference_data(exercise)):
            lost = f"{where} is not recognised, though it loses {result.max_score - result.score:g} points"
            yield lost + _explain_names(question, mistake)
        for other in sorted(names - {mistake.name}):
            outputs = _list_outputs(check for check in result.checks if check.mistake == other)
            advice = "add an input on which they differ there, or make one mistake of them, whose hint fits both"
            yield f"{where} is mistaken for {other} in {outputs}: {advice}"


def _can_be_recognized(question: Question, mistake: Mistake, judged_by: ReferenceData) -> bool:
    """Tell whether a mistake's results differ enough from those of an answer without any calculation."""
    evidence = []
    for check in question.checks:
        cases = judged_by.cases.get((question.id, check.name))
        if isinstance(check, Check) and cases is not None and mistake in question.mistakes_of(check):
            actual = tuple(case.mistakes[mistake.name] for case in cases)
            evidence.append(Evidence(cases, actual, check.tolerance, check))
    return bool(find_cover(evidence, [mistake.name]))


def _explain_names(question: Question, mistake: Mistake) -> str:
    """Say which name a mistake uses that means something else in a student's program; empty if there is none."""
    name = mistake.of or question.function
    references = (question.reference_of(c) for c in question.checks if isinstance(c, Check))
    reference = next((one for one in references if one is not None and one.__name__ == name), None)
    if reference is None:
        return ""
    right, wrong = _list_functions(reference), _list_functions(mistake.function)
    known = right[0].__globals__.keys() | vars(builtins).keys()
    advice = "write the calculation itself into the mistake"
    for used in (used for one in wrong for used in _list_global_names(one.__code__)):
        if used == name:
            return f": it calls {used}, which is the mistake itself in a student's file: {advice}"
        if used not in known:
            return f": it uses {used}, which solution.py doesn't have: {advice}"
    return ""


def _list_functions(function: Callable[..., Any]) -> list[FunctionType]:
    """Return a function, or those of a class."""
    if isinstance(function, type):
        return list_functions(function)
    return [function] if isinstance(function, FunctionType) else []


def _list_global_names(code: CodeType) -> Iterator[str]:
    """Yield the global names that a function uses, also in the functions and comprehensions within it."""
    yield from (step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL")
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _list_global_names(inner)


def _list_outputs(checks: Iterable[CheckResult]) -> str:
    return ", ".join(dict.fromkeys(f"`{check.output}`" if check.output else "the result" for check in checks))


def _checks(grading: Grading) -> Iterator[tuple[QuestionResult, CheckResult]]:
    return ((question, check) for question in grading.questions for check in question.checks)


def _name(exercise: Exercise, question: QuestionResult, check: CheckResult) -> str:
    return f"{exercise.name}: {question.id}: check {check.name}"
