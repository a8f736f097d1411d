"""Names of states, verdicts and kinds on a page. Each has a sign, so that no meaning depends on colour alone."""

from dataclasses import dataclass
from typing import Final

from grader.core.questions.kinds.registry import KINDS
from grader.core.results.verdict import Verdict
from grader.core.text.messages import MessageLike, gettext


@dataclass(frozen=True)
class Label:
    """The name of a state or verdict: `tone` selects the colour, `sign` is drawn before the words."""

    tone: str
    sign: str
    text: MessageLike


STATE_LABELS: Final = {
    "right": Label("right", "✓", gettext("right")),
    "partly": Label("partly", "◐", gettext("partly right")),
    "wrong": Label("wrong", "✗", gettext("wrong")),
    "not_attempted": Label("blank", "○", gettext("not attempted")),
    "pending": Label("pending", "⋯", gettext("pending")),
}

VERDICT_LABELS: Final = {
    Verdict.PASSED: Label("right", "✓", gettext("passed")),
    Verdict.WRONG_ANSWER: Label("wrong", "✗", gettext("wrong answer")),
    Verdict.RUNTIME_ERROR: Label("wrong", "✗", gettext("stopped with an error")),
    Verdict.TIME_LIMIT: Label("wrong", "✗", gettext("took too long")),
    Verdict.MEMORY_LIMIT: Label("wrong", "✗", gettext("used too much memory")),
    Verdict.OUTPUT_LIMIT: Label("wrong", "✗", gettext("returned too much")),
    Verdict.NOT_ATTEMPTED: Label("blank", "○", gettext("not attempted")),
    Verdict.GRADER_ERROR: Label("pending", "⋯", gettext("to be graded again")),
}

KIND_LABELS: Final = {kind.name: kind.label for kind in KINDS.values()}
