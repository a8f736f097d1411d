"""Error carried forward: checks that failed after an earlier error run again with the earlier outputs set right.

An output is judged by the result of its own statement for right tensors, so that one error costs its points once. For
each output, only its dependencies in the reference are set right, and no later output's values are in the child before
the earlier requests are answered: code never gets a tensor that it could still return as its own answer. After an
exception, the function goes on with its next statement, so that a line that raises costs only what follows from it. A
check of a whole result, a dict or tuple of outputs, is judged part by part. Values from these runs are never shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.judging.arrange_answers import arrange_answer, find_order
from grader.core.judging.explain_answers import explain_answers, group_by_output
from grader.core.judging.grade_question import Answers, judge_check
from grader.core.judging.item_order import ItemOrder
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import CallFailure, ReferenceData, select_output
from grader.core.judging.reference_outline import compute_expected_targets
from grader.core.judging.rerun_job import build_rerun_job
from grader.core.judging.rerun_steps import (
    JudgedFunction,
    RerunStep,
    find_dependent_functions,
    has_raised,
    plan_steps,
)
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.assignment_target import Target
from grader.core.wire.job import ActionResult, Answer, Call, Job, JobResult, KnownCall, Request, Status
from grader.core.wire.values import Value

StepCalls = Sequence[tuple[KnownCall, ...]]
"""For each case of a step: calls of other functions that are answered. It may be empty."""


class CarryForward:
    """Plan reruns for one exercise; a question is analysed when a submission first fails in it."""

    def __init__(self, exercise: Exercise, judged_by: ReferenceData) -> None:
        self._requests = {(request.question, request.check): request for request in judged_by.requests}
        self._exercise = exercise
        self._judged_by = judged_by
        self._dependent_functions: dict[str, list[JudgedFunction]] = {}
        self._expected: dict[tuple[str, str], list[Mapping[str, Value]]] = {}

    def plan_rerun(self, results: Iterable[QuestionResult], answers: Answers) -> "Rerun | None":
        """Return the rerun after these results; None if nothing has to run again."""
        plan = self.plan_steps(results, answers)
        return self.build_rerun(plan, plan.steps) if plan.steps else None

    def plan_steps(self, results: Iterable[QuestionResult], answers: Answers) -> "RerunPlan":
        """Return the checks to run again after these results."""
        by_name = {(q.id, c.name): c for q in results for c in q.checks}
        failed = {question for (question, _), check in by_name.items() if check.verdict is not Verdict.PASSED}
        functions = [f for q in self._exercise.questions if q.id in failed for f in self._functions(q)]
        arranged = dict(answers)
        orders: dict[int, ItemOrder | None] = {}
        for f in functions:
            given = {check.name: answers[f.question.id, check.name] for check in f.checks}
            order = orders[id(f)] = find_order(f.question, f.checks, f.cases, given)
            for check in f.checks:
                found = arrange_answer(check, f.cases[check.name], given[check.name], order)
                arranged[f.question.id, check.name] = found.answer
        steps = tuple(step for function in functions for step in plan_steps(function, by_name, arranged))
        return RerunPlan(steps, arranged, orders)

    def build_rerun(
        self, plan: "RerunPlan", steps: Sequence[RerunStep], known_calls: Sequence[StepCalls] | None = None
    ) -> "Rerun":
        """Return the rerun of some steps of a plan, with these calls of other functions answered."""
        calls = known_calls or [()] * len(steps)
        requests = tuple(self._request(step, known) for step, known in zip(steps, calls, strict=True))
        return Rerun(steps, requests, plan.answers, plan.orders)

    def _functions(self, question: Question) -> list[JudgedFunction]:
        if question.id not in self._dependent_functions:
            self._dependent_functions[question.id] = list(find_dependent_functions(question, self._judged_by))
        return self._dependent_functions[question.id]

    def _request(self, step: RerunStep, known_calls: StepCalls) -> Request:
        question, check, found = step.function.question, step.check, step.function.outline
        key = question.id, check.name
        cases = step.function.cases[check.name]
        if key not in self._expected:
            reference = question.reference_of(check)
            assert reference
            self._expected[key] = [compute_expected_targets(reference, case.args, found.targets) for case in cases]
        output = check.output if step.key is None else found.output(step.number, step.key)
        before = [found.targets[n].label for n in sorted(found.before[step.number])]
        calls = tuple(
            Call(
                step.function.name,
                case.args,
                output.locals,
                set_right={label: tensors[label] for label in before if label in tensors},
                roles=output.roles,
                part=output.part,
                known_calls=known,
            )
            for case, tensors, known in zip(cases, self._expected[key], known_calls or [()] * len(cases), strict=True)
        )
        return replace(self._requests[key], actions=calls, stage=step.number)


@dataclass(frozen=True)
class RerunPlan:
    """The steps of a rerun, with the answers so far, and the order of items by the function's identity."""

    steps: tuple[RerunStep, ...]
    answers: Answers
    orders: Mapping[int, ItemOrder | None]


