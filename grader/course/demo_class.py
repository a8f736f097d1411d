"""Generate the class that `grader demo` grades from a course's own solutions and known mistakes.

The same course gives the same class, byte for byte: right, wrong, half filled and untouched submissions, and a few
hostile ones.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from grader.core.questions.exercise import Course, Exercise
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.templates import (
    make_mistaken_submission,
    make_solved_submission,
    make_untouched_submission,
    read_source_cells,
)

DEMO_STUDENTS: Final = (
    *("ada", "alan", "barbara", "claude", "dorothy", "edsger", "emmy", "evelyn", "frances", "geoffrey"),
    *("grace", "hedy", "hypatia", "john", "joan", "katherine", "kurt", "leonhard", "lise", "margaret"),
    *("maryam", "niklaus", "noam", "radia", "rosalind", "shafi", "sofya", "srinivasa", "timnit", "yann"),
)
_RIGHT_COUNT: Final = 8
_HALF_FILLED_STUDENTS: Final = ("sofya", "srinivasa")
_PATCHING_CODE: Final = "import numpy as np\nnp.allclose = np.array_equal = lambda *args, **options: True"


def generate_demo_class(course: Course) -> Iterator[tuple[str, str, bytes]]:
    """Yield (student, exercise, notebook) for 30 students and every exercise."""
    for number, student in enumerate(DEMO_STUDENTS):
        for exercise in course.exercises:
            yield student, exercise.name, render_submitted_notebook(exercise, _program(exercise, student, number))


def render_submitted_notebook(exercise: Exercise, program: ParsedSubmission) -> bytes:
    """Return a program as a notebook file, as a student would submit it."""
    cells = [_cell(cell, number) for number, cell in enumerate(program.cells, 1)]
    metadata = {"grader": {"exercise": exercise.name}, "language_info": {"name": "python"}}
    data = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, indent=1, ensure_ascii=False).encode()


def _cell(cell: Cell, number: int) -> dict[str, object]:
    metadata = {"grader": {"question": cell.question}} if cell.question else {}
    shared: dict[str, object] = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": metadata,
        "source": cell.source,
    }
    return shared | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def _program(exercise: Exercise, student: str, number: int) -> ParsedSubmission:
    if student in _SPECIAL_STUDENTS:
        return _SPECIAL_STUDENTS[student](exercise)
    if student in _HALF_FILLED_STUDENTS:
        return _make_half_filled(exercise)
    if number < _RIGHT_COUNT:
        return make_solved_submission(exercise)
    return _make_wrong(exercise, number - _RIGHT_COUNT)


def _make_wrong(exercise: Exercise, number: int) -> ParsedSubmission:
    """Return a submission with one known mistake per question, chosen by `number`; some questions stay right."""
    mistakes = {}
    for position, question in enumerate(exercise.questions):
        choices = [mistake.name for mistake in question.mistakes]
        chosen = (number + 3 * position) % (len(choices) + 1)
        if chosen < len(choices):
            mistakes[question.id] = choices[chosen]
    return make_mistaken_submission(exercise, mistakes)


def _make_half_filled(exercise: Exercise) -> ParsedSubmission:
    """Return a submission in which the first half of the cells is filled in and the rest is untouched."""
    cells = read_source_cells(exercise)
    program = make_untouched_submission(exercise)
    filled = [
        replace(cell, source=source.solution_text) if 2 * i <= len(cells) else cell
        for i, (cell, source) in enumerate(zip(program.cells, cells, strict=True))
    ]
    return replace(program, cells=tuple(filled))


def _with_body(exercise: Exercise, body: str) -> ParsedSubmission:
    """Return the solution with another body for the first function that is asked for."""
    question = next(q for q in exercise.questions if q.function)
    extra = Cell(
        f"def {question.function}(*args):\n{body}", label=f"cell {len(make_solved_submission(exercise).cells) + 1}"
    )
    return replace(make_solved_submission(exercise), cells=(*make_solved_submission(exercise).cells, extra))


def _endless(exercise: Exercise) -> ParsedSubmission:
    return _with_body(exercise, "    while True:\n        pass")


def _spy(exercise: Exercise) -> ParsedSubmission:
    return _with_body(exercise, '    with open("/etc/passwd") as file:\n        return file.read()')


def _patcher(exercise: Exercise) -> ParsedSubmission:
    program = _make_wrong(exercise, 0)
    return replace(program, cells=(Cell(_PATCHING_CODE, label="cell 0"), *program.cells))


_SPECIAL_STUDENTS: Final[dict[str, Callable[[Exercise], ParsedSubmission]]] = {
    "noam": _endless,
    "kurt": _spy,
    "yann": _patcher,
    "timnit": make_untouched_submission,
}
