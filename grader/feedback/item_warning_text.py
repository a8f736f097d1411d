"""Sentences about questions with unusual results, and about indices that can't be computed."""

from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.stats.item_analysis import MIN_SUBMISSIONS_FOR_CORRELATION, ItemIndices
from grader.core.stats.item_warnings import ItemWarning, QuestionWarning
from grader.feedback.page_text import format_correlation, format_percent

_UNDEFINED: Final = {
    "few": f"fewer than {MIN_SUBMISSIONS_FOR_CORRELATION} submissions",
    "single": "nothing to compare it with",
    "item": "all have the same points here",
    "rest": "all have the same points elsewhere",
}


def explain_undefined(item: ItemIndices) -> str:
    """Return the reason for which there is no discrimination; empty where there is one."""
    return _UNDEFINED.get(item.undefined, "")


def describe_warning(concern: QuestionWarning) -> str:
    """Describe an unusual result of a question, and the next thing to look at."""
    question = concern.question
    match concern.warning:
        case ItemWarning.NOBODY:
            return (
                f"Nobody passes {_list_checks(concern)}, though {_count_tried(concern)} tried. "
                "Such a check may itself be wrong: read what it asks for, look at a good student's answer, "
                "and prove it with `grader build --check`."
            )
        case ItemWarning.RARELY:
            passed = max(check.count(Verdict.PASSED) for check in concern.checks)
            return (
                f"Of {_count_tried(concern)} who tried, at most {passed} {'passes' if passed == 1 else 'pass'} "
                f"{_list_checks(concern)}. See whether the lesson leads there, and what the others have in common."
            )
        case ItemWarning.INVERTED:
            r = format_correlation(question.item.discrimination or 0.0)
            groups = ""
            if question.item.upper is not None and question.item.lower is not None:
                upper, lower = format_percent(question.item.upper), format_percent(question.item.lower)
                groups = f": the best 27 % get {upper} of its points, the weakest {lower}"
            return (
                f"Who does well elsewhere does worse here (r = {r}){groups}. "
                "Its wording may mislead those who know more, or what is expected is wrong."
            )
        case ItemWarning.SKIPPED:
            return (
                f"{format_percent(question.share('not_attempted'))} did not try it. "
                "Time may have run out, or it is unclear where the answer goes."
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