class Rerun:
    """The rerun of one submission: its job, and the changes that its answers make to the results."""

    def __init__(
        self,
        steps: Sequence[RerunStep],
        requests: tuple[Request, ...],
        answers: Answers,
        orders: Mapping[int, ItemOrder | None],
    ) -> None:
        self._steps = steps
        self._requests = requests
        self._answers = answers
        self._orders = orders

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The question and check of each request."""
        return tuple(step.check_key for step in self._steps)

    def build_job(self, first_job: Job, outcome: JobResult) -> Job | None:
        """Return the job, limited to the rest of the submission's time; None if no time is left."""
        targets: dict[str, tuple[Target, ...]] = {s.function.name: s.function.outline.targets for s in self._steps}
        return build_rerun_job(first_job, outcome, self._requests, targets)

    def apply_answers(
        self, results: Iterable[QuestionResult], answers: Iterable[Answer], origins: NameOrigins
    ) -> tuple[QuestionResult, ...]:
        """Return the results with the rerun's verdicts and explanations."""
        by_function: dict[int, list[tuple[RerunStep, Answer]]] = {}
        for step, answer in zip(self._steps, answers, strict=True):
            cases, order = step.function.cases[step.check.name], self._orders[id(step.function)]
            arranged = arrange_answer(step.check, cases, answer, order).answer
            by_function.setdefault(id(step.function), []).append((step, arranged))
        changed = list(results)
        for pairs in by_function.values():
            function = pairs[0][0].function
            place = next(i for i, result in enumerate(changed) if result.id == function.question.id)
            changed[place] = _FunctionRerun(function, pairs, self._answers, changed[place], origins).merge()
        return tuple(changed)


