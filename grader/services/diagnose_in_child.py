"""Diagnosis of answers in a notebook: their texts are run again in a process of their own, and edits are tried there.

The kernel's state stays as it is: of its objects only the texts of functions, imports, numbers and short texts are
read. Where these are not all that an answer depends on, or give other results than in the notebook, nothing is claimed.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from grader.core.errors import GraderError
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.judging.repair.budget import CHECK_BUDGET
from grader.core.judging.repair.choose_functions import needs_diagnosis
from grader.core.questions.exercise import Exercise
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import CodePlace, Departure, Explanation, Repair
from grader.core.wire.edited_function import FunctionText
from grader.core.wire.extract_program import ExtractedProgram, NoProgramError, extract_program
from grader.core.wire.job import ExceptionInfo
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.bundle.read_bundle import Bundle
from grader.grading.judge import Judge
from grader.sandbox.inside.function_source import find_text
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

_REMARK: Final = "search_stopped"


def diagnose_in_child(
    bundle: Bundle, exercise: Exercise, answers: Mapping[str, object], result: QuestionResult
) -> QuestionResult:
    """Return the result with what the diagnosis of these functions tells, if it is certain to be about them."""
    if not needs_diagnosis(result):
        return result
    try:
        extracted = extract_program(answers.values(), find_text)
        with Sandbox(min_level=Level.NONE, packages=bundle.course.packages) as sandbox:
            judge = Judge(
                bundle.course,
                sandbox,
                PUBLIC_SECRET,
                visible_only=True,
                reference_data=bundle.reference_data,
                budget=CHECK_BUDGET,
            )
            grading = judge.judge(exercise, _build_program(extracted, answers, exercise.name))
    except (NoProgramError, GraderError):
        return result
    same = (question for question in grading.questions if question.id == result.id)
    theirs = {check.name: check for question in same for check in question.checks}
    pairs = [(check, theirs[check.name]) for check in result.checks if check.name in theirs]
    if len(pairs) < len(result.checks) or not all(_is_same(check, other) for check, other in pairs):
        return result
    return replace(result, checks=tuple(_add(check, other) for check, other in pairs))


def _build_program(extracted: ExtractedProgram, answers: Mapping[str, object], exercise: str) -> ParsedSubmission:
    """Return the program as a submission, with the lines of functions that they have in their own cells."""
    functions = (Cell(_write_at_line(text), label=name) for name, text in extracted.functions.items())
    names = {name: getattr(answer, "__name__", name) for name, answer in answers.items()}
    aliases = "".join(f"{name} = {own}\n" for name, own in names.items() if name != own)
    head = Cell(extracted.head, label="names used")
    return ParsedSubmission((head, *functions, Cell(aliases, label="names asked for")), exercise)


def _write_at_line(text: FunctionText) -> str:
    return "\n" * (text.first_line - 1) + text.source


def _is_same(check: CheckResult, other: CheckResult) -> bool:
    """Tell whether a check has the same result in both processes, as far as edits and departures depend on it."""
    reasons = [
        (one.reason.type, one.reason.operation) if isinstance(one.reason, ExceptionInfo) else type(one.reason)
        for one in (check, other)
    ]
    known = tuple(one for one in other.explanations if not isinstance(one, Departure | Repair))
    kinds = [[type(one) for one in found] for found in (check.explanations, known)]
    return check.verdict is other.verdict and reasons[0] == reasons[1] and kinds[0] == kinds[1]


def _add(check: CheckResult, other: CheckResult) -> CheckResult:
    """Return the check with what was found of the other; its places are lines of the function's own cell."""
    found = tuple(_place_in_cell(one) for one in other.explanations if isinstance(one, Departure | Repair))
    remarks = tuple(remark for remark in other.remarks if remark.kind == _REMARK)
    return replace(check, explanations=(*check.explanations, *found), remarks=(*check.remarks, *remarks))


def _place_in_cell(found: Departure | Repair) -> Explanation:
    """Return the explanation without the label of its cell, which the notebook's user doesn't know."""
    if isinstance(found, Departure):
        return replace(found, place=CodePlace("", found.place.line))
    return Repair(tuple(replace(edit, place=CodePlace("", edit.place.line)) for edit in found.edits))
