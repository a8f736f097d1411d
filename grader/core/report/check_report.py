"""One check as its reader is shown it: in sentences, and no more of a hidden one than the disclosure allows."""

from dataclasses import dataclass, replace

from grader.core.questions.checks import AnyCheck
from grader.core.questions.question import Question
from grader.core.report import sentences
from grader.core.report.blocked_access import is_access_blocked
from grader.core.report.explanation_text import ExplanationReport, list_explanations
from grader.core.results.disclosure import Disclosure, HiddenDetail
from grader.core.results.grading import CheckDetails, CheckResult
from grader.core.results.verdict import Verdict
from grader.core.text.language import Language
from grader.core.wire.job import ExceptionInfo, MissingName


@dataclass(frozen=True)
class CheckReport:
    """One check as its reader is shown it.

    `line` is the line that raised, from 1 in the question's `code`, or None. `message` has no values of a hidden check;
    where these are opened to the reader, `opened_message` has them.
    """

    name: str
    says: str
    verdict: Verdict
    points: float
    max_points: float
    hidden: bool
    message: str
    mistake: str | None
    hint: str | None
    remarks: tuple[str, ...] = ()
    line: int | None = None
    details: CheckDetails | None = None
    printed: str = ""
    pending: float = 0.0
    convention: bool = False
    """Whether the mistake is a right calculation under another convention."""
    blocked_access: bool = False
    """Whether the code requested something that the sandbox blocks."""
    carried: tuple[str, ...] = ()
    """Earlier outputs that were set right to judge this one."""
    explanations: tuple[ExplanationReport, ...] = ()
    opened_message: str = ""
    is_opened: bool = False
    """Whether it is a hidden check whose inputs and values are shown to this reader."""

    is_misnamed: bool = False
    """Whether its answer is missing, but one of another name, or in another place, is there."""

    @property
    def shown_message(self) -> str:
        """The message with all that the reader may see."""
        return self.opened_message or self.message

    @property
    def further_explanations(self) -> tuple[ExplanationReport, ...]:
        """The explanations that neither the hint nor the message says already."""
        return tuple(e for e in self.explanations if e.text != self.hint and e.text not in self.shown_message)

    def as_json(self) -> dict[str, object]:
        """Return the JSON object of one check, whose keys are a documented contract."""
        return {
            "name": self.name,
            "says": self.says,
            "verdict": str(self.verdict),
            "points": round(self.points, 6),
            "max_points": self.max_points,
            "hidden": self.hidden,
            "message": self.message,
            "mistake": self.mistake,
            "hint": self.hint,
            "remarks": list(self.remarks),
            "carried": list(self.carried),
            "explanations": [
                explanation.as_json() for explanation in (*self._explain_difference(), *self.explanations)
            ],
        }

    def _explain_difference(self) -> tuple[ExplanationReport, ...]:
        """Return the opened message as an explanation; none if it says no more than the message."""
        is_more = self.opened_message not in ("", self.message)
        return (ExplanationReport("difference", self.opened_message),) if is_more else ()


def build_check_report(
    question: Question | None,
    check: AnyCheck | None,
    result: CheckResult,
    code_label: str,
    language: Language,
    shown: Disclosure,
) -> CheckReport:
    """Report a check's result; `code_label` is that of the cell with the question's code."""
    known = {m.name: m for m in question.mistakes} if question else {}
    mistake = known.get(result.mistake) if result.mistake else None
    is_opened = result.hidden and shown.hidden >= HiddenDetail.VALUES
    is_closed = result.hidden and not is_opened
    line = None
    if isinstance(result.reason, ExceptionInfo) and not is_closed and code_label == result.reason.cell != "":
        line = result.reason.line
    return CheckReport(
        name=result.name,
        says=language(check.says) if check else result.name,
        verdict=result.verdict,
        points=result.points,
        max_points=result.max_points,
        hidden=result.hidden,
        message=sentences.check_sentence(result, language),
        opened_message=sentences.check_sentence(replace(result, hidden=False), language) if is_opened else "",
        is_opened=is_opened,
        mistake=result.mistake,
        hint=language(mistake.hint) if mistake else None,
        remarks=() if is_closed else tuple(sentences.remark_sentence(r, language) for r in result.remarks),
        line=line,
        details=None if is_closed else result.details,
        printed="" if is_closed else result.printed,
        pending=result.pending,
        convention=mistake is not None and mistake.convention,
        blocked_access=is_access_blocked(result),
        carried=tuple(filter(None, result.carried)),
        explanations=list_explanations(result, known, shown, language),
        is_misnamed=isinstance(result.reason, MissingName) and bool(result.reason.near),
    )
