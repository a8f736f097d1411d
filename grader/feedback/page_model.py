"""What a student's page says where: how much room there is, whose code stands beside what, what to look at next."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grader.core.questions.question import Kind
from grader.core.report.report import CheckReport, QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.feedback.code_listing import Colours, Listing, colourable, listing
from grader.feedback.markup import Typeset, Wanted
from grader.feedback.page_text import FORMULA


@dataclass(frozen=True)
class Room:
    """How much of a student's text and tensors a page takes."""

    code: int = 20_000
    """Characters of one listing."""
    notebook: int = 60_000
    """Characters of all cells."""
    printed: int = 2_000
    """Characters of what one check printed."""
    message: int = 800
    """Characters of one sentence."""
    side: int = 8
    """Rows and columns of a table, at most."""
    tables: int = 12
    """Tables of one check, for each of inputs, expected and actual."""
    heats: int = 3
    """Heat maps of one check."""
    remarks: int = 40
    """Remarks of one kind."""
    edges: int = 2_000
    """Edges of a drawn network; none: neither networks nor curves are drawn."""


ROOMS: Final = (
    Room(),
    Room(code=6_000, notebook=20_000, printed=800, message=500, side=6, tables=8, heats=1, remarks=20, edges=1_000),
    Room(code=2_000, notebook=6_000, printed=300, message=250, side=5, tables=4, heats=0, remarks=8, edges=400),
    Room(code=500, notebook=2_000, printed=100, message=120, side=3, tables=1, heats=0, remarks=3, edges=100),
    Room(code=200, notebook=0, printed=60, message=80, side=0, tables=0, heats=0, remarks=1, edges=0),
)
"""The next is taken where a page would grow too large with the one before."""

_FOLDED: Final = 4  # checks that passed with nothing more to say, from which on they are told as a number
_LONGEST_PROSE: Final = 20_000  # characters of a text that is typeset
_MOST: Final = 150_000  # characters of all that is typeset


@dataclass(frozen=True)
class Code:
    """A listing under its label. `anchor` is what its lines' ids begin with."""

    anchor: str
    label: str
    listing: Listing


@dataclass(frozen=True)
class Told:
    """A check, and those of its question which fail in the very same way."""

    check: CheckReport
    alike: tuple[CheckReport, ...]


@dataclass(frozen=True)
class Part:
    """A question with its anchor: what is told, what passed silently, its code, beside it if it is its alone.

    `set_right` says, once, of what was passed that it was judged with other outputs set right. `answer` is an answer in
    prose: HTML, or plain text where it could not be typeset.
    """

    anchor: str
    question: QuestionReport
    told: tuple[Told, ...]
    silent: tuple[CheckReport, ...]
    set_right: tuple[str, ...]
    code: Code | None
    beside: bool
    answer: str


@dataclass(frozen=True)
class Next:
    """What to look at next: the first question with something to gain, its check that says most, what comes then."""

    part: Part
    check: CheckReport
    then: tuple[Part, ...]


@dataclass(frozen=True)
class Outline:
    """A student's page before it is HTML. `shared` is code that several questions speak of: a script, a big cell."""

    parts: tuple[Part, ...]
    shared: tuple[Code, ...]
    next: Next | None


def wanted(report: Report) -> Wanted:
    """What has to be typeset for a report's page: code, prose and formulas, each once, not more than is reasonable."""
    left = _MOST

    def taken(texts: Iterator[str | None]) -> tuple[str, ...]:
        nonlocal left
        kept = []
        for text in dict.fromkeys(text for text in texts if text and text.strip()):
            if len(text) <= min(left, _LONGEST_PROSE):
                kept.append(text)
                left -= len(text)
        return tuple(kept)

    texts = [(q.code.strip() if q.kind == Kind.TEXT else q.code, q.kind == Kind.TEXT) for q in report.questions]
    texts += [(cell.source, cell.kind == "markdown") for cell in report.cells]
    return Wanted(
        code=taken(colourable(text) for text, prose in texts if not prose),
        markdown=taken(text for text, prose in texts if prose),
        formulas=taken(tex for sentence in _sentences(report) for tex in re.findall(FORMULA, sentence)),
    )


def _sentences(report: Report) -> Iterator[str]:
    for question in report.questions:
        yield question.title
        for check in question.checks:
            yield from (check.says, check.message, check.hint or "", *check.remarks)


def outline(report: Report, room: Room, typeset: Typeset) -> Outline:
    """Where everything of a report goes."""
    users = Counter((q.code_label, q.code) for q in report.questions if q.code.strip() and q.kind != Kind.TEXT)
    listings: dict[tuple[str, str], Code] = {}
    parts = []
    for number, question in enumerate(report.questions, 1):
        key = (question.code_label, question.code)
        if key in users and key not in listings:
            listings[key] = _code(f"code{len(listings) + 1}", key, report, room, typeset.code)
        silent = _silent(question)
        parts.append(
            Part(
                anchor=f"q{number}",
                question=question,
                told=_told([check for check in question.checks if check not in silent]),
                silent=silent,
                set_right=tuple(dict.fromkeys(check.message for check in silent if check.message)),
                code=listings.get(key),
                beside=users[key] == 1,
                answer=_answer(question, room, typeset),
            )
        )
    shared = tuple(code for key, code in listings.items() if users[key] > 1)
    return Outline(tuple(parts), shared, _next(parts))


def _answer(question: QuestionReport, room: Room, typeset: Typeset) -> str:
    text = question.code.strip() if question.kind == Kind.TEXT else ""
    return typeset.markdown.get(text, text) if len(text) <= room.printed else text


def _silent(question: QuestionReport) -> tuple[CheckReport, ...]:
    """The checks that passed and have nothing more to say, where they are many."""
    silent = tuple(
        check
        for check in question.checks
        if check.verdict is Verdict.PASSED
        and not (check.remarks or check.printed or check.shown or (check.message and not check.carried))
    )
    return silent if len(silent) >= _FOLDED else ()


def _told(checks: list[CheckReport]) -> tuple[Told, ...]:
    """The checks in their order; one that fails for the same reason as one before stands with that."""
    groups: dict[object, list[CheckReport]] = {}
    for position, check in enumerate(checks):
        failed = check.verdict is not Verdict.PASSED and not check.pending
        reason = check.hint or ("" if check.shown else check.message)
        groups.setdefault((check.verdict, reason) if failed and reason else position, []).append(check)
    return tuple(Told(first, tuple(others)) for first, *others in groups.values())


def _code(anchor: str, key: tuple[str, str], report: Report, room: Room, colours: Colours) -> Code:
    label, source = key
    blamed = {
        check.line
        for question in report.questions
        if (question.code_label, question.code) == key
        for check in question.checks
        if check.line is not None
    }
    return Code(anchor, label, listing(source, blamed, room.code, colours))


def _next(parts: list[Part]) -> Next | None:
    found = [
        (part, check)
        for part in parts
        if part.question.state not in ("right", "pending") and (check := _most_telling(part.question))
    ]
    if not found:
        return None
    (part, check), *others = found
    return Next(part, check, tuple(other for other, _ in others[:3]))


def _most_telling(question: QuestionReport) -> CheckReport | None:
    failed = [c for c in question.checks if c.verdict not in (Verdict.PASSED, Verdict.GRADER_ERROR)]
    return next((c for c in failed if c.hint), failed[0] if failed else None)
