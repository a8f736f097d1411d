"""The precision of an answer decides nothing: solutions pass in float32, and mistakes earn no more in any dtype.

Results are cast after the functions have run, as by a last `astype`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from grader.core.judging.case_mismatch import find_nonfinite
from grader.core.judging.cast_values import cast_floats
from grader.core.questions.exercise import Exercise
from grader.core.results.grading import Grading
from grader.core.results.verdict import Verdict
from grader.course.templates import make_mistaken_submission, make_solved_submission
from grader.course.verify.judge import VerificationJudge

_MISTAKEN_DTYPES: Final = ("float32", "float16")


def find_precision_problems(exercise: Exercise, judge: VerificationJudge) -> Iterator[str]:
    """Yield the checks that the solution fails in float32, and the mistakes that earn more in another dtype."""
    cases = judge.get_reference_data(exercise).cases
    for question in judge.judge(exercise, make_solved_submission(exercise), "float32").questions:
        for check in question.checks:
            expected = [case.expected for case in cases.get((question.id, check.name), ())]
            overflows = any(find_nonfinite(cast_floats(value, np.dtype("float32"))) for value in expected)
            if check.verdict is not Verdict.PASSED and not overflows:
                where = f"{exercise.name}: {question.id}: check {check.name}"
                yield f"{where}: the solution cast to float32 doesn't pass: allow for errors of 1e-5"
    for asked in exercise.questions:
        alone = replace(exercise, questions=(replace(asked, mistakes=()),))  # for its score: nothing is explained
        for mistake in asked.mistakes:
            program = make_mistaken_submission(exercise, {asked.id: mistake.name})
            score = _get_score(judge.judge(exercise, program), asked.id)
            for dtype in _MISTAKEN_DTYPES:
                more = judge.judge(alone, program, dtype).score - score
                if more > 0:
                    where = f"{exercise.name}: {asked.id}: the mistake {mistake.name} cast to {dtype}"
                    advice = "choose a smaller tolerance, or results that aren't round"
                    yield f"{where} earns {more:g} points more: {advice}"


def _get_score(grading: Grading, question: str) -> float:
    return next(result.score for result in grading.questions if result.id == question)
