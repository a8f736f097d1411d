"""Data with which `grader check` explains wrong answers without the reference: further cases, and local variables.

Of the reference's local variables a release has only those whose names students are given, in the code of the template
or as what a blank is assigned to: the others would tell how the solution calculates.
"""

import io
import tokenize
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from grader.core.errors import CourseError
from grader.core.judging.reference_data import (
    Case,
    ReferenceData,
    Trace,
    compute_reference_data,
    observe_reference,
)
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.wire.values import Value
from grader.course.exercise_files import list_asked_files
from grader.course.templates import read_source_cells

CONFIRMATION_SECRET: Final = b"confirmation of a release"
"""The seed of further cases; like all inputs of a release, they may be known."""
MAX_CHECK_BYTES: Final = 100_000
"""Bytes of all arrays in the further cases, or in the local variables, of one check. Larger ones are left out."""

CheckKey = tuple[str, str]
"""A question and a check."""


def compute_confirmation(exercise: Exercise) -> dict[CheckKey, tuple[Case, ...]]:
    """Return further cases of visible checks; none if a check can't be made with other inputs."""
    try:
        cases = compute_reference_data(exercise, CONFIRMATION_SECRET, visible_only=True).cases
    except CourseError:
        return {}
    return {
        key: tuple(made)
        for key, made in cases.items()
        if _fits([(c.args, c.expected, *c.mistakes.values()) for c in made])
    }


def compute_traces(exercise: Exercise, visible: ReferenceData) -> dict[CheckKey, tuple[Trace, ...]]:
    """Return the values of the reference's local variables whose names students are given, for each visible case."""
    with exercise.enter_folder():
        return _compute_traces(exercise, visible)


def _compute_traces(exercise: Exercise, visible: ReferenceData) -> dict[CheckKey, tuple[Trace, ...]]:
    traces = {}
    for question in exercise.questions:
        given = _list_given_names(exercise, question)
        for check in question.checks:
            key = question.id, check.name
            if isinstance(check, Check) and key in visible.cases:
                reference = question.reference_of(check)
                names = tuple(name for name in _list_local_names(reference) if name in given)
                found = tuple(_trace(reference, case, names) for case in visible.cases[key])
                if any(found) and _fits(found):
                    traces[key] = found
    return traces


def _trace(reference: Callable[..., Value] | None, case: Case, names: tuple[str, ...]) -> Trace:
    if reference is None or not names:
        return ()
    held = observe_reference(reference, case.args, names).locals
    return tuple((name, held[name]) for name in names if name in held and _is_numeric(held[name]))


def _list_local_names(reference: Callable[..., Value] | None) -> tuple[str, ...]:
    """Return the names of a function's local variables in the order of their first use, without its arguments."""
    code = getattr(reference, "__code__", None)
    return code.co_varnames[code.co_argcount + code.co_kwonlyargcount :] if code is not None else ()


def _list_given_names(exercise: Exercise, question: Question) -> set[str]:
    """Return the names in the code that students get for a question, without those in comments and texts."""
    cells = (cell for cell in read_source_cells(exercise) if cell.kind == "code" and cell.question == question.id)
    texts = [cell.release_text for cell in cells]
    if exercise.files:
        paths = {exercise.files_by_name.get(function) for function in question.functions}
        asked = list_asked_files(exercise.folder, exercise.files)
        texts += [one.release_text for one in asked if one.path in paths]
    return {name for text in texts for name in _list_names(text)} - {"_"}


def _list_names(code: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NAME:
                yield token.string
    except (tokenize.TokenError, SyntaxError):  # a cell with magics of a notebook
        return


def _is_numeric(value: Value) -> bool:
    return isinstance(value, bool | int | float | np.generic) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "biufc"
    )


def _fits(value: Any) -> bool:
    return _count_bytes(value) <= MAX_CHECK_BYTES


def _count_bytes(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_count_bytes, value.values()))
    return sum(map(_count_bytes, value)) if isinstance(value, list | tuple) else 8
