"""Mutants of a solution: the solution with one edit that makes it wrong, as a learner might write it.

Edited are the functions that a question asks for, and the methods of such a class, if students write a part of them, as
a whole; elsewhere, the lines that blanks hide. Outside of functions, numbers stay as they are, since they are the
student's own choice, and no statement is dropped, since the question would be unanswered. Answers without any
calculation have no mutants.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.text.source_location import SourceLocation
from grader.core.wire.edits.catalogue import list_edits
from grader.core.wire.edits.edit import MUTATION_KINDS, Edit, EditKind, split_lines
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.blanks import SourceCell, comment_out_magics
from grader.course.templates import read_source_cells

_OUTSIDE_FUNCTIONS: Final = MUTATION_KINDS - {
    EditKind.CONSTANT,
    EditKind.DROPPED_STATEMENT,
    EditKind.MOVED_STATEMENT,
}


@dataclass(frozen=True)
class Mutant:
    """One edit of a solution. `cell` is the number of the edited cell, counted from 0, and `source` its edited text.

    `before` and `after` show it to the author: enough of a line to find it, or the first of several lines. `function`
    is the name of the edited function, empty outside of functions.
    """

    place: SourceLocation
    cell: int
    source: str
    before: str
    after: str
    function: str = ""

    def __str__(self) -> str:
        return f"`{self.before}` -> `{self.after}`"


@dataclass(frozen=True)
class MutatedCell:
    """A cell of a solution as it is written, with its markers, and its mutants, each of which is another program."""

    number: int
    source: str
    mutants: tuple[Mutant, ...]


def list_mutated_cells(exercise: Exercise, question: Question) -> tuple[MutatedCell, ...]:
    """Return the cells of a question that have mutants, in the order of the solution."""
    cells = read_source_cells(exercise)
    file = Path(exercise.folder) / "solution.py"
    lines = split_lines(file.read_text("utf-8-sig"))
    ends = [cell.line - 1 for cell in cells[1:]] + [len(lines)]
    found = []
    for number, (cell, end) in enumerate(zip(cells, ends, strict=True)):
        if cell.kind == "code" and cell.question == question.id and cell.blanks:
            source = "".join(lines[cell.line - 1 : end])
            mutants = tuple(_list_mutants(question, cell, number, source, str(file)))
            found += [MutatedCell(number, source, mutants)] if mutants else []
    return tuple(found)


def make_submission(exercise: Exercise, question: Question, mutant: Mutant | None = None) -> ParsedSubmission:
    """Return the solution, or one of its mutants, as a submission."""
    return _make_submission(exercise, list(enumerate(read_source_cells(exercise))), mutant)


def make_short_submission(exercise: Exercise, question: Question, mutant: Mutant | None = None) -> ParsedSubmission:
    """Return the same with nothing but imports and the question's own cells; not every question can do with these."""
    cells = enumerate(read_source_cells(exercise))
    kept = [(number, cell) for number, cell in cells if cell.question == question.id or _has_only_imports(cell)]
    return _make_submission(exercise, kept, mutant)


def _make_submission(
    exercise: Exercise, cells: list[tuple[int, SourceCell]], mutant: Mutant | None
) -> ParsedSubmission:
    made = []
    for number, cell in cells:
        source = mutant.source if mutant and mutant.cell == number else cell.solution_text
        made.append(Cell(source, cell.kind, f"cell {number + 1}", cell.question))
    return ParsedSubmission(tuple(made), exercise.name)


def _has_only_imports(cell: SourceCell) -> bool:
    statements = ast.parse(comment_out_magics(cell.solution_text)).body if cell.kind == "code" else []
    return bool(statements) and all(isinstance(one, ast.Import | ast.ImportFrom) for one in statements)


def _list_mutants(question: Question, cell: SourceCell, number: int, source: str, file: str) -> Iterator[Mutant]:
    """Yield the mutants of a cell; of several edits that give the same program, only the first."""
    tree = ast.parse(source)
    seen = {ast.dump(tree)}
    for statement in tree.body:
        is_definition = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        parts = _list_edited_lines(question, cell, statement)
        for edit in list_edits(statement, source, MUTATION_KINDS if is_definition else _OUTSIDE_FUNCTIONS):
            span = edit.span
            if not any(span.first_line in lines and span.last_line in lines for lines in parts):
                continue
            mutated = edit.apply(source)
            program = ast.dump(ast.parse(mutated))
            if program not in seen:
                seen.add(program)
                place = SourceLocation(file, cell.line + span.first_line - 1)
                function = statement.name if isinstance(statement, ast.FunctionDef | ast.ClassDef) else ""
                yield Mutant(place, number, mutated, *_show_difference(edit, source, mutated), function)


def _list_edited_lines(question: Question, cell: SourceCell, statement: ast.stmt) -> list[range]:
    """Return the lines of a statement of a cell, counted from 1 in the cell, that may be edited."""
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    blanks = [range(blank.line - cell.line + 1, blank.last_line - cell.line + 2) for blank in cell.blanks]
    within = [blank for blank in blanks if blank.start in lines]
    asked = [statement] if isinstance(statement, ast.FunctionDef | ast.ClassDef) else []
    asked = [one for one in asked if one.name in question.functions]
    methods = [one for node in asked if isinstance(node, ast.ClassDef) for one in node.body]
    wholes = [range(one.lineno, (one.end_lineno or one.lineno) + 1) for one in methods or asked]
    filled = [whole for whole in wholes if any(blank.start in whole for blank in within)]
    return filled + [blank for blank in within if not any(blank.start in whole for whole in filled)]


def _show_difference(edit: Edit, source: str, mutated: str) -> tuple[str, str]:
    """Return what an edit replaces, and by what; the whole statement if the same text is in the cell more than once."""
    before, after = edit.before.strip("\n").split("\n"), edit.after.strip("\n").split("\n")
    if len(before) > 1 or len(after) > 1:
        return f"{before[0].strip()} …", f"{after[0].strip()} …" if len(after) > 1 else after[0]
    if source.count(edit.before) == 1:
        return edit.before, edit.after
    number = edit.span.first_line - 1
    return _strip_line(split_lines(source)[number]), _strip_line(split_lines(mutated)[number])


def _strip_line(line: str) -> str:
    """Return a line without indentation and comment."""
    return line.partition("  #")[0].strip()
