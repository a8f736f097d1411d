"""Judge answers that aren't compared with a reference function, and answers in prose. Pure: runs nothing."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from grader.core.compare.mismatch import PropertyMismatch
from grader.core.compare.tensors import Remark
from grader.core.judging.missing_names import build_no_value_result, build_stopped_result, find_unfilled
from grader.core.judging.name_origins import NameOrigins
from grader.core.questions.checks import AnswerCheck, Probe, TextCheck
from grader.core.results.grading import CheckResult
from grader.core.results.rule_result import RuleResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Action, ActionResult, Answer, Call, ExceptionInfo, MissingName, Parse, Read, Status
from grader.core.wire.placeholders import is_placeholder_value


def judge_answer(question: str, check: AnswerCheck, probe: Probe, answer: Answer, origins: NameOrigins) -> CheckResult:
    """Apply the check's rule, if all its actions have results."""
    first = probe.actions[0]
    label = first.name if len(probe.actions) == 1 and not isinstance(first, Call) else ""
    result = replace(_make_empty_result(check), output=label, printed=answer.printed)
    if answer.ended is not Status.DONE:
        return build_stopped_result(result, answer)
    for action, returned in zip(probe.actions, answer.results, strict=True):
        if (failure := _find_failure(action, returned)) is not None:
            return build_no_value_result(result, failure, (question, _get_action_name(action)), origins)
    judgement = probe.rule(deepcopy(answer.results))  # an author's rule may change what it gets
    judged = _apply_rule_result(result, judgement, tuple(Remark("warning", text) for text in answer.warnings))
    unfilled = _find_unfilled(probe.actions, answer.results) if judged.verdict is Verdict.WRONG_ANSWER else None
    if unfilled is None or judged.points:
        return judged
    return replace(judged, verdict=Verdict.NOT_ATTEMPTED, reason=unfilled, details=None)


def judge_text_answer(check: TextCheck, text: str) -> CheckResult:
    """Apply the check's rule to an answer in prose, which is empty if there is none."""
    return _apply_rule_result(_make_empty_result(check), check.rule(text))


def _find_failure(action: Action, returned: ActionResult) -> ExceptionInfo | MissingName | None:
    """Return the reason for which an action has no result. Other text than Python is an answer for its rule.

    So is the absence of an optional function.
    """
    if isinstance(action, Call) and action.optional and isinstance(returned.raised, MissingName):
        return returned.raised if returned.raised.blank else None
    if isinstance(action, Parse) and isinstance(returned.raised, ExceptionInfo) and not returned.raised.blank:
        return None
    return returned.raised


def _find_unfilled(actions: Sequence[Action], results: Sequence[ActionResult]) -> MissingName | None:
    """Return the function or variable that was given out as it is and not filled in."""
    for action, returned in zip(actions, results, strict=True):
        if isinstance(action, Read) and is_placeholder_value(returned.value):
            return MissingName(action.name, unfilled="None")
        if isinstance(action, Call) and (found := find_unfilled(returned, action.function, "")):
            return found
    return None


def _get_action_name(action: Action) -> str:
    return action.function if isinstance(action, Call) else action.name


def _make_empty_result(check: AnswerCheck | TextCheck) -> CheckResult:
    return CheckResult(check.name, Verdict.PASSED, 0.0, check.points, check.hidden)


def _apply_rule_result(result: CheckResult, judgement: RuleResult, remarks: tuple[Remark, ...] = ()) -> CheckResult:
    verdict = Verdict.PASSED if judgement.passed else Verdict.WRONG_ANSWER
    return replace(
        result,
        verdict=verdict if judgement.attempted else Verdict.NOT_ATTEMPTED,
        points=0.0 if judgement.pending else judgement.share * result.max_points,
        pending=result.max_points if judgement.pending else 0.0,
        reason=PropertyMismatch(judgement.wrong) if judgement.wrong else None,
        remarks=(*judgement.remarks, *remarks),
        details=judgement.details,
    )
