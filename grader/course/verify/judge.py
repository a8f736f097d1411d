"""The judge that verification needs; `grader.grading.verification_judge` is one."""

from collections.abc import Callable
from typing import Protocol

from grader.core.judging.reference_data import ReferenceData
from grader.core.questions.exercise import Exercise
from grader.core.results.grading import Grading
from grader.core.wire.submission import ParsedSubmission


class VerificationJudge(Protocol):
    """Grades submissions of a course, also with the results of their functions cast to another dtype."""

    def judge(self, exercise: Exercise, program: ParsedSubmission, dtype: str = "") -> Grading:
        """Grade a submission. With a `dtype`, all floats that its functions give are converted to it.

        The exercise may come with some of its questions or known mistakes only: these are judged, against the data of
        all.
        """

    def get_reference_data(self, exercise: Exercise) -> ReferenceData:
        """Return the data that an exercise's submissions are judged against."""


JudgeFactory = Callable[[bytes], VerificationJudge]
"""Makes a judge with a secret."""
