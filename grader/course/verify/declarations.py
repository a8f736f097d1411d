"""Verify the declarations of code questions: what is compared, and what students read.

Grading doesn't find these faults, because the solution passes in spite of them. Problems prevent a release; warnings
are about what an author may have intended.
"""

import re
from collections.abc import Iterator
from typing import Final

from grader.core.errors import GraderError
from grader.core.judging.reference_data import PUBLIC_SECRET, ReferenceData, compute_reference_data, observe_reference
from grader.core.questions.checks import Check, list_parameters
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.course.templates import read_source_cells
from grader.course.verify.unrecognised import find_unrecognised_mistakes
from grader.feedback.page_text import FORMULA_PATTERN

OUTPUT_PLACEHOLDER: Final = "{output}"
_CODE: Final = re.compile(r"`[^`]*`")
_FORMULA: Final = re.compile(FORMULA_PATTERN)
_CLAIM: Final = re.compile(r"^(?:This is |That is |It is |Your \w+ is )?(?:right|correct)\b", re.IGNORECASE)
"""The beginning of a hint that calls an answer right, which is half false if the answer has another fault, too."""
_PLACEHOLDER: Final = re.compile(r"\{ ?[A-Za-z_]+ ?\}")


def find_declaration_problems(exercise: Exercise) -> Iterator[str]:
    """Yield the faults of an exercise's declarations, one sentence each; none if its references can't be run."""
    try:
        data = compute_reference_data(exercise, PUBLIC_SECRET)
    except GraderError:  # judging the solution reports it
        return
    for question in exercise.questions:
        where = f"{exercise.name}: {question.id}"
        yield from _find_unreplaced_outputs(where, question)
        yield from _find_missing_values(where, question, data)
        compared, _ = _find_changed_arguments(question, data)
        for name in compared:
            yield f"{where}: the solution changes {name} in place, and a check compares it: write in_place=True"


def find_declaration_warnings(exercise: Exercise) -> Iterator[str]:
    """Yield what an author may not have intended, one sentence each; nothing if its references can't be run."""
    try:
        data = compute_reference_data(exercise, PUBLIC_SECRET)
    except GraderError:
        return
    given = " ".join(cell.release_text for cell in read_source_cells(exercise))
    for question in exercise.questions:
        where = f"{exercise.name}: {question.id}"
        for name in _list_local_names(question):
            if not re.search(rf"\b{re.escape(name)}\b", given):
                advice = "give it in the template, as the left side of a blank, or in the text"
                yield f"{where}: a check compares the local variable {name}, which students never read: {advice}"
        _, others = _find_changed_arguments(question, data)
        for name in others:
            advice = "write in_place=True if it is meant, or copy it first"
            yield f"{where}: the solution changes {name} in place, though no check compares it: {advice}"
        for names in _find_equal_sentences(question):
            advice = f"write {OUTPUT_PLACEHOLDER} into the docstring"
            yield f"{where}: students read the same sentence for {' and '.join(names)}: {advice}"
        for what, text in _list_texts(question):
            for unknown in dict.fromkeys(_PLACEHOLDER.findall(_CODE.sub("", _FORMULA.sub("", text)))):
                if unknown != OUTPUT_PLACEHOLDER:
                    advice = f"{OUTPUT_PLACEHOLDER} is the only placeholder"
                    yield f"{where}: {what} contains {unknown}, which students read as it is: {advice}"
        for mistake in question.mistakes:
            if _CLAIM.search(mistake.hint):
                advice = "it may stand beside other faults: say what the code does, such as 'You take the arguments …'"
                yield f"{where}: the hint of {mistake.name} says that something is right: {advice}"
        for name in find_unrecognised_mistakes(question, data):
            advice = "it gives what an answer without any calculation gives, such as one constant, or fails no check"
            yield f"{where}: the mistake {name} is never recognised: {advice}"


def _list_local_names(question: Question) -> list[str]:
    outputs = [check.output for check in _list_function_checks(question)]
    return list(dict.fromkeys(str(output.name) for output in outputs if output.source == "local"))


def _list_texts(question: Question) -> Iterator[tuple[str, str]]:
    """Yield the author's sentences of a question, each with its name."""
    for check in question.checks:
        if isinstance(check.says, str):
            yield f"check {check.name}", check.says
    for mistake in question.mistakes:
        yield f"the hint of {mistake.name}", mistake.hint


def _find_unreplaced_outputs(where: str, question: Question) -> Iterator[str]:
    for what, text in _list_texts(question):
        if OUTPUT_PLACEHOLDER in _FORMULA.sub("", text):
            if what.startswith("check "):
                advice = 'name one, such as returned(label="y"), or leave it out'
                yield f"{where}: {what} contains {OUTPUT_PLACEHOLDER}, but it compares no output with a name: {advice}"
            else:
                advice = "a hint is for every output, so name the values in words"
                yield f"{where}: {what} contains {OUTPUT_PLACEHOLDER}, which only checks replace: {advice}"


def _find_missing_values(where: str, question: Question, data: ReferenceData) -> Iterator[str]:
    """Yield the checks that compare None with None, because the reference never returns anything else."""
    checks = [check for check in _list_function_checks(question) if check.output.source == "returned"]
    empty = {check.name: all(case.expected is None for case in data.cases[question.id, check.name]) for check in checks}
    for check in checks:
        function = question.function_of(check)
        if all(empty[other.name] for other in checks if question.function_of(other) == function):
            advice = "name what is compared with argument(...)"
            yield f"{where}: check {check.name}: the reference returns None: {advice}"


def _find_changed_arguments(question: Question, data: ReferenceData) -> tuple[list[str], list[str]]:
    """Return the arguments that the solution changes without in_place: those that a check compares, and the others."""
    changed: dict[tuple[str, int], str] = {}
    compared = set()
    for check in [] if question.judges_in_place else _list_function_checks(question):
        function, reference = question.function_of(check), question.reference_of(check)
        names = list_parameters(reference)
        if check.output.source == "argument":
            compared.add((function, int(check.output.name or 0)))
        for case in data.cases[question.id, check.name]:
            assert reference
            positions = observe_reference(reference, case.args).changed_arguments
            changed |= {(function, one): f"`{names[one]}`" for one in positions if one < len(names)}
    return [changed[one] for one in changed if one in compared], [
        changed[one] for one in changed if one not in compared
    ]


def _find_equal_sentences(question: Question) -> Iterator[list[str]]:
    """Yield the names of several outputs of one function whose checks have the same sentence."""
    groups: dict[tuple[str, str], dict[object, str]] = {}
    for check in _list_function_checks(question):
        output = check.output
        key = question.function_of(check), str(check.says)
        name = f"`{output.label}`" if output.label else "the result"
        groups.setdefault(key, {})[output.source, output.name, output.path] = name
    yield from (list(names.values()) for names in groups.values() if len(names) > 1)


def _list_function_checks(question: Question) -> list[Check]:
    return [check for check in question.checks if isinstance(check, Check)]
