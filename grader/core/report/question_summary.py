"""A question's result in a few lines, as `grader check`, `grader submit` and a notebook's cell show it."""

from dataclasses import dataclass
from typing import Final

from grader.core.report.check_report import CheckReport
from grader.core.report.explanation_text import ExplanationReport
from grader.core.report.report import QuestionReport
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import gettext, join_messages
from grader.core.text.numbers import format_points

STATE_SIGNS: Final = {"right": "✓", "partly": "◐", "wrong": "✗", "not_attempted": "○", "pending": "…"}
"""One character per state of a question."""


def format_question_points(question: QuestionReport, language: Language = ENGLISH) -> str:
    """Return `0.5 / 2`; if only hidden checks earn points, that the result shows later."""
    if question.max_score:
        both = (format_points(points) for points in (question.score, question.max_score))
        return language(join_messages(both, " / "))
    answered = gettext("answered; the result appears after grading")
    return language(answered) if question.state == "right" else ""


def group_by_message(question: QuestionReport) -> dict[str, list[CheckReport]]:
    """Group the checks that did not pass by their message."""
    groups: dict[str, list[CheckReport]] = {}
    for check in question.checks:
        if check.shown_message:
            groups.setdefault(check.shown_message, []).append(check)
    return groups


@dataclass(frozen=True)
class LineExplanation:
    """An explanation, and the line of code of which it speaks; the line is empty where it can't be shown."""

    text: str
    line: int | None
    code: str


def list_line_explanations(question: QuestionReport) -> list[LineExplanation]:
    """Return the explanations of a question's checks beyond messages and hints, each once, in the order of lines."""
    found: dict[str, ExplanationReport] = {}
    for one in (one for check in question.checks for one in check.further_explanations):
        if one.text not in found or found[one.text].line is None:
            found[one.text] = one
    lines = question.code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    placed = []
    for one in found.values():
        is_own = one.line is not None and one.cell == question.code_label and 0 < one.line <= len(lines)
        code = lines[one.line - 1].strip() if is_own and one.line else ""
        placed.append(LineExplanation(one.at_line if code and one.at_line else one.text, one.line, code))
    return sorted(placed, key=lambda one: (one.line is None, one.line or 0))


def list_remarks(question: QuestionReport, language: Language) -> list[str]:
    """Return the remarks on a question's code, each once and marked as such."""
    remarks = dict.fromkeys(remark for check in question.checks for remark in check.remarks)
    return [language(gettext("remark: {remark}", remark=remark)) for remark in remarks]


def list_hints(question: QuestionReport) -> list[str]:
    """Return the hints of the known mistakes found in a question's code, each once."""
    return list(dict.fromkeys(check.hint for check in question.checks if check.hint))
