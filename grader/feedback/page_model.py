"""The content of a student's page: size limits, code beside the questions, and the next thing to look at."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from grader.core.report.check_report import CheckReport
from grader.core.report.explanation_text import ExplanationReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.feedback.check_groups import CheckGroup, group_checks
from grader.feedback.code_listing import (
    CodeListing,
    HighlightedCode,
    build_listing,
    collect_line_notes,
    highlightable_text,
)
from grader.feedback.markup import TypesetRequest, TypesetResult
from grader.feedback.page_text import FORMULA_PATTERN


@dataclass(frozen=True)
class SizeLimits:
    """The largest amounts of a student's text and tensors that a page shows."""

    code: int = 20_000
    """Characters of one listing."""
    notebook: int = 60_000
    """Characters of all cells."""
    printed: int = 2_000
    """Characters of the output that one check printed."""
    message: int = 800
    """Characters of one sentence."""
    table_side: int = 8
    """Rows and columns of a table, at most."""
    tables: int = 12
    """Tables of one check, separately for inputs, expected and actual values."""
    heatmaps: int = 3
    """Heat maps of one check."""
    remarks: int = 40
    """Remarks of one kind."""
    edges: int = 2_000
    """Edges of a drawn network; 0 means that no figure of an answer is drawn."""


SIZE_LIMIT_STEPS: Final = (
    SizeLimits(),
    SizeLimits(
        code=6_000,
        notebook=20_000,
        printed=800,
        message=500,
        table_side=6,
        tables=8,
        heatmaps=1,
        remarks=20,
        edges=1_000,
    ),
    SizeLimits(
        code=2_000, notebook=6_000, printed=300, message=250, table_side=5, tables=4, heatmaps=0, remarks=8, edges=400
    ),
    SizeLimits(
        code=500, notebook=2_000, printed=100, message=120, table_side=3, tables=1, heatmaps=0, remarks=3, edges=100
    ),
    SizeLimits(code=200, notebook=0, printed=60, message=80, table_side=0, tables=0, heatmaps=0, remarks=1, edges=0),
)
"""Limits from large to small. Each is used if the page would be too large with the one before."""

_MIN_FOLDED_CHECKS: Final = 4  # this many passed checks without any detail are shown as a number
_MAX_PROSE_CHARS: Final = 20_000  # characters of one text that is typeset
_MAX_TYPESET_CHARS: Final = 150_000  # characters of all texts that are typeset


@dataclass(frozen=True)
class LabelledListing:
    """A listing with its label. The ids of its lines begin with `anchor`."""

    anchor: str
    label: str
    listing: CodeListing

    def shows(self, explanation: ExplanationReport) -> bool:
        """Tell whether the line of an explanation is among the shown ones."""
        is_here = explanation.line is not None and explanation.cell == self.label
        return is_here and any(line.number == explanation.line for line in self.listing.lines)


@dataclass(frozen=True)
class QuestionSection:
    """A question with its anchor: detailed checks in groups, passed checks that are folded, and its code.

    `has_own_listing` is true if the code belongs to this question alone. `carried_messages` says, once each, which
    passed checks were judged with other outputs corrected. `answer` is an answer in prose: HTML, or plain text where it
    could not be typeset.
    """

    anchor: str
    question: QuestionReport
    groups: tuple[CheckGroup, ...]
    folded_checks: tuple[CheckReport, ...]
    carried_messages: tuple[str, ...]
    code: LabelledListing | None
    has_own_listing: bool
    answer: str


@dataclass(frozen=True)
class NextStep:
    """The next thing to look at: a question with points to gain, its most telling check, and three more.

    First come questions that are nearly right, then others that were tried. A question that a person marked has no such
    check: its mark says what lost points.
    """

    section: QuestionSection
    check: CheckReport | None
    following: tuple[QuestionSection, ...]


@dataclass(frozen=True)
class PageModel:
    """A student's page before it is HTML.

    `shared_listings` are code that several questions use: a script or a large cell.
    """

    sections: tuple[QuestionSection, ...]
    shared_listings: tuple[LabelledListing, ...]
    next_step: NextStep | None

    @property
    def is_all_right(self) -> bool:
        """Whether there are questions, and each of them is right."""
        return bool(self.sections) and all(section.question.state == "right" for section in self.sections)


def build_typeset_request(report: Report) -> TypesetRequest:
    """Return the code, prose and formulas that a report's page needs typeset, each once and within limits."""
    left = _MAX_TYPESET_CHARS

    def select(texts: Iterator[str | None]) -> tuple[str, ...]:
        nonlocal left
        chosen = []
        for text in dict.fromkeys(text for text in texts if text and text.strip()):
            if len(text) <= min(left, _MAX_PROSE_CHARS):
                chosen.append(text)
                left -= len(text)
        return tuple(chosen)

    texts = [(q.code.strip() if q.is_prose else q.code, q.is_prose) for q in report.questions]
    texts += [(cell.source, cell.kind == "markdown") for cell in report.cells]
    return TypesetRequest(
        code=select(highlightable_text(text) for text, prose in texts if not prose),
        markdown=select(text for text, prose in texts if prose),
        formulas=select(tex for sentence in _sentences(report) for tex in re.findall(FORMULA_PATTERN, sentence)),
    )


