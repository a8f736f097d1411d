"""Templates as percent scripts, for students who prefer an editor to a notebook."""

from grader.core.questions.exercise import Exercise
from grader.course.blanks import SourceCell
from grader.course.templates import read_source_cells


def render_percent_script(exercise: Exercise) -> bytes:
    """Return the template of one exercise as `# %%` cells; its header names the exercise, its cells their questions."""
    header = f"# ---\n# jupyter:\n#   grader:\n#     exercise: {exercise.name}\n# ---\n"
    cells = "\n".join(_cell(cell) for cell in read_source_cells(exercise))
    return f"{header}\n{cells}".encode()


def _cell(cell: SourceCell) -> str:
    kind = " [markdown]" if cell.kind == "markdown" else ""
    question = f' question="{cell.question}"' if cell.question else ""
    text = cell.release_text
    if cell.kind == "markdown":
        text = "\n".join(f"# {line}".rstrip() for line in text.splitlines())
    return f"# %%{kind}{question}\n{text}\n"
