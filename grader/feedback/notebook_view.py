"""The submitted notebook, cell by cell, with the comments on each cell beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import Cell
from grader.feedback.code_listing import CodeListing, LineNotes, build_listing, collect_line_notes
from grader.feedback.markup import TypesetResult

_MIN_ROOM_CHARS: Final = 200  # characters of room below which no further cell is started

_MAX_CELLS: Final = 500


@dataclass(frozen=True)
class CellNote:
    """Comments on a question at its cell: the checks that have something to report, without repetitions."""

    anchor: str
    question: QuestionReport
    checks: tuple[CheckReport, ...]


@dataclass(frozen=True)
class CellView:
    """A cell with its anchor: prose as HTML or code as lines, the remarks on it, and the notes of its questions."""

    anchor: str
    label: str
    prose: Markup
    listing: CodeListing | None
    remarks: tuple[str, ...]
    notes: tuple[CellNote, ...]


@dataclass(frozen=True)
class NotebookView:
    """The cells that are shown. `omitted_cells` counts the others; `typeset_failed`: the text could not be typeset."""

    cells: tuple[CellView, ...]
    omitted_cells: int
    typeset_failed: bool


def build_notebook_view(report: Report, typeset: TypesetResult, max_chars: int) -> NotebookView | None:
    """Build the view of a report's notebook in at most `max_chars` characters; None if no notebook was submitted."""
    cells = [(number, cell) for number, cell in enumerate(report.cells, 1) if cell.source.strip()]
    if not cells:
        return None
    if any(cell.kind == "markdown" for _, cell in cells) and not typeset.markdown:
        return NotebookView((), 0, typeset_failed=True)
    anchors = {q.id: f"q{i}" for i, q in enumerate(report.questions, 1)}
    notes = _notes(report.questions, anchors)
    remarks: dict[str, list[str]] = {}
    for label, sentence in report.cell_remarks:
        remarks.setdefault(label, []).append(sentence)
    checks = [check for question in report.questions for check in question.checks if check.explanations]
    shown: list[CellView] = []
    for number, cell in cells[:_MAX_CELLS]:
        if max_chars < _MIN_ROOM_CHARS:
            break
        said = tuple(remarks.get(cell.label, ()))
        at_lines = collect_line_notes(checks, cell.label)
        shown.append(_cell(f"cell{number}", cell, typeset, max_chars, said, notes.get(cell.label, ()), at_lines))
        max_chars -= len(cell.source)
    return NotebookView(tuple(shown), len(cells) - len(shown), typeset_failed=False)


def _cell(
    anchor: str,
    cell: Cell,
    typeset: TypesetResult,
    max_chars: int,
    remarks: tuple[str, ...],
    notes: Sequence[CellNote],
    line_notes: LineNotes,
) -> CellView:
    prose, code = Markup(), None
    if cell.kind == "markdown" and cell.source in typeset.markdown and len(cell.source) <= max_chars:
        prose = typeset.markdown[cell.source]
    else:
        raised = {check.line for note in notes for check in note.question.checks if check.line is not None}
        code = build_listing(cell.source, raised, max_chars, typeset.code, line_notes)
    return CellView(anchor, cell.label, prose, code, remarks, tuple(notes))


def _notes(questions: Sequence[QuestionReport], anchors: Mapping[str, str]) -> dict[str, tuple[CellNote, ...]]:
    """Return the notes by the label of the cell that they belong to."""
    notes: dict[str, tuple[CellNote, ...]] = {}
    for question in questions:
        if question.code_label:
            note = CellNote(
                anchors[question.id],
                question,
                () if question.is_prose else _distinct_failures(question.checks),
            )
            notes[question.code_label] = (*notes.get(question.code_label, ()), note)
    return notes


def _distinct_failures(checks: Sequence[CheckReport]) -> tuple[CheckReport, ...]:
    """Return, of the checks that didn't pass, the first with each hint or message."""
    firsts: dict[str, CheckReport] = {}
    for check in checks:
        if check.verdict is not Verdict.PASSED:
            firsts.setdefault(check.hint or check.shown_message or check.says, check)
    return tuple(firsts.values())