def _sentences(report: Report) -> Iterator[str]:
    for question in report.questions:
        yield question.title
        for check in question.checks:
            yield from (check.says, check.shown_message, check.hint or "", *check.remarks)
            yield from (one.text for one in check.explanations)


def build_page_model(report: Report, limits: SizeLimits, typeset: TypesetResult) -> PageModel:
    """Arrange the content of a report."""
    users = Counter((q.code_label, q.code) for q in report.questions if q.code.strip() and not q.is_prose)
    listings: dict[tuple[str, str], LabelledListing] = {}
    sections = []
    for number, question in enumerate(report.questions, 1):
        key = (question.code_label, question.code)
        if key in users and key not in listings:
            listings[key] = _code(f"code{len(listings) + 1}", key, report, limits, typeset.code)
        folded = _folded_checks(question)
        sections.append(
            QuestionSection(
                anchor=f"q{number}",
                question=question,
                groups=group_checks([check for check in question.shown_checks if check not in folded], f"q{number}"),
                folded_checks=folded,
                carried_messages=tuple(dict.fromkeys(check.message for check in folded if check.message)),
                code=listings.get(key),
                has_own_listing=users[key] == 1,
                answer=_answer(question, limits, typeset),
            )
        )
    shared = tuple(code for key, code in listings.items() if users[key] > 1)
    return PageModel(tuple(sections), shared, _find_next_step(sections))


def _answer(question: QuestionReport, limits: SizeLimits, typeset: TypesetResult) -> str:
    text = question.code.strip() if question.is_prose else ""
    return typeset.markdown.get(text, text) if len(text) <= limits.printed else text


def _folded_checks(question: QuestionReport) -> tuple[CheckReport, ...]:
    """Return the checks that passed and have no further detail, if there are many of them."""
    folded = tuple(
        check
        for check in question.shown_checks
        if check.verdict is Verdict.PASSED
        and not (check.remarks or check.printed or check.details or (check.message and not check.carried))
        and check.points >= check.max_points
    )
    return folded if len(folded) >= _MIN_FOLDED_CHECKS else ()


def _code(
    anchor: str, key: tuple[str, str], report: Report, limits: SizeLimits, colours: HighlightedCode
) -> LabelledListing:
    label, source = key
    own = [c for q in report.questions if (q.code_label, q.code) == key for c in q.checks]
    raised = {check.line for check in own if check.line is not None}
    notes = collect_line_notes((c for q in report.questions for c in q.checks), label)
    return LabelledListing(anchor, label, build_listing(source, raised, limits.code, colours, notes))


def _find_next_step(sections: list[QuestionSection]) -> NextStep | None:
    found = []
    for section in sections:
        check = _find_most_telling_check(section.question)
        if section.question.state not in ("right", "pending") and (check or section.question.mark):
            found.append((section, check))
    if not found:
        return None
    (section, check), *others = sorted(found, key=lambda one: _rank_next_step(one[0].question))
    return NextStep(section, check, tuple(other for other, _ in others[:3]))


def _find_most_telling_check(question: QuestionReport) -> CheckReport | None:
    """Return the first failed check with a hint, else with another explanation, else the first failed one.

    Visible checks come first: their inputs and values are shown, and a hint of theirs has a line. None if a mark
    replaces all checks.
    """
    if question.mark is not None:
        return None
    failed = [c for c in question.checks if c.verdict not in (Verdict.PASSED, Verdict.GRADER_ERROR)]
    shown = [c for c in failed if not c.hidden]
    explained = (
        next((c for c in some if c.hint), None) or next((c for c in some if c.explanations), None)
        for some in (shown, failed)
    )
    return next((c for c in explained if c is not None), failed[0] if failed else None)


def _rank_next_step(question: QuestionReport) -> int:
    """Return 0 for a question that is nearly right, 1 for another that was tried, 2 for one that was not.

    Nearly right is one with more than half of its points, with an error that one edit mends, or with an answer that is
    there under another name: other questions may call it.
    """
    if any(check.is_misnamed for check in question.checks):
        return 0
    if question.state == "not_attempted":
        return 2
    mended = any(
        [one.kind for one in check.explanations].count("repair") == 1 and any(e.certain for e in check.explanations)
        for check in question.checks
    )
    return 0 if mended or question.score > question.max_score / 2 else 1
