"""Make notebooks with blanks from a course's solutions, and the programs that verify an exercise.

The same solution gives the same bytes: cell ids are numbered, and no date, version or machine is written.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.atomic_write import replace_if_changed
from grader.authoring.class_mistakes import replaces_class
from grader.authoring.solution_script import BLANK_TEXT
from grader.core.errors import CourseError, UsageError
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.helper_modules import find_used_helpers, list_defined_names, strip_solutions
from grader.core.questions.kinds.prose_cells import build_marker_pattern
from grader.core.questions.question import Mistake, Question
from grader.core.text.source_location import SourceLocation
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.blanks import SourceCell, comment_out_magics, read_cells
from grader.course.exercise_files import find_notebook, list_asked_files, read_given_files


def build_templates(course: Course) -> dict[str, bytes]:
    """Return the files for students, by path inside the course's folder: notebooks, helper modules, and data files.

    Raises CourseError with file and line.
    """
    files = {
        f"exercises/{exercise.name}.ipynb": render_template_notebook(exercise, check_cells=course.check_cells)
        for exercise in course.exercises
        if not exercise.files
    }
    modules = {f"{name.replace('.', '/')}.py": text.encode() for name, text in collect_helper_modules(course).items()}
    helpers = {f"exercises/{path}": data for path, data in modules.items()}
    data = {f"exercises/{name}": data for name, data in read_data_files(course.exercises).items()}
    for exercise in course.exercises:
        if exercise.files:
            own = modules | read_data_files([exercise]) | _render_files(exercise, check_cells=course.check_cells)
            files |= {f"exercises/{exercise.name}/{path}": data for path, data in sorted(own.items())}
    return files | helpers | data


def read_data_files(exercises: Iterable[Exercise]) -> dict[str, bytes]:
    """Return the data files of exercises by their paths beside the notebooks."""
    return {file.name: Path(file.path).read_bytes() for exercise in exercises for file in exercise.data_files}


def _render_files(exercise: Exercise, *, check_cells: bool) -> dict[str, bytes]:
    """Return the files of an exercise of several files by path: with blanks, and those that are given."""
    files = read_given_files(exercise.folder, exercise.files)
    files |= {one.path: one.release_text.encode() for one in list_asked_files(exercise.folder, exercise.files)}
    notebook = find_notebook(exercise.folder, exercise.files)
    if notebook is not None:
        files[notebook] = render_template_notebook(exercise, check_cells=check_cells)
    return files


def collect_helper_modules(course: Course, exercises: Iterable[Exercise] | None = None) -> dict[str, str]:
    """Return the helper modules that notebooks use, by dotted name, with those that these import.

    They lack the functions that any exercise of the course asks for. `exercises` are those whose notebooks count; None:
    all.
    """
    chosen = course.exercises if exercises is None else tuple(exercises)
    asked = {name for exercise in course.exercises for question in exercise.questions for name in question.functions}
    wanted = [
        module
        for exercise in chosen
        for module, _ in find_exercise_helpers(exercise, make_untouched_submission(exercise))
    ]
    sources = {name: text for exercise in chosen for name, text in exercise.modules.items()}
    given: dict[str, str] = {}
    while wanted:
        name = wanted.pop()
        if name in sources and name not in given:
            given[name] = strip_solutions(sources[name], asked)
            wanted += [module for module, _ in find_used_helpers(given[name])]
    return {name: text for name, text in sorted(given.items()) if list_defined_names(text)}


def find_exercise_helpers(exercise: Exercise, program: ParsedSubmission) -> frozenset[tuple[str, str]]:
    """Return the helper modules, and the names in them, which the code cells of an exercise's program use."""
    if not exercise.modules:
        return frozenset()
    sources = (comment_out_magics(cell.source) for cell in program.cells if cell.kind != "markdown")
    return find_used_helpers("\n".join(sources))


def write_templates(course: Course, to: Path) -> list[Path]:
    """Write the files of `build_templates` below a folder, each atomically; return those that changed."""
    changed = []
    for name, data in build_templates(course).items():
        if replace_if_changed(to / name, data):
            changed.append(to / name)
    return changed


