"""References must be fit to compare with: finite on the inputs of their checks, and the same in every call."""

from collections.abc import Iterator

from grader.core.compare.tensors import compare, compare_form
from grader.core.judging.case_mismatch import find_nonfinite
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, compute_output
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question


def find_unfit_references(exercise: Exercise, judged_by: ReferenceData) -> Iterator[str]:
    """Yield the checks whose reference gives NaN or an infinity, or other values in a second call."""
    for question in exercise.questions:
        for check in question.checks:
            if not isinstance(check, Check):
                continue
            where = f"{exercise.name}: {question.id}: check {check.name}"
            cases = judged_by.cases[question.id, check.name]
            if found := next(filter(None, (find_nonfinite(case.expected) for case in cases)), ""):
                yield f"{where}: the reference gives {found} on its inputs: choose inputs for which it is finite"
            elif not all(_is_repeatable(question, check, case) for case in cases):
                advice = "let it draw from a generator among its arguments, Seed(number)"
                yield f"{where}: the reference gives another result for the same inputs: {advice}, or use holds="


def _is_repeatable(question: Question, check: Check, case: Case) -> bool:
    """Tell whether a second call gives the same; for a property, of which only the form counts, the same form."""
    again = compute_output(question.reference_of(check), case.args, check.output)
    if isinstance(again, CallFailure):
        return False
    return (compare_form if check.holds else compare)(case.expected, again).mismatch is None
