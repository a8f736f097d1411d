"""Error carried forward: checks that failed after an earlier error run again with the earlier outputs set right.

An output is judged by the result of its own statement for right tensors, so that one error costs its points once. For
each output, only its dependencies in the reference are set right, and no later output's values are in the child before
the earlier requests are answered: code never gets a tensor that it could still return as its own answer. A check of a
whole result, a dict or tuple of outputs, is judged part by part. Values from these runs are never shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.compare.tensors import compare
from grader.core.judging.grade_question import Answers, explain_output, group_by_output, judge_check
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, select_output
from grader.core.judging.reference_outline import ReferenceOutline, build_reference_outline, compute_expected_targets
from grader.core.questions.checks import RETURN_VALUE, Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.assignment_target import PathKey, Target
from grader.core.wire.job import ActionResult, Answer, Call, ExceptionInfo, Job, JobResult, Request, Status
from grader.core.wire.values import Value


@dataclass(frozen=True)
class _Function:
    """One function of a question, with its checks and their reference data."""

    question: Question
    name: str
    checks: tuple[Check, ...]
    outline: ReferenceOutline
    cases: Mapping[str, tuple[Case, ...]]

    def parts(self, check: Check) -> Mapping[PathKey, int]:
        """Return the targets of which the expected result of a check consists, if it is a whole one; none otherwise."""
        whole = self.cases[check.name][0].expected
        keys = set(whole) if isinstance(whole, dict) else set(range(len(whole))) if isinstance(whole, tuple) else set()
        return self.outline.parts if check.output == RETURN_VALUE and keys == self.outline.parts.keys() else {}

    def checks_of_target(self, number: int) -> list[Check]:
        """Return the checks of one target."""
        return [check for check in self.checks if self.outline.find_target(check.output) == number]


@dataclass(frozen=True)
class _Step:
    """One check to run again with all dependencies of a target set right; `key` is the part of a whole result."""

    function: _Function
    check: Check
    number: int
    key: PathKey | None = None


class CarryForward:
    """Plan reruns for one exercise; a question is analysed when a submission first fails in it."""

    def __init__(self, exercise: Exercise, judged_by: ReferenceData) -> None:
        self._requests = {(request.question, request.check): request for request in judged_by.requests}
        self._exercise = exercise
        self._judged_by = judged_by
        self._dependent_functions: dict[str, list[_Function]] = {}
        self._expected: dict[tuple[str, str], list[Mapping[str, Value]]] = {}

    def plan_rerun(self, results: Iterable[QuestionResult], answers: Answers) -> "Rerun | None":
        """Return the rerun after these results; None if nothing has to run again."""
        by_name = {(q.id, c.name): c for q in results for c in q.checks}
        failed = {question for (question, _), check in by_name.items() if check.verdict is not Verdict.PASSED}
        functions = [f for q in self._exercise.questions if q.id in failed for f in self._functions(q)]
        steps = [step for function in functions for step in _plan_steps(function, by_name, answers)]
        return Rerun(steps, tuple(self._request(step) for step in steps), answers) if steps else None

    def _functions(self, question: Question) -> list[_Function]:
        if question.id not in self._dependent_functions:
            self._dependent_functions[question.id] = list(_find_dependent_functions(question, self._judged_by))
        return self._dependent_functions[question.id]

    def _request(self, step: _Step) -> Request:
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
            )
            for case, tensors in zip(cases, self._expected[key], strict=True)
        )
        return replace(self._requests[key], actions=calls, stage=step.number)


class Rerun:
    """The rerun of one submission: its job, and the changes that its answers make to the results."""

    def __init__(self, steps: Sequence[_Step], requests: tuple[Request, ...], answers: Answers) -> None:
        self._steps = steps
        self._requests = requests
        self._answers = answers

    def build_job(self, first_job: Job, outcome: JobResult) -> Job | None:
        """Return the job, limited to the rest of the submission's time; None if no time is left.

        Cells that were stopped in the first job don't run again.
        """
        left = first_job.total_cpu - outcome.cpu
        if left <= 0 or any(answer.ended is Status.FAULT for answer in outcome.answers):
            return None
        cells = zip(first_job.cells, outcome.cells, strict=True)
        targets: dict[str, tuple[Target, ...]] = {s.function.name: s.function.outline.targets for s in self._steps}
        return replace(
            first_job,
            cells=tuple(cell if run.ended is Status.DONE else replace(cell, source="") for cell, run in cells),
            requests=self._requests,
            total_cpu=left,
            targets=targets,
        )

    def apply_answers(
        self, results: Iterable[QuestionResult], answers: Iterable[Answer], origins: NameOrigins
    ) -> tuple[QuestionResult, ...]:
        """Return the results with the rerun's verdicts and explanations."""
        by_function: dict[int, list[tuple[_Step, Answer]]] = {}
        for step, answer in zip(self._steps, answers, strict=True):
            by_function.setdefault(id(step.function), []).append((step, answer))
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
        function: _Function,
        pairs: Sequence[tuple[_Step, Answer]],
        answers: Answers,
        question: QuestionResult,
        origins: NameOrigins,
    ) -> None:
        self._function = function
        self._question = question
        self._origins = origins
        self._first = {c.name: answers[question.id, c.name] for c in function.checks}
        self._steps: dict[str, list[tuple[_Step, Answer]]] = {}
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
            elif result.verdict is Verdict.NOT_ATTEMPTED:  # the check's own blank is empty
                self._answers[name] = self._first[name]
        asked = [check for check in self._function.checks if self._is_new(check)]
        failed = [check for check in asked if results[check.name].verdict is not Verdict.PASSED]
        wrong = self._find_wrong_targets(results)
        for group in group_by_output(self._function.question, self._function.checks):
            results |= self._diagnose([check for check in group if check in failed], group, results)
        results |= {c.name: replace(results[c.name], carried=self._list_corrected_targets(c, wrong)) for c in asked}
        return replace(self._question, checks=tuple(results[check.name] for check in self._question.checks))

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
        explanation = explain_output(self._function.question, group, self._function.cases, self._answers)
        return {check.name: replace(results[check.name], explanation=explanation) for check in failed}

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
        """Return the labels of wrong targets that were set right for a check, without the parts of its own result."""
        targets = self._function.outline.targets
        set_right = {
            label for _, answer in self._steps[check.name] for result in answer.results for label in result.set_right
        }
        parts = self._function.parts(check).values()
        return tuple(targets[n].label for n in sorted(wrong) if n not in parts and targets[n].label in set_right)

    def _choose_answer(self, check: Check) -> Answer:
        """Return the rerun's answer for a check; the first answer if the rerun failed or set nothing right."""
        first = self._first[check.name]
        steps = self._steps.get(check.name, [])
        if not steps or any(answer.ended is not Status.DONE for _, answer in steps):
            return first
        if not any(result.set_right for _, answer in steps for result in answer.results):
            return first
        if steps[0][0].key is None:
            return Answer(results=steps[0][1].results)
        whole = [self._assemble(steps, case, result) for case, result in enumerate(first.results)]
        return Answer(results=tuple(one for one in whole if one)) if all(whole) else first

    def _assemble(self, steps: Sequence[tuple[_Step, Answer]], case: int, first: ActionResult) -> ActionResult | None:
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


