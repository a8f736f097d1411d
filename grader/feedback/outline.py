"""What a student's page says where: how much room there is, whose code stands beside what, what to look at next."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from grader.core.question import Kind
from grader.core.report import CheckReport, QuestionReport, Report
from grader.core.verdict import Verdict
from grader.feedback.code import Listing, listing


@dataclass(frozen=True)
class Room:
    """How much of a student's text and tensors a page takes."""

    code: int = 20_000
    """Characters of one listing."""
    printed: int = 2_000
    """Characters of what one check printed."""
    message: int = 800
    """Characters of one sentence."""
    side: int = 8
    """Rows and columns of a table, at most."""
    tables: int = 12
    """Tables of one check, for each of inputs, expected and actual."""
    remarks: int = 40
    """Remarks of one kind."""
    edges: int = 2_000
    """Edges of a drawn network; none: neither networks nor curves are drawn."""


ROOMS: Final = (
    Room(),
    Room(code=6_000, printed=800, message=500, side=6, tables=8, remarks=20, edges=1_000),
    Room(code=2_000, printed=300, message=250, side=5, tables=4, remarks=8, edges=400),
    Room(code=500, printed=100, message=120, side=3, tables=1, remarks=3, edges=100),
    Room(code=200, printed=60, message=80, side=0, tables=0, remarks=1, edges=0),
)
"""The next is taken where a page would grow too large with the one before."""


@dataclass(frozen=True)
class Code:
    """A listing under its label. `anchor` is what its lines' ids begin with."""

    anchor: str
    label: str
    listing: Listing


@dataclass(frozen=True)
class Part:
    """A question with its anchor; its code, beside it if it is that question's alone; or its answer in prose."""

    anchor: str
    question: QuestionReport
    code: Code | None
    beside: bool
    answer: str


@dataclass(frozen=True)
class Next:
    """What to look at next: the first question with something to gain, and its check that says most."""

    part: Part
    check: CheckReport


@dataclass(frozen=True)
class Outline:
    """A student's page before it is HTML. `shared` is code that several questions speak of: a script, a big cell."""

    parts: tuple[Part, ...]
    shared: tuple[Code, ...]
    next: Next | None


def outline(report: Report, room: Room) -> Outline:
    """Where everything of a report goes."""
    users = Counter((q.code_label, q.code) for q in report.questions if q.code.strip() and q.kind != Kind.TEXT)
    listings: dict[tuple[str, str], Code] = {}
    parts = []
    for number, question in enumerate(report.questions, 1):
        key = (question.code_label, question.code)
        if key in users and key not in listings:
            listings[key] = _code(f"code{len(listings) + 1}", key, report, room)
        answer = question.code.strip() if question.kind == Kind.TEXT else ""
        parts.append(Part(f"q{number}", question, listings.get(key), users[key] == 1, answer))
    shared = tuple(code for key, code in listings.items() if users[key] > 1)
    return Outline(tuple(parts), shared, _next(parts))


def _code(anchor: str, key: tuple[str, str], report: Report, room: Room) -> Code:
    label, source = key
    blamed = {
        check.line
        for question in report.questions
        if (question.code_label, question.code) == key
        for check in question.checks
        if check.line is not None
    }
    return Code(anchor, label, listing(source, blamed, room.code))


def _next(parts: list[Part]) -> Next | None:
    for part in parts:
        if part.question.state in ("right", "pending"):
            continue
        open_checks = [c for c in part.question.checks if c.verdict not in (Verdict.PASSED, Verdict.GRADER_ERROR)]
        if open_checks:
            return Next(part, next((c for c in open_checks if c.hint), open_checks[0]))
    return None
