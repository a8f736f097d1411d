"""Find the cell that defines a name, by its text, and whether it stopped before it did so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from grader.core.wire.job import CellRun, ExceptionInfo, Job, MissingName, NameOrigin, Parse, Read, Status
from grader.core.wire.near_names import NearName
from grader.core.wire.placeholders import is_marker
from grader.core.wire.submission import Cell

_SYNTAX_ERRORS: Final = ("SyntaxError", "IndentationError", "TabError")
_UNDEFINED: Final = re.compile(r"name '(\w+)' is not defined")
_EMPTY_BODY: Final = re.compile(r"expected an indented block after function definition on line (\d{1,6})$")
_CALL: Final = re.compile(r"\w\(")
_DEFINITION: Final = re.compile(
    r"\s*(?:(?:async )?def |class )\s*(\w+)|\s*for (.+?) in\b|\s*with .*? as (.+)|\s*(?:import|from) (.+)"
)
_IMPORT_LIST: Final = re.compile(r"\bimport *\([^()]*\)")
_MAX_DECORATOR_LINES: Final = 20
_MAX_HEAD_CHARS: Final = 500  # characters of a line in which a definition's names are looked for


def _lacks_body(lines: Sequence[str], head: int, found: int) -> bool:
    """Tell whether the function at line `head` has no body, rather than one that lacks its indentation.

    `found` is the line at which Python expected the body: that of the next statement, or the last one.
    """
    is_commented = any(line.lstrip().startswith("#") for line in lines[head:found])
    following = "".join(lines[found - 1 : found]).lstrip() if found > head else ""
    if re.match(r"(?:async )?def\b|class\b|@|#|$", following):
        return True
    return is_commented and not re.match(r"return\b", following)


class NameOrigins:
    """Find the cause of a missing or replaced name: the cell that defines it raised, was stopped, or is another one."""

    def __init__(self, job: Job, runs: tuple[CellRun, ...], texts: tuple[Cell, ...] = ()) -> None:
        """`texts` are the cells that aren't code."""
        self._texts = texts
        self._defining: dict[str, tuple[tuple[Cell, CellRun], ...]] = {}
        self._cells = tuple(zip(job.cells, runs, strict=True))
        self._statement_by_statement = job.statement_by_statement
        self._asked = {
            action.name if isinstance(action, Read | Parse) else action.function
            for request in job.requests
            for action in request.actions
        }

    def find_cause(self, name: str, question: str) -> CellRun | None:
        """Return the last cell that defines the name, if it failed for another reason than an empty blank.

        If no cell's text defines it, this is the last cell of the question. If the cell lacked another name because of
        an empty blank, the blank is its reason, too.
        """
        pairs = self._list_defining(name) or tuple(p for p in reversed(self._cells) if p[0].question == question)
        if not pairs:
            return None
        cell, run = pairs[0]
        if run.ended is not Status.DONE:
            return run
        raised = run.raised
        if raised is None or raised.blank or not self._stops(raised, name, cell):
            return None
        return None if self._is_caused_by_blank(raised, name) else run

    def is_unfilled(self, raised: ExceptionInfo, name: str) -> bool:
        """Tell whether a syntax error is only that a definition of this name was not filled in.

        Such is a function whose body is a comment, or a line with a comment that asks for an answer.
        """
        if raised.type not in _SYNTAX_ERRORS or raised.line is None:
            return False
        found = [cell for cell, run in self._list_defining(name) if run.label == raised.cell]
        lines = found[0].source.split("\n") if found else []
        if empty := _EMPTY_BODY.match(raised.message):
            head = int(empty[1])
            return defines_name("".join(lines[head - 1 : head]), name) and _lacks_body(lines, head, raised.line)
        above = (line for line in reversed(lines[: raised.line]) if defines_name(line, name) or "def " in line)
        return is_marker(raised.text) and defines_name(next(above, ""), name)

    def defines(self, name: str) -> bool:
        """Tell whether a cell's text defines or assigns the name."""
        return bool(self._list_defining(name))

    def choose_near(self, missing: MissingName) -> tuple[NearName, ...]:
        """Return the name that resembles a missing one most, unless a question asks for that, too."""
        near = next((one for one in missing.near if one.owner or one.name not in self._asked), None)
        if near is None:
            return ()
        label = near.cell or next((run.label for _, run in self._list_defining(near.owner or near.name)), "")
        return (replace(near, cell=label),)

    def find_text_cell(self, name: str, question: str) -> NameOrigin | None:
        """Return the cell that would define the name, if it were a code cell."""
        for cell in self._texts:
            if cell.question == question or (f"def {name}(" in cell.source and defines_name(cell.source, name)):
                return NameOrigin(name, cell=cell.label)
        return None

    def explain_exception(self, raised: ExceptionInfo) -> ExceptionInfo:
        """Return the exception with the origin of the name at fault, if a cell is known to be the reason."""
        if raised.origin is not None:
            origin = self.locate_assignment(raised.origin, raised.origin.name)
            return replace(raised, origin=origin if origin.cell else None)
        name = get_lacked_name(raised)
        if not name or raised.blank:
            return raised
        for cell, run in self._list_defining(name):
            failed = run.ended not in (Status.DONE, Status.FAULT) or (
                run.raised is not None and not run.raised.blank and self._stops(run.raised, name, cell)
            )
            if failed and run.raised != raised:
                return replace(raised, origin=NameOrigin(name, cell=run.label))
        return raised

    def was_function(self, name: str) -> bool:
        """Tell whether a cell's text defines a function of that name."""
        return any(f"def {name}(" in cell.source for cell, _ in self._cells)

    def locate_assignment(self, origin: NameOrigin, name: str) -> NameOrigin:
        """Return the origin with the last cell that defines or assigns the name."""
        return replace(origin, cell=next((run.label for _, run in self._list_defining(name)), ""))

    def _list_defining(self, name: str) -> tuple[tuple[Cell, CellRun], ...]:
        """Return the cells that define a name, the last one first; a long text is looked through once per name."""
        if name not in self._defining:
            pairs = reversed(self._cells)
            self._defining[name] = tuple((cell, run) for cell, run in pairs if defines_name(cell.source, name))
        return self._defining[name]

    def _stops(self, raised: ExceptionInfo, name: str, cell: Cell) -> bool:
        """Tell whether the exception kept its cell from defining the name: in a script, it ends one statement only."""
        if not self._statement_by_statement or raised.type in _SYNTAX_ERRORS:
            return True
        return defines_name(raised.text, name) or _is_decorator_of(raised, name, cell)

    def _is_caused_by_blank(self, raised: ExceptionInfo, name: str) -> bool:
        """Follow names that are not defined from one failed cell to the next, until one has an empty blank."""
        followed = {name}
        while (lacked := get_lacked_name(raised)) and lacked not in followed:
            followed.add(lacked)
            failed = next((run.raised for _, run in self._list_defining(lacked)), None)
            if failed is None or failed.blank:
                return failed is not None
            raised = failed
        return False


