"""What a student's page says where: how much room there is, whose code stands beside what, what to look at next."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

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
    side: int = 12
    """Rows and columns of a table, at most."""
    tables: int = 12
    """Tables of one check, for each of inputs, expected and actual."""
    remarks: int = 40
    """Remarks of one kind."""


ROOMS: Final = (Room(), Room(6_000, 800, 500, 8, 8, 20), Room(2_000, 300, 250, 6, 4, 8), Room(500, 100, 120, 3, 2, 3))
"""The next is taken where a page would grow too large with the one before."""


@dataclass(frozen=True)
class Code:
    """A listing under its label. `anchor` is what its lines' ids begin with."""

    anchor: str
    label: str
    listing: Listing


@dataclass(frozen=True)
class Part:
    """A question with its anchor, and its code: beside it if it is that question's alone."""

    anchor: str
    question: QuestionReport
    code: Code | None
    beside: bool


@dataclass(frozen=True)
class Next:
    """What to look at next: the first question with something to gain, and the advice it got, if any."""

    part: Part
    check: CheckReport
    advice: str


@dataclass(frozen=True)
class Outline:
    """A student's page before it is HTML. `shared` is code that several questions speak of: a script, a big cell."""

    parts: tuple[Part, ...]
    shared: tuple[Code, ...]
    next: Next | None


def outline(report: Report, room: Room) -> Outline:
    """Where everything of a report goes."""
    users = Counter((q.code_label, q.code) for q in report.questions if q.code.strip())
    listings: dict[tuple[str, str], Code] = {}
    parts = []
    for number, question in enumerate(report.questions, 1):
        key = (question.code_label, question.code)
        if key in users and key not in listings:
            listings[key] = _code(f"code{len(listings) + 1}", key, report, room)
        parts.append(Part(f"q{number}", question, listings.get(key), beside=users[key] == 1))
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
            check = next((c for c in open_checks if c.hint), open_checks[0])
            return Next(part, check, check.hint or check.message)
    return None
