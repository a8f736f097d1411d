"""Both kinds of carried errors at once: earlier outputs set right, and calls of wrong functions answered.

It is for an output whose own statement calls a wrong function with what an earlier wrong output gives: neither
correction alone makes its arguments right. An output earns its points if its own statements are right, whatever is
wrong before it, in this function or in others. Each function has a job of its own. During it, a function's calls are
not answered if one of their results could be handed in as any of the outputs that are asked for, earlier or later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from grader.core.judging.answer_overlap import could_answer
from grader.core.judging.carry_between import CarryBetween, WrongFunctions
from grader.core.judging.carry_forward import CarryForward, Rerun
from grader.core.judging.failed_calls import require_return
from grader.core.judging.grade_question import Answers
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import Case
from grader.core.judging.rerun_steps import RerunStep
from grader.core.questions.exercise import Exercise
from grader.core.results.grading import QuestionResult
from grader.core.wire.job import Answer, Job, JobResult, KnownCall


class CombinedRerun:
    """The rerun of one function with both corrections."""

    def __init__(self, exercise: Exercise, rerun: Rerun, answers: Answers) -> None:
        self._exercise = exercise
        self._rerun = rerun
        self._answers = answers

    def build_job(self, first_job: Job, outcome: JobResult) -> Job | None:
        """Return the job, limited to the rest of the submission's time; None if no time is left."""
        return self._rerun.build_job(first_job, outcome)

    def apply_answers(
        self, results: Iterable[QuestionResult], answers: Iterable[Answer], origins: NameOrigins
    ) -> tuple[QuestionResult, ...]:
        """Return the results with the rerun's verdicts; a function that still raises at its return has not returned."""
        before, given = tuple(results), tuple(answers)
        changed = self._rerun.apply_answers(before, given, origins)
        asked = dict(zip(self._rerun.keys, given, strict=True))  # the last part of a whole result
        known = {key: asked.get(key, replace(answer, results=())) for key, answer in self._answers.items()}
        questions = {question.id: question for question in self._exercise.questions}
        return tuple(
            new if new == old else require_return(questions[new.id], new, known, origins)
            for old, new in zip(before, changed, strict=True)
        )


class CarryCombined:
    """Plan the reruns with both corrections for one exercise."""

    def __init__(self, exercise: Exercise, forward: CarryForward, between: CarryBetween) -> None:
        self._exercise = exercise
        self._forward = forward
        self._between = between

    def plan_reruns(
        self, first: Iterable[QuestionResult], results: Iterable[QuestionResult], answers: Answers
    ) -> Iterator[CombinedRerun]:
        """Yield one rerun for each function that needs both corrections.

        `first` are the results before calls were answered, and `results` those since.
        """
        found = tuple(results)
        wrong = self._between.find_wrong_functions(first)
        if not wrong.functions:
            return
        plan = self._forward.plan_steps(found, answers)
        for function in dict.fromkeys(id(step.function) for step in plan.steps):
            steps = [step for step in plan.steps if id(step.function) == function]
            known = [self._list_known_calls(step, steps, wrong) for step in steps]
            if any(any(calls) for calls in known):
                yield CombinedRerun(self._exercise, self._forward.build_rerun(plan, steps, known), answers)

    def _list_known_calls(
        self, step: RerunStep, steps: Iterable[RerunStep], wrong: WrongFunctions
    ) -> list[tuple[KnownCall, ...]]:
        """Return the calls to answer in each case of a step: none with a result that answers it or a later one."""
        key = step.check_key
        later = [one for one in steps if one.number >= step.number or one.check.hidden != step.check.hidden]
        safe = set()
        for function in self._between.list_answerable(key, wrong):
            known = [call for calls in self._between.list_known_calls(key, [function]) for call in calls]
            cases = [(one.check, case) for one in later for case in _list_cases(one)]
            if not any(could_answer(call.result, check, case, call.args) for call in known for check, case in cases):
                safe.add(function)
        return self._between.list_known_calls(key, safe)


def _list_cases(step: RerunStep) -> list[Case]:
    """Return the cases of a step, with the part of the result that it asks for."""
    cases = step.function.cases[step.check.name]
    return [case if step.key is None else replace(case, expected=case.expected[step.key]) for case in cases]