def render_template_notebook(exercise: Exercise, *, check_cells: bool = False) -> bytes:
    """Return the template of one exercise, as nbformat 4.5 JSON; with `check_cells`, each question can check itself."""
    import nbformat

    source = read_source_cells(exercise)
    last = {cell.question: number for number, cell in enumerate(source, 1)}
    cells = []
    for number, cell in enumerate(source, 1):
        cells.append(_cell(exercise, number, cell))
        question = exercise.question(cell.question) if cell.question and last[cell.question] == number else None
        if check_cells and question and not question.kind.is_prose:
            cells.append(_check_cell(exercise, question))
    data = {"cells": cells, "metadata": _metadata(exercise), "nbformat": 4, "nbformat_minor": 5}
    notebook = nbformat.from_dict(data)  # type: ignore[no-untyped-call]  # nbformat ships no types
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n".encode()  # type: ignore[no-untyped-call]  # the same


def _cell(exercise: Exercise, number: int, cell: SourceCell) -> dict[str, Any]:
    shared = {
        "cell_type": cell.kind,
        "id": f"{exercise.name[-50:]}-{number}",
        "metadata": _cell_metadata(cell),
        "source": cell.release_text,
    }
    return shared | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def _check_cell(exercise: Exercise, question: Question) -> dict[str, Any]:
    """Return a cell that checks the question above it. `formats/notebook` leaves it out when the notebook is read."""
    return {
        "cell_type": "code",
        "id": f"{exercise.name[-30:]}-check-{question.id[-25:]}".replace(".", "-"),
        "metadata": {"grader": {"check": question.id}},
        "source": f'from grader import check\n\ncheck("{question.id}")',
        "execution_count": None,
        "outputs": [],
    }


