"""Transfers gradings from a worker to its coordinator: a repeated result of a question is sent only once.

Most of a class gives the same answers, and a judge returns the same object for equal answers. Both ends number the
results that they keep in the same way, so that a number is enough.
"""

from dataclasses import dataclass, replace
from typing import Final

from grader.core.identity_cache import IdentityCache
from grader.core.results.grading import Grading, QuestionResult

MAX_REMEMBERED_QUESTIONS: Final = 512
"""Number of results after which both ends start again."""


@dataclass(frozen=True)
class PackedGrading:
    """A grading without its questions, and the questions: each whole, or as the number of an earlier one."""

    grading: Grading
    questions: tuple[QuestionResult | int, ...]


class GradingPacker:
    """The worker's end."""

    def __init__(self) -> None:
        self._numbers: IdentityCache[int] = IdentityCache(MAX_REMEMBERED_QUESTIONS)

    def pack(self, grading: Grading) -> PackedGrading:
        """Return the message for a grading. Every packed grading has to be sent, in this order."""
        return PackedGrading(replace(grading, questions=()), tuple(map(self._question, grading.questions)))

    def _question(self, question: QuestionResult) -> QuestionResult | int:
        if (number := self._numbers.get(question)) is not None:
            return number
        self._numbers.add(len(self._numbers) % MAX_REMEMBERED_QUESTIONS, question)  # a full cache starts again at 0
        return question


class GradingUnpacker:
    """The coordinator's end."""

    def __init__(self) -> None:
        self._kept: list[QuestionResult] = []

    def unpack(self, packed: PackedGrading) -> Grading:
        """Return the grading that was packed."""
        return replace(packed.grading, questions=tuple(map(self._question, packed.questions)))

    def _question(self, sent: QuestionResult | int) -> QuestionResult:
        if isinstance(sent, int):
            return self._kept[sent]
        if len(self._kept) == MAX_REMEMBERED_QUESTIONS:
            self._kept.clear()
        self._kept.append(sent)
        return sent
