"""The edits that the sandbox lists of a function, and the work of its calls: read with distrust, like every answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.core.judging.repair.subject import Work
from grader.core.wire.edits.edit import Edit, EditKind, read_edit
from grader.core.wire.edits.list_repairs import MAX_ADDED_CHARS, MAX_REPAIRS
from grader.core.wire.job import Answer, Status
from grader.core.wire.submission import Cell
from grader.core.wire.trace_function import Step


@dataclass(frozen=True)
class Listing:
    """The place, text and edits of a function, and the work of its calls in all visible cases."""

    cell: str
    first_line: int
    source: str
    edits: tuple[Edit, ...]
    work: Work

    def select_steps(self, steps: Sequence[Step]) -> list[Step]:
        """Return the steps whose lines are those of the function."""
        last = self.first_line + self.source.count("\n")
        return [step for step in steps if self.first_line <= step[0] <= last]

    @property
    def calculates(self) -> bool:
        """Whether the function has an operator, as a formula does."""
        return any(edit.kind is EditKind.OPERATOR for edit in self.edits)


def read_work(answer: Answer) -> Work | None:
    """Return the work of all calls; None if they were stopped, or nothing that makes sense is said of one."""
    lines = units = 0
    for result in answer.results:
        match result.value:
            case (int(some), int(others)) if some >= 0 and others >= 0:
                lines, units = lines + some, units + others
            case _:
                return None
    return Work(lines, units) if answer.ended is Status.DONE else None


def read_listing(answer: Answer, cells: Iterable[Cell], work: Work) -> Listing | None:
    """Return the listed edits, if they belong to a cell: what the sandbox says of a text is compared with the text."""
    value = answer.results[0].value if answer.ended is Status.DONE and answer.results else None
    match value:
        case (str(file), int(first), str(source), [*items]) if first > 0:
            pass
        case _:
            return None
    for cell in cells:
        if file == f"<{cell.label}>":
            lines = cell.source.split("\n")
            source = "\n".join(source.split("\n")[: max(len(lines) - first + 2, 1)])
            read = (read_edit(item) for item in items[:MAX_REPAIRS])
            edits = tuple(edit for edit in read if edit and _belongs(edit, lines, first))
            return Listing(cell.label, first, source, edits, work) if edits else None
    return None


def _belongs(edit: Edit, lines: Sequence[str], first: int) -> bool:
    """Tell whether an edit changes what stands at its place in the cell, and adds little."""
    number = first + edit.span.first_line - 2
    if not 0 <= number < len(lines) or len(edit.after) > len(edit.before) + MAX_ADDED_CHARS:
        return False
    return edit.before.split("\n")[0].strip() in lines[number] and all(
        line.isprintable() for line in edit.after.split("\n")
    )
