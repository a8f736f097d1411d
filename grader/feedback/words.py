"""What states, verdicts and kinds are called on a page, each with a sign, so that no meaning hangs on colour alone."""

from dataclasses import dataclass
from typing import Final

from grader.core.verdict import Verdict


@dataclass(frozen=True)
class Word:
    """A name for a state or verdict: `tone` picks the colour, `sign` is drawn before the words."""

    tone: str
    sign: str
    words: str


STATES: Final = {
    "right": Word("right", "✓", "right"),
    "partly": Word("partly", "◐", "partly right"),
    "wrong": Word("wrong", "✗", "wrong"),
    "not_attempted": Word("blank", "○", "not attempted"),
    "pending": Word("pending", "⋯", "pending"),
}

VERDICTS: Final = {
    Verdict.PASSED: Word("right", "✓", "passed"),
    Verdict.WRONG_ANSWER: Word("wrong", "✗", "wrong answer"),
    Verdict.RUNTIME_ERROR: Word("wrong", "✗", "stopped with an error"),
    Verdict.TIME_LIMIT: Word("wrong", "✗", "took too long"),
    Verdict.MEMORY_LIMIT: Word("wrong", "✗", "used too much memory"),
    Verdict.OUTPUT_LIMIT: Word("wrong", "✗", "returned too much"),
    Verdict.NOT_ATTEMPTED: Word("blank", "○", "not attempted"),
    Verdict.GRADER_ERROR: Word("pending", "⋯", "to be graded again"),
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
