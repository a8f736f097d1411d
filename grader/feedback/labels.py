"""What states, verdicts and kinds are called on a page, each with a sign, so that no meaning hangs on colour alone."""

from dataclasses import dataclass
from typing import Final

from grader.core.results.verdict import Verdict
from grader.core.text.messages import Said, say


@dataclass(frozen=True)
class Word:
    """A name for a state or verdict: `tone` picks the colour, `sign` is drawn before the words."""

    tone: str
    sign: str
    words: Said


STATES: Final = {
    "right": Word("right", "✓", say("right")),
    "partly": Word("partly", "◐", say("partly right")),
    "wrong": Word("wrong", "✗", say("wrong")),
    "not_attempted": Word("blank", "○", say("not attempted")),
    "pending": Word("pending", "⋯", say("pending")),
}

VERDICTS: Final = {
    Verdict.PASSED: Word("right", "✓", say("passed")),
    Verdict.WRONG_ANSWER: Word("wrong", "✗", say("wrong answer")),
    Verdict.RUNTIME_ERROR: Word("wrong", "✗", say("stopped with an error")),
    Verdict.TIME_LIMIT: Word("wrong", "✗", say("took too long")),
    Verdict.MEMORY_LIMIT: Word("wrong", "✗", say("used too much memory")),
    Verdict.OUTPUT_LIMIT: Word("wrong", "✗", say("returned too much")),
    Verdict.NOT_ATTEMPTED: Word("blank", "○", say("not attempted")),
    Verdict.GRADER_ERROR: Word("pending", "⋯", say("to be graded again")),
}

KINDS: Final = {
    "code": "code",
    "choice": "choice",
    "matching": "matching",
    "code_reading": "code reading",
    "drawing": "drawing",
    "experiment": "experiment",
    "text": "text",
}
