"""Sentences about questions with unusual results, and about indices that can't be computed."""

from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.stats.item_analysis import MIN_SUBMISSIONS_FOR_CORRELATION, ItemIndices
from grader.core.stats.item_warnings import ItemWarning, QuestionWarning
from grader.core.text.messages import Message, MessageLike, gettext, join_messages, ngettext
from grader.feedback.page_text import format_correlation, format_percent

_UNDEFINED: Final = {
    "few": gettext("fewer than {n} submissions", n=MIN_SUBMISSIONS_FOR_CORRELATION),
    "single": gettext("no other question to compare with"),
    "item": gettext("all submissions have the same points here"),
    "rest": gettext("all submissions have the same points on the other questions"),
}
_MAX_NAMED_CHECKS: Final = 4


def explain_undefined(item: ItemIndices) -> MessageLike:
    """Return the reason for which the discrimination is undefined; empty if it is defined."""
    return _UNDEFINED.get(item.undefined_reason, "")


def describe_warning(warning: QuestionWarning) -> Message:
    """Describe an unusual result of a question, and the next thing to look at."""
    match warning.warning:
        case ItemWarning.NOBODY:
            return gettext(
                "Nobody passes {checks}, though {n} tried. The check itself may be wrong: read its description, "
                "look at a good student's answer, and check the course.",
                checks=_list_checks(warning),
                n=_count_tried(warning),
            )
        case ItemWarning.RARELY:
            passed = max(check.count(Verdict.PASSED) for check in warning.checks)
            return ngettext(
                "Of {tried} who tried, at most {n} passes {checks}. See whether the lesson covers it, and what the "
                "wrong answers have in common.",
                "Of {tried} who tried, at most {n} pass {checks}. See whether the lesson covers it, and what the "
                "wrong answers have in common.",
                n=passed,
                tried=_count_tried(warning),
                checks=_list_checks(warning),
            )
        case ItemWarning.INVERTED:
            return _describe_inverted(warning.question.item)
        case ItemWarning.SKIPPED:
            return gettext(
                "{share} of submissions have no answer to it. The time may have been too short, or it is unclear "
                "where the answer goes.",
                share=format_percent(warning.question.share("not_attempted")),
            )


def _describe_inverted(item: ItemIndices) -> Message:
    r = format_correlation(item.discrimination or 0.0)
    if item.upper is None or item.lower is None:
        return gettext(
            "Students who do well on the other questions do worse on this one (r = {r}). Its wording may be "
            "misleading, or the expected answer is wrong.",
            r=r,
        )
    return gettext(
        "Students who do well on the other questions do worse on this one (r = {r}): the best 27 % of students get "
        "{upper} of its points, the weakest 27 % get {lower}. Its wording may be misleading, or the expected answer "
        "is wrong.",
        r=r,
        upper=format_percent(item.upper),
        lower=format_percent(item.lower),
    )


def _count_tried(warning: QuestionWarning) -> int:
    return max(check.attempted for check in warning.checks)


def _list_checks(warning: QuestionWarning) -> Message:
    of = len(warning.question.checks)
    if len(warning.checks) == of:
        return ngettext("its only check", "any of its {n} checks", n=of)
    names = [f"`{check.name.replace('`', '')[:60]}`" for check in warning.checks[:_MAX_NAMED_CHECKS]]
    more = len(warning.checks) - len(names)
    listed = join_messages(names, ", ")
    return gettext("{names} and {n} more", names=listed, n=more) if more else listed
