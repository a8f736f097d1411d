"""The one policy of what is shown of a result: to students as the author chose, to instructors everything.

Whatever a student is shown of place, shape, value and edit follows from visible checks. Of a failed hidden check, a
student sees its sentence, its verdict, the hint of a known mistake, and one word of a closed list, until the author
opens more by date or attempt. `core.report` applies the policy; no other place decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from typing import Final


class Hints(IntEnum):
    """The detail in which students see where an answer goes wrong; each level includes those before it."""

    NONE = 0
    PLACE = 1
    """The line."""
    KIND = 2
    """The kind of edit that mends it: the axis of a sum."""
    EDIT = 3
    """The edit itself."""


class HiddenDetail(IntEnum):
    """The detail in which students see a failed hidden check; each level includes those before it."""

    WORD = 0
    """One word of a closed list."""
    EXPLANATIONS = 1
    """Its explanations, which tell something of its inputs."""
    VALUES = 2
    """Everything that is shown of a visible check."""


@dataclass(frozen=True)
class Disclosure:
    """The limits of what is shown of one question's result."""

    hints: Hints = Hints.KIND
    hidden: HiddenDetail = HiddenDetail.WORD


EVERYTHING: Final = Disclosure(Hints.EDIT, HiddenDetail.VALUES)
"""The disclosure to instructors."""


@dataclass(frozen=True)
class DisclosureStep:
    """A change of what is shown: from a moment on, from an attempt on, or where both are reached."""

    after: datetime | None = None
    after_attempts: int | None = None
    hints: Hints | None = None
    hidden: HiddenDetail | None = None

    def is_reached(self, attempt: int | None, now: datetime | None) -> bool:
        """Tell whether the step applies to an attempt at a moment; what is not known is not reached."""
        if self.after is not None and (now is None or now < self.after):
            return False
        return self.after_attempts is None or (attempt is not None and attempt >= self.after_attempts)


@dataclass(frozen=True)
class FeedbackRules:
    """An author's `[feedback]`: the hints, and steps that change what is shown; a later step wins over an earlier."""

    hints: Hints = Hints.KIND
    steps: tuple[DisclosureStep, ...] = ()
    by_question: Mapping[str, "FeedbackRules"] = field(default_factory=dict)
    """The rules of single questions, which replace these."""

    def of_question(self, question: str) -> "FeedbackRules":
        """Return the rules of one question."""
        return self.by_question.get(question, self)

    def can_open_values(self, question: str) -> bool:
        """Tell whether students may ever see inputs and values of the hidden checks of a question."""
        return any(step.hidden is HiddenDetail.VALUES for step in self.of_question(question).steps)


@dataclass(frozen=True)
class Student:
    """A student as the reader of a report: about the n-th attempt, at a moment. None: not known."""

    attempt: int | None = None
    now: datetime | None = None


@dataclass(frozen=True)
class Instructor:
    """An instructor as the reader of a report."""


Audience = Student | Instructor


def choose_disclosure(rules: FeedbackRules, question: str, audience: Audience) -> Disclosure:
    """Return what a reader is shown of a question's result."""
    if isinstance(audience, Instructor):
        return EVERYTHING
    own = rules.of_question(question)
    shown = Disclosure(own.hints)
    for step in own.steps:
        if step.is_reached(audience.attempt, audience.now):
            hints = shown.hints if step.hints is None else step.hints
            shown = replace(shown, hints=hints, hidden=shown.hidden if step.hidden is None else step.hidden)
    return shown