class _FunctionRerun:
    """Merge the rerun's answers for one function into a question's result."""

    def __init__(
        self,
        function: JudgedFunction,
        pairs: Sequence[tuple[RerunStep, Answer]],
        answers: Answers,
        question: QuestionResult,
        origins: NameOrigins,
    ) -> None:
        self._function = function
        self._question = question
        self._origins = origins
        self._first = {c.name: answers[question.id, c.name] for c in function.checks}
        self._steps: dict[str, list[tuple[RerunStep, Answer]]] = {}
        for step, answer in pairs:
            self._steps.setdefault(step.check.name, []).append((step, answer))
        self._answers = {check.name: self._choose_answer(check) for check in function.checks}

    def merge(self) -> QuestionResult:
        """Return the question's result with all changes."""
        results = {check.name: check for check in self._question.checks}
        second = {check.name: self._judge_again(check) for check in self._function.checks if self._is_new(check)}
        for name, result in second.items():
            if result.verdict is Verdict.PASSED:
                results[name] = replace(result, remarks=(), printed=results[name].printed)
            elif result.verdict is Verdict.NOT_ATTEMPTED or self._is_empty(name):  # the output's own line failed
                self._answers[name] = self._first[name]
        asked = [check for check in self._function.checks if self._is_new(check)]
        failed = [check for check in asked if results[check.name].verdict is not Verdict.PASSED]
        wrong = self._find_wrong_targets(results)
        for group in group_by_output(self._function.question, self._function.checks):
            results |= self._diagnose([check for check in group if check in failed], group, results)
        results |= {c.name: replace(results[c.name], carried=self._list_corrected_targets(c, wrong)) for c in asked}
        return replace(self._question, checks=tuple(results[check.name] for check in self._question.checks))

    def _is_empty(self, name: str) -> bool:
        """Tell whether an output has no value in the rerun, because its own blank is empty, or its own line raises."""
        (check,) = (check for check in self._function.checks if check.name == name)
        found = (select_output(check.output, result) for result in self._answers[name].results)
        return all(value is None or isinstance(value, CallFailure) for value in found)

    def _is_new(self, check: Check) -> bool:
        return self._answers[check.name] is not self._first[check.name]

    def _judge_again(self, check: Check) -> CheckResult:
        """Return the result of a check by the chosen answer."""
        cases = self._function.cases[check.name]
        return judge_check(self._function.question, check, self._origins, cases, self._answers[check.name])

    def _diagnose(
        self, failed: Sequence[Check], group: Sequence[Check], results: Mapping[str, CheckResult]
    ) -> dict[str, CheckResult]:
        if not failed or any(self._answers[check.name].ended is not Status.DONE for check in group):
            return {}
        names = [check.name for check in failed]
        found = explain_answers(self._function.question, group, names, self._function.cases, self._answers)
        return {name: replace(results[name], explanations=found.get(name, ())) for name in names}

    def _find_wrong_targets(self, results: Mapping[str, CheckResult]) -> set[int]:
        """Return the targets that are wrong even with their dependencies set right."""
        numbers = range(len(self._function.outline.targets))
        failed = {name for name, result in results.items() if result.verdict is not Verdict.PASSED}
        return {
            number
            for number in numbers
            if any(check.name in failed for check in self._function.checks_of_target(number))
        }

    def _list_corrected_targets(self, check: Check, wrong: Iterable[int]) -> tuple[str, ...]:
        """Return what was wrong and set right for a check: labels of targets, and functions with answered calls.

        The parts of its own result are left out.
        """
        targets = self._function.outline.targets
        set_right = {
            label for _, answer in self._steps[check.name] for result in answer.results for label in result.set_right
        }
        parts = self._function.parts(check).values()
        labels = [targets[n].label for n in sorted(wrong) if n not in parts and targets[n].label in set_right]
        called = dict.fromkeys(name for _, answer in self._steps[check.name] for name in answer.answered_calls)
        return (*labels, *called)

    def _choose_answer(self, check: Check) -> Answer:
        """Return the rerun's answer for a check; the first answer if the rerun failed or changed nothing."""
        first = self._first[check.name]
        steps = self._steps.get(check.name, [])
        if not steps or any(answer.ended is not Status.DONE for _, answer in steps):
            return first
        if not has_raised(first) and not any(result.set_right for _, answer in steps for result in answer.results):
            return first
        if steps[0][0].key is None:
            return Answer(results=steps[0][1].results)
        whole = [self._assemble(steps, case, result) for case, result in enumerate(first.results)]
        return Answer(results=tuple(one for one in whole if one)) if all(whole) else first

    def _assemble(
        self, steps: Sequence[tuple[RerunStep, Answer]], case: int, first: ActionResult
    ) -> ActionResult | None:
        """Return a whole result assembled from its parts' reruns; None if a part is missing."""
        outline = self._function.outline
        results = {step.number: answer.results[case] for step, answer in steps}
        last = results[max(results)]
        parts = {key: select_output(outline.output(n, key), results.get(n, first)) for key, n in outline.parts.items()}
        if last.raised or any(isinstance(part, CallFailure) for part in parts.values()):
            return None
        if isinstance(last.value, dict):
            return replace(last, value={**last.value, **parts})
        if isinstance(last.value, tuple | list) and len(last.value) == len(parts):
            return replace(last, value=type(last.value)(parts[key] for key in range(len(parts))))
        return None
