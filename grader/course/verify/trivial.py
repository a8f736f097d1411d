"""Answers without any calculation must earn nothing: trivial answers, and the template with None in its blanks."""

from collections.abc import Iterator

from grader.core.judging.unearned_points import UnearnedPoints
from grader.core.questions.exercise import Exercise
from grader.course.templates import make_template_with_none
from grader.course.verify.judge import VerificationJudge


def find_trivial_points(exercise: Exercise, judge: VerificationJudge) -> Iterator[str]:
    """Yield the questions in which an answer without any calculation earns points."""
    advice = "add a check that it fails"
    points = UnearnedPoints(exercise, judge.get_reference_data(exercise))
    for question in exercise.questions:
        scores = {
            trivial.name: points.judge_trivial_answer(question, trivial).score
            for trivial in points.list_trivial_answers(question)
        }
        best = max(scores, key=lambda name: scores[name], default="")
        if best and scores[best] > 0:
            where = f"{exercise.name}: {question.id}: the answer {best}"
            yield f"{where} earns {scores[best]:g} of {question.max_score:g} points: {advice}"
    for result in judge.judge(exercise, make_template_with_none(exercise)).questions:
        if result.score > 0:
            where = f"{exercise.name}: {result.id}: the template with None in its blanks"
            yield f"{where} earns {result.score:g} of {result.max_score:g} points: {advice}"