def _find_dependent_functions(question: Question, judged_by: ReferenceData) -> Iterator[_Function]:
    """Yield the functions of a question in which one output can be wrong because of another."""
    checks = [c for c in question.checks if isinstance(c, Check) and (question.id, c.name) in judged_by.cases]
    for name in dict.fromkeys(map(question.function_of, checks)):
        own = tuple(check for check in checks if question.function_of(check) == name)
        found = build_reference_outline(question.reference_of(own[0]), (check.output for check in own))
        if len(found.targets) > 1:
            yield _Function(question, name, own, found, {c.name: judged_by.cases[question.id, c.name] for c in own})


def _plan_steps(
    function: _Function, results: Mapping[tuple[str, str], CheckResult], answers: Answers
) -> Iterator[_Step]:
    """Yield the checks to run again for a function: those that failed behind its first wrong target."""
    question, found = function.question, function.outline
    failed = [
        c for c in function.checks if _is_rerun_candidate(results[question.id, c.name], answers[question.id, c.name])
    ]
    wrong = [number for check in failed if (number := found.find_target(check.output)) is not None]
    if not wrong:
        return
    behind = {number for number, before in enumerate(found.before) if before.intersection(wrong)}
    for check in failed:
        number = found.find_target(check.output)
        if number is not None and number in behind:
            yield _Step(function, check, number)
        elif number is None and _is_right_apart_from(behind, function, check, answers[question.id, check.name]):
            parts = function.parts(check).items()
            yield from (_Step(function, check, number, key) for key, number in parts if number in behind)


def _is_rerun_candidate(result: CheckResult, answer: Answer) -> bool:
    """Tell whether a check ended with a wrong answer, an exception or a blank, perhaps because of an earlier output."""
    blank = isinstance(result.reason, ExceptionInfo) and result.reason.blank
    return answer.ended is Status.DONE and (
        result.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)
        or (result.verdict is Verdict.NOT_ATTEMPTED and blank)
    )


def _is_right_apart_from(behind: Collection[int], function: _Function, check: Check, answer: Answer) -> bool:
    """Tell whether the parts of a whole result for which nothing is set right were right in the first run."""
    for key, number in function.parts(check).items():
        output = function.outline.output(number, key)
        for case, result in zip(function.cases[check.name], answer.results, strict=True):
            part = case.expected[key] if number in behind else select_output(output, result)
            if isinstance(part, CallFailure) or compare(case.expected[key], part, case.widen(check.tolerance)).mismatch:
                return False
    return True