def _metadata(exercise: Exercise) -> dict[str, Any]:
    return {
        "grader": {"exercise": exercise.name},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def _cell_metadata(cell: SourceCell) -> dict[str, Any]:
    if cell.question is None:
        return {}
    return {"grader": {"question": cell.question, "blanks": [blank.id for blank in cell.blanks]}}


def read_source_cells(exercise: Exercise) -> tuple[SourceCell, ...]:
    """Return the cells of an exercise's solution.py. Raises CourseError if they don't fit its questions.

    Of an exercise of several files, these are the cells of its notebook, if it is made of solution.py.
    """
    file = Path(exercise.folder) / "solution.py"
    if exercise.files and find_notebook(exercise.folder, exercise.files) is None:
        return ()
    cells = read_cells(file.read_text("utf-8-sig"), str(file))
    for cell in cells:
        if cell.question is not None and not exercise.question(cell.question):
            known = ", ".join(q.id for q in exercise.questions)
            raise CourseError(
                f"{SourceLocation(str(file), cell.line)}: there is no question {cell.question!r}; choose one of: "
                f"{known}"
            )
    for question in exercise.questions:
        if question.functions and all(name in exercise.files_by_name for name in question.functions):
            continue
        _require_blank(question, [c for c in cells if c.question == question.id], str(file))
    return cells


def _require_blank(question: Question, cells: list[SourceCell], file: str) -> None:
    if not cells:
        kind = " [markdown]" if question.kind.is_prose else ""
        advice = f'write # %%{kind} question="{question.id}" above its cell'
        raise CourseError(f"{SourceLocation(file)}: question {question.id}: its cell is missing: {advice}")
    place = SourceLocation(file, cells[0].line)
    answers = [cell for cell in cells if cell.blanks]
    if not question.kind.is_prose:
        if not answers:
            advice = "mark what the student writes with # blank: HINT"
            raise CourseError(f"{place}: question {question.id}: it has no blank: {advice}")
        return
    if not any(cell.kind == "markdown" for cell in answers):
        advice = "write the answer into a markdown cell, between ### BEGIN SOLUTION and ### END SOLUTION"
        raise CourseError(f"{place}: question {question.id}: it has no blank: {advice}")
    for cell in answers:
        if not build_marker_pattern(question.id).search(cell.release_text.strip().partition("\n")[0]):
            advice = f"begin the cell with a line `question: {question.id}`, so that it is also found without metadata"
            raise CourseError(f"{SourceLocation(file, cell.line)}: question {question.id}: {advice}")


def make_untouched_submission(exercise: Exercise) -> ParsedSubmission:
    """Return the template as a submission without any answer."""
    asked = list_asked_files(exercise.folder, exercise.files) if exercise.files else ()
    texts = {one.path: one.release_text for one in asked}
    return _program(exercise, [(cell, cell.release_text) for cell in read_source_cells(exercise)], texts)


def make_template_with_none(exercise: Exercise) -> ParsedSubmission:
    """Return the template as a submission with None in each of its blanks."""
    asked = list_asked_files(exercise.folder, exercise.files) if exercise.files else ()
    texts = {one.path: one.release_text.replace(BLANK_TEXT, "None") for one in asked}
    return _program(exercise, [(cell, _fill_with_none(cell)) for cell in read_source_cells(exercise)], texts)


def _fill_with_none(cell: SourceCell) -> str:
    return cell.release_text.replace(BLANK_TEXT, "None") if cell.blanks and cell.kind == "code" else cell.release_text


def make_solved_submission(exercise: Exercise) -> ParsedSubmission:
    """Return the solution as a submission."""
    return make_mistaken_submission(exercise, {})


def make_mistaken_submission(exercise: Exercise, mistakes: Mapping[str, str]) -> ParsedSubmission:
    """Return the solution with some questions' functions replaced by known mistakes: question id -> mistake name."""
    chosen = {question: _find_mistake(exercise, question, name) for question, name in mistakes.items()}

    def put_mistakes(source: str) -> str:
        for question, mistake in chosen.values():
            source = _replace_function(source, mistake.of or question.function, mistake)
        return source

    cells = [
        (cell, put_mistakes(cell.solution_text) if cell.kind == "code" else cell.solution_text)
        for cell in read_source_cells(exercise)
    ]
    asked = list_asked_files(exercise.folder, exercise.files) if exercise.files else ()
    return _program(exercise, cells, {one.path: put_mistakes(one.solution_text) for one in asked})


def _program(exercise: Exercise, sources: list[tuple[SourceCell, str]], modules: Mapping[str, str]) -> ParsedSubmission:
    cells = [Cell(text, cell.kind, f"cell {n}", cell.question) for n, (cell, text) in enumerate(sources, 1)]
    cells += [Cell(text, "module", path) for path, text in modules.items()]
    return ParsedSubmission(tuple(cells), exercise.name)


def _find_mistake(exercise: Exercise, question_id: str, name: str) -> tuple[Question, Mistake]:
    question = exercise.question(question_id)
    for mistake in question.mistakes if question else ():
        if question and mistake.name == name:
            return question, mistake
    raise UsageError(f"exercise {exercise.name} has no known mistake {question_id}.{name}")


def _replace_function(source: str, function: str, mistake: Mistake) -> str:
    """Return the source with the definition of that function, if it has one, replaced by the mistake's."""
    for node in ast.parse(comment_out_magics(source)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == function:
            lines = source.splitlines()
            wrong = mistake_source(mistake, function)
            if isinstance(node, ast.ClassDef) and not replaces_class(wrong, function):
                lines[node.end_lineno : node.end_lineno] = ["", "", *wrong.splitlines()]
            else:
                lines[node.lineno - 1 : node.end_lineno] = wrong.splitlines()
            return "\n".join(lines)
    return source


def mistake_source(mistake: Mistake, name: str) -> str:
    """Return a mistake's own code under another name, without decorator and docstring, as a student would write it."""
    if mistake.source:
        return mistake.source
    text = textwrap.dedent(inspect.getsource(mistake.function))
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)  # the decorator accepts only functions
    doc, lines = node.body[0], text.splitlines()
    head = lines[node.lineno - 1 : doc.lineno - 1]
    head[0] = re.sub(rf"^def {node.name}\b", f"def {name}", head[0])
    return "\n".join([*head, *lines[doc.end_lineno :]])
