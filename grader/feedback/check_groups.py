"""The checks of a question in groups that fail for the same reason, each explanation told once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grader.core.report.check_report import CheckReport
from grader.core.report.explanation_text import ExplanationReport
from grader.core.results.verdict import Verdict


@dataclass(frozen=True)
class CheckGroup:
    """A check, and the checks of its question that fail in exactly the same way.

    `explanations` are those of all of them, beyond message and hint. If earlier groups show all of these, there are
    none, and `explained_above` is the anchor of such a group; it is empty where there is a hint. `anchor` is its own.
    """

    check: CheckReport
    similar: tuple[CheckReport, ...]
    explanations: tuple[ExplanationReport, ...] = ()
    anchor: str = ""
    explained_above: str = ""


def group_checks(checks: list[CheckReport], anchor: str) -> tuple[CheckGroup, ...]:
    """Group the checks in their order; a check that fails for the same reason as an earlier one joins its group."""
    groups: dict[object, list[CheckReport]] = {}
    for position, check in enumerate(checks):
        failed = check.verdict is not Verdict.PASSED and not check.pending
        reason = check.hint or ("" if check.details else check.shown_message)
        mistakes = [one.text for one in check.explanations if one.kind == "mistake" and check.hint]
        key = check.verdict, reason, *mistakes
        groups.setdefault(key if failed and reason else position, []).append(check)
    return tuple(_drop_repetitions([_make_group(list(group)) for group in groups.values()], anchor))


def _make_group(checks: list[CheckReport]) -> CheckGroup:
    """Return a group with its explanations, each sentence once, without those that the first check says."""
    told = checks[0]
    found: dict[str, ExplanationReport] = {}
    for one in (one for check in checks for one in check.further_explanations):
        if one.text not in found or found[one.text].line is None:
            found[one.text] = one
    explanations = (one for text, one in found.items() if text != told.hint and text not in told.shown_message)
    return CheckGroup(told, tuple(checks[1:]), tuple(explanations))


def _drop_repetitions(groups: list[CheckGroup], anchor: str) -> Iterator[CheckGroup]:
    """Yield the groups with their anchors; one whose explanations are all shown above refers to the first of these."""
    shown: dict[str, str] = {}
    for number, group in enumerate(groups, 1):
        own = replace(group, anchor=f"{anchor}-check{number}")
        texts = [one.text for one in group.explanations]
        if texts and all(text in shown for text in texts):
            own = replace(own, explanations=(), explained_above="" if group.check.hint else shown[texts[0]])
        for text in texts:
            shown.setdefault(text, own.anchor)
        yield own
