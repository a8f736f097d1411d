"""Sentences about questions with unusual results, and about indices that can't be computed."""

from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.stats.item_analysis import MIN_SUBMISSIONS_FOR_CORRELATION, ItemIndices
from grader.core.stats.item_warnings import ItemWarning, QuestionWarning
from grader.feedback.page_text import format_correlation, format_percent

_UNDEFINED: Final = {
    "few": f"fewer than {MIN_SUBMISSIONS_FOR_CORRELATION} submissions",
    "single": "no other question to compare with",
    "item": "all submissions have the same points here",
    "rest": "all submissions have the same points on the other questions",
}


def explain_undefined(item: ItemIndices) -> str:
    """Return the reason for which the discrimination is undefined; empty if it is defined."""
    return _UNDEFINED.get(item.undefined, "")


def describe_warning(concern: QuestionWarning) -> str:
    """Describe an unusual result of a question, and the next thing to look at."""
    question = concern.question
    match concern.warning:
        case ItemWarning.NOBODY:
            return (
                f"Nobody passes {_list_checks(concern)}, though {_count_tried(concern)} tried. "
                "The check itself may be wrong: read its description, look at a good student's answer, "
                "and check the course."
            )
        case ItemWarning.RARELY:
            passed = max(check.count(Verdict.PASSED) for check in concern.checks)
            return (
                f"Of {_count_tried(concern)} who tried, at most {passed} {'passes' if passed == 1 else 'pass'} "
                f"{_list_checks(concern)}. See whether the lesson covers it, and what the wrong answers have in common."
            )
        case ItemWarning.INVERTED:
            r = format_correlation(question.item.discrimination or 0.0)
            groups = ""
            if question.item.upper is not None and question.item.lower is not None:
                upper, lower = format_percent(question.item.upper), format_percent(question.item.lower)
                groups = f": the best 27 % of students get {upper} of its points, the weakest 27 % get {lower}"
            return (
                f"Students who do well on the other questions do worse on this one (r = {r}){groups}. "
                "Its wording may be misleading, or the expected answer is wrong."
            )
        case ItemWarning.SKIPPED:
            return (
                f"{format_percent(question.share('not_attempted'))} of submissions have no answer to it. "
                "The time may have been too short, or it is unclear where the answer goes."
            )


def _count_tried(concern: QuestionWarning) -> int:
    return max(check.attempted for check in concern.checks)


def _list_checks(concern: QuestionWarning) -> str:
    of = len(concern.question.checks)
    if len(concern.checks) == of:
        return "its only check" if of == 1 else f"any of its {of} checks"
    names = [f"`{check.name.replace('`', '')[:60]}`" for check in concern.checks[:4]]
    more = len(concern.checks) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
