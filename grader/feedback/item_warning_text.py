"""What to look at in a question that went oddly, and why an index isn't there, in sentences."""

from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.stats.item_analysis import FEWEST, Item
from grader.core.stats.item_warnings import Concern, Doubt
from grader.feedback.page_text import correlation, percent

_UNDEFINED: Final = {
    "few": f"fewer than {FEWEST} submissions",
    "single": "nothing to compare it with",
    "item": "all have the same points here",
    "rest": "all have the same points elsewhere",
}


def undefined(item: Item) -> str:
    """Why there is no discrimination; empty where there is one."""
    return _UNDEFINED.get(item.undefined, "")


def sentence(concern: Concern) -> str:
    """What is odd about a question, and what to look at."""
    question = concern.question
    match concern.doubt:
        case Doubt.NOBODY:
            return (
                f"Nobody passes {_checks(concern)}, though {_tried(concern)} tried. "
                "Such a check may itself be wrong: read what it asks for, look at a good student's answer, "
                "and prove it with `grader build --check`."
            )
        case Doubt.RARELY:
            passed = max(check.count(Verdict.PASSED) for check in concern.checks)
            return (
                f"Of {_tried(concern)} who tried, at most {passed} {'passes' if passed == 1 else 'pass'} "
                f"{_checks(concern)}. See whether the lesson leads there, and what the others have in common."
            )
        case Doubt.INVERTED:
            r = correlation(question.item.discrimination or 0.0)
            groups = ""
            if question.item.upper is not None and question.item.lower is not None:
                upper, lower = percent(question.item.upper), percent(question.item.lower)
                groups = f": the best 27 % get {upper} of its points, the weakest {lower}"
            return (
                f"Who does well elsewhere does worse here (r = {r}){groups}. "
                "Its wording may mislead those who know more, or what is expected is wrong."
            )
        case Doubt.SKIPPED:
            return (
                f"{percent(question.share('not_attempted'))} did not try it. "
                "Time may have run out, or it is unclear where the answer goes."
            )


def _tried(concern: Concern) -> int:
    return max(check.attempted for check in concern.checks)


def _checks(concern: Concern) -> str:
    of = len(concern.question.checks)
    if len(concern.checks) == of:
        return "its only check" if of == 1 else f"any of its {of} checks"
    names = [f"`{check.name.replace('`', '')[:60]}`" for check in concern.checks[:4]]
    more = len(concern.checks) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
