"""Read what a question asks in the exercise's notebook, for the person who marks the answers."""

from pathlib import Path

from grader.core.errors import CourseError
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.prose_cells import extract_text_answer
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.blanks import read_cells


def read_prompt(exercise: Exercise, question: str) -> str:
    """Return the text above the answer's cell, and that in the cell itself; empty if the solution can't be read."""
    file = Path(exercise.folder) / "solution.py"
    try:
        cells = read_cells(file.read_text("utf-8-sig"), str(file))
    except (OSError, UnicodeDecodeError, CourseError):
        return ""
    position = next((n for n, cell in enumerate(cells) if cell.question == question), None)
    if position is None:
        return ""
    above = cells[position - 1] if position else None
    parts = [above.release_text.strip()] if above and above.kind == "markdown" and above.question is None else []
    answer = Cell(cells[position].release_text, cells[position].kind, question=question)
    return "\n\n".join(filter(None, [*parts, extract_text_answer(ParsedSubmission((answer,)), question)]))