def _is_decorator_of(raised: ExceptionInfo, name: str, cell: Cell) -> bool:
    """Tell whether the line that raised is a decorator of the definition of this name."""
    if raised.line is None or not raised.text.lstrip().startswith("@"):
        return False
    lines = cell.source.split("\n")[raised.line - 1 : raised.line - 1 + _MAX_DECORATOR_LINES]
    decorated = next((line for line in lines if line.strip() and not line.lstrip().startswith("@")), "")
    return defines_name(decorated, name)


def get_lacked_name(raised: ExceptionInfo) -> str | None:
    """Return the name that does not exist, if that is why the code raised."""
    lacked = _UNDEFINED.match(raised.message) if raised.type == "NameError" else None
    return lacked[1] if lacked else None


def defines_name(source: str, name: str) -> bool:
    """Tell whether a text assigns, imports or defines the name; a name in a call's arguments is not assigned."""
    if name not in source:
        return False
    word = re.compile(rf"\b{re.escape(name)}\b")
    joined = _IMPORT_LIST.sub(lambda found: found[0].replace("\n", " "), source)
    return any(word.search(head) for line in joined.splitlines() for head in _list_heads(line))


def _list_heads(line: str) -> Iterator[str]:
    """Yield the parts of a line in which names get their value."""
    for statement in line.split(";"):
        if found := _DEFINITION.match(statement[:_MAX_HEAD_CHARS]):
            yield found[1] or found[2] or found[3] or found[4]
            continue
        head, sign, rest = statement[:_MAX_HEAD_CHARS].partition("=")
        if sign and not rest.startswith("=") and not head.endswith(("!", "<", ">")) and not _CALL.search(head):
            yield head
