"""Gradings on their way from a worker to its coordinator: a question's result that comes again is sent once.

Most of a class answers the same, and a judge gives the same answers the very same result. Both ends count what they
keep in the same way, so that a number is enough.
"""

from dataclasses import dataclass, replace
from typing import Final

from grader.core.results.grading import Grading, QuestionResult

MAX_REMEMBERED_QUESTIONS: Final = 512
"""Results after which both ends begin anew."""


@dataclass(frozen=True)
class PackedGrading:
    """A grading without its questions, and those: each as it is, or by its number among those sent before."""

    grading: Grading
    questions: tuple[QuestionResult | int, ...]


class GradingPacker:
    """The worker's end."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._kept: list[QuestionResult] = []  # so that none of these ids is given to another

    def pack(self, grading: Grading) -> PackedGrading:
        """What to send for a grading. All that is packed has to be sent, in this order."""
        return PackedGrading(replace(grading, questions=()), tuple(map(self._question, grading.questions)))

    def _question(self, question: QuestionResult) -> QuestionResult | int:
        if (number := self._numbers.get(id(question))) is not None:
            return number
        if len(self._kept) == MAX_REMEMBERED_QUESTIONS:
            self._kept.clear()
            self._numbers.clear()
        self._numbers[id(question)] = len(self._kept)
        self._kept.append(question)
        return question


class GradingUnpacker:
    """The coordinator's end."""

    def __init__(self) -> None:
        self._kept: list[QuestionResult] = []

    def unpack(self, parcel: PackedGrading) -> Grading:
        """The grading that was packed."""
        return replace(parcel.grading, questions=tuple(map(self._question, parcel.questions)))

    def _question(self, sent: QuestionResult | int) -> QuestionResult:
        if isinstance(sent, int):
            return self._kept[sent]
        if len(self._kept) == MAX_REMEMBERED_QUESTIONS:
            self._kept.clear()
        self._kept.append(sent)
        return sent
