"""Withhold points for checks that a trivial answer passes, until a check that none passes is passed too.

Zeros satisfy many a property, and an argument that nobody touched is unchanged. Such a check counts only together with
one that tells calculated answers from trivial ones: a check of the same output, or, where that output has none, of the
question. Where the question has none either, its checks count by themselves, and verification warns of it.
"""

from dataclasses import replace
from typing import Final

from grader.core.judging.answer_results import judge_answer
from grader.core.judging.case_mismatch import passes
from grader.core.judging.grade_question import judge_check
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import ReferenceData
from grader.core.judging.trivial_answers import TrivialAnswer, list_trivial_answers
from grader.core.questions.checks import AnswerCheck, AnyCheck, Check, TextCheck
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import Action, Answer, Call, Job

_NO_CELLS: Final = NameOrigins(Job((), ()), ())


class UnearnedPoints:
    """Withhold unearned points in the questions of one exercise; a question's checks are tried when first needed."""

    def __init__(self, exercise: Exercise, judged_by: ReferenceData) -> None:
        self._exercise = exercise
        self._judged_by = judged_by
        self._passed_trivially: dict[str, frozenset[str]] = {}

    def withhold(self, question: Question, result: QuestionResult) -> QuestionResult:
        """Return the result without points for passed checks that count only together with others."""
        verdicts = {check.verdict for check in result.checks}
        if Verdict.PASSED not in verdicts or len(verdicts) == 1:
            return result
        weak = self.find_weak_checks(question)
        if not weak:
            return result
        outputs = {check.name: self._get_output(question, check) for check in question.checks}
        telling = [check for check in result.checks if check.name not in weak and check.max_points > 0]
        checks = []
        for check in result.checks:
            if check.name in weak and check.verdict is Verdict.PASSED:
                beside = [other for other in telling if outputs[other.name] == outputs[check.name]] or telling
                if beside and not any(other.verdict in _COUNTING for other in beside):
                    check = replace(check, points=0.0)
            checks.append(check)
        return replace(result, checks=tuple(checks))

    def find_weak_checks(self, question: Question) -> frozenset[str]:
        """Return the names of the question's checks that some trivial answer passes."""
        if question.id not in self._passed_trivially:
            checks = {check.name: check for check in question.checks}
            self._passed_trivially[question.id] = frozenset(
                name
                for trivial in self.list_trivial_answers(question)
                for name, answer in trivial.answers.items()
                if self._is_passed(question, checks[name], answer)
            )
        return self._passed_trivially[question.id]

    def list_trivial_answers(self, question: Question) -> list[TrivialAnswer]:
        """Return the trivial answers to a question."""
        return list(list_trivial_answers(question, self._judged_by, self._exercise.solution_values))

    def judge_trivial_answer(self, question: Question, trivial: TrivialAnswer) -> QuestionResult:
        """Return the result of a trivial answer: of the checks that it is an answer to."""
        found = tuple(
            self._judge(question, check, trivial.answers[check.name])
            for check in question.checks
            if check.name in trivial.answers
        )
        return self.withhold(question, QuestionResult(question.id, str(question.kind), found))

    def _is_passed(self, question: Question, check: AnyCheck, answer: Answer) -> bool:
        if not isinstance(check, Check):
            return self._judge(question, check, answer).verdict is Verdict.PASSED
        return passes(check, self._judged_by.cases[question.id, check.name], answer.results)

    def _judge(self, question: Question, check: AnyCheck, answer: Answer) -> CheckResult:
        assert not isinstance(check, TextCheck)  # prose has no trivial answers
        if isinstance(check, AnswerCheck):
            return judge_answer(question.id, check, self._judged_by.probes[question.id, check.name], answer, _NO_CELLS)
        return judge_check(question, check, _NO_CELLS, self._judged_by.cases[question.id, check.name], answer)

    def _get_output(self, question: Question, check: AnyCheck) -> object:
        """Return what a check judges, so that checks of the same output have equal ones."""
        if isinstance(check, Check):
            output = check.output
            return question.function_of(check), output.source, output.name, output.path
        probe = self._judged_by.probes.get((question.id, check.name))
        return tuple(map(_get_action_name, probe.actions)) if probe else check.name


def _get_action_name(action: Action) -> str:
    return action.function if isinstance(action, Call) else action.name


_COUNTING: Final = (Verdict.PASSED, Verdict.GRADER_ERROR)
"""Verdicts with which a check supports others; a fault of the grader costs no points."""
