"""Error carried forward: what failed after an earlier error is asked again, with the earlier outputs set right.

An output is judged by what its own statement makes of right tensors, so that one error costs its points once. Only
what goes into an output in the reference is set right for it, and nothing of a later one is in the child before the
earlier ones are answered: no tensor is given to code that could still hand it in. A check of a whole result, a dict or
tuple of outputs, is judged by its parts, each on its own. What came back here is never shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.compare.tensors import compare
from grader.core.judging.grade_question import Answers, diagnose_output, group_by_output, judge_check
from grader.core.judging.missing_names import MissingNames
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, select_output
from grader.core.judging.reference_outline import ReferenceOutline, build_reference_outline, compute_expected_targets
from grader.core.questions.checks import RETURN_VALUE, Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.assignment_target import PathKey, Target
from grader.core.wire.job import ActionResult, Answer, Call, Job, JobResult, Request, Status
from grader.core.wire.values import Value


@dataclass(frozen=True)
class _Function:
    """One function of a question, with all that its checks are judged against."""

    question: Question
    name: str
    checks: tuple[Check, ...]
    outline: ReferenceOutline
    cases: Mapping[str, tuple[Case, ...]]

    def parts(self, check: Check) -> Mapping[PathKey, int]:
        """The targets that the expected result of a check is made of, if it is a whole one; else none."""
        whole = self.cases[check.name][0].expected
        keys = set(whole) if isinstance(whole, dict) else set(range(len(whole))) if isinstance(whole, tuple) else set()
        return self.outline.parts if check.output == RETURN_VALUE and keys == self.outline.parts.keys() else {}

    def checks_of_target(self, number: int) -> list[Check]:
        """The checks of one target."""
        return [check for check in self.checks if self.outline.find_target(check.output) == number]


@dataclass(frozen=True)
class _Step:
    """One check asked again, with all that goes into a target set right; `key`: of its whole result, that part."""

    function: _Function
    check: Check
    number: int
    key: PathKey | None = None


class CarryForward:
    """What can be carried forward in one exercise; worked out of a question when a submission first fails in it."""

    def __init__(self, exercise: Exercise, judged_by: ReferenceData) -> None:
        self._requests = {(request.question, request.check): request for request in judged_by.requests}
        self._exercise = exercise
        self._judged_by = judged_by
        self._dependent_functions: dict[str, list[_Function]] = {}
        self._expected: dict[tuple[str, str], list[Mapping[str, Value]]] = {}

    def plan_rerun(self, results: Iterable[QuestionResult], answers: Answers) -> "Rerun | None":
        """What is to be asked again after these results; None where nothing is."""
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
    """The steps of one submission: a job that asks them, and how what comes back changes the results."""

    def __init__(self, steps: Sequence[_Step], requests: tuple[Request, ...], answers: Answers) -> None:
        self._steps = steps
        self._requests = requests
        self._answers = answers

    def build_job(self, first: Job, outcome: JobResult) -> Job | None:
        """The job, within what the first one has left of the submission's time; None where that is nothing.

        Cells that were stopped then aren't run again.
        """
        left = first.total_cpu - outcome.cpu
        if left <= 0 or any(answer.ended is Status.FAULT for answer in outcome.answers):
            return None
        cells = zip(first.cells, outcome.cells, strict=True)
        targets: dict[str, tuple[Target, ...]] = {s.function.name: s.function.outline.targets for s in self._steps}
        return replace(
            first,
            cells=tuple(cell if run.ended is Status.DONE else replace(cell, source="") for cell, run in cells),
            requests=self._requests,
            total_cpu=left,
            targets=targets,
        )

    def apply_answers(
        self, results: Iterable[QuestionResult], came: Iterable[Answer], absences: MissingNames
    ) -> tuple[QuestionResult, ...]:
        """The results with what is right on its own, and how the rest is wrong on its own."""
        taken: dict[int, list[tuple[_Step, Answer]]] = {}
        for step, answer in zip(self._steps, came, strict=True):
            taken.setdefault(id(step.function), []).append((step, answer))
        changed = list(results)
        for pairs in taken.values():
            function = pairs[0][0].function
            place = next(i for i, result in enumerate(changed) if result.id == function.question.id)
            changed[place] = _FunctionRerun(function, pairs, self._answers, changed[place], absences).merge()
        return tuple(changed)


class _FunctionRerun:
    """What came back for one function, on its way into a question's result."""

    def __init__(
        self,
        function: _Function,
        pairs: Sequence[tuple[_Step, Answer]],
        answers: Answers,
        question: QuestionResult,
        absences: MissingNames,
    ) -> None:
        self._function = function
        self._question = question
        self._absences = absences
        self._first = {c.name: answers[question.id, c.name] for c in function.checks}
        self._steps: dict[str, list[tuple[_Step, Answer]]] = {}
        for step, answer in pairs:
            self._steps.setdefault(step.check.name, []).append((step, answer))
        self._answers = {check.name: self._choose_answer(check) for check in function.checks}

    def merge(self) -> QuestionResult:
        """The question's result with all that changes."""
        results = {check.name: check for check in self._question.checks}
        second = {check.name: self._judge_again(check) for check in self._function.checks if self._is_new(check)}
        for name, result in second.items():
            if result.verdict is Verdict.PASSED:
                results[name] = replace(result, remarks=(), printed=results[name].printed)
            elif result.verdict is Verdict.NOT_ATTEMPTED:  # its own blank is empty
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
        """The result of a check on its own."""
        cases = self._function.cases[check.name]
        return judge_check(self._function.question, check, self._absences, cases, self._answers[check.name])

    def _diagnose(
        self, failed: Sequence[Check], group: Sequence[Check], results: Mapping[str, CheckResult]
    ) -> dict[str, CheckResult]:
        if not failed or any(self._answers[check.name].ended is not Status.DONE for check in group):
            return {}
        mistake, related = diagnose_output(self._function.question, group, self._function.cases, self._answers)
        return {check.name: replace(results[check.name], mistake=mistake, relation=related) for check in failed}

    def _find_wrong_targets(self, results: Mapping[str, CheckResult]) -> set[int]:
        """The targets that are wrong on their own."""
        numbers = range(len(self._function.outline.targets))
        failed = {name for name, result in results.items() if result.verdict is not Verdict.PASSED}
        return {
            number
            for number in numbers
            if any(check.name in failed for check in self._function.checks_of_target(number))
        }

    def _list_corrected_targets(self, check: Check, wrong: Iterable[int]) -> tuple[str, ...]:
        """Which wrong targets were set right for a check; not those that it is made of itself."""
        targets = self._function.outline.targets
        taken = {label for _, answer in self._steps[check.name] for came in answer.returned for label in came.set_right}
        parts = self._function.parts(check).values()
        return tuple(targets[n].label for n in sorted(wrong) if n not in parts and targets[n].label in taken)

    def _choose_answer(self, check: Check) -> Answer:
        """What came back for a check on its own; the first answer where nothing did, or nothing was set right."""
        first = self._first[check.name]
        steps = self._steps.get(check.name, [])
        if not steps or any(answer.ended is not Status.DONE for _, answer in steps):
            return first
        if not any(came.set_right for _, answer in steps for came in answer.returned):
            return first
        if steps[0][0].key is None:
            return Answer(returned=steps[0][1].returned)
        whole = [self._assemble(steps, case, came) for case, came in enumerate(first.returned)]
        return Answer(returned=tuple(one for one in whole if one)) if all(whole) else first

    def _assemble(self, steps: Sequence[tuple[_Step, Answer]], case: int, first: ActionResult) -> ActionResult | None:
        """A whole result made of parts, each on its own; None where one is missing."""
        outline = self._function.outline
        came = {step.number: answer.returned[case] for step, answer in steps}
        last = came[max(came)]
        parts = {key: select_output(outline.output(n, key), came.get(n, first)) for key, n in outline.parts.items()}
        if last.raised or any(isinstance(part, CallFailure) for part in parts.values()):
            return None
        if isinstance(last.value, dict):
            return replace(last, value={**last.value, **parts})
        if isinstance(last.value, tuple | list) and len(last.value) == len(parts):
            return replace(last, value=type(last.value)(parts[key] for key in range(len(parts))))
        return None


def _find_dependent_functions(question: Question, judged_by: ReferenceData) -> Iterator[_Function]:
    """The functions of a question in which one output can be wrong because of another."""
    checks = [c for c in question.checks if isinstance(c, Check) and (question.id, c.name) in judged_by.cases]
    for name in dict.fromkeys(map(question.function_of, checks)):
        own = tuple(check for check in checks if question.function_of(check) == name)
        found = build_reference_outline(question.reference_of(own[0]), (check.output for check in own))
        if len(found.targets) > 1:
            yield _Function(question, name, own, found, {c.name: judged_by.cases[question.id, c.name] for c in own})


def _plan_steps(
    function: _Function, results: Mapping[tuple[str, str], CheckResult], answers: Answers
) -> Iterator[_Step]:
    """What is to be asked again of a function: whatever failed behind the first target that is wrong."""
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
    """It came to an end and is wrong, raised an exception, or met an empty blank: perhaps not its own."""
    blank = result.raised is not None and result.raised.blank
    return answer.ended is Status.DONE and (
        result.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)
        or (result.verdict is Verdict.NOT_ATTEMPTED and blank)
    )


def _is_right_apart_from(behind: Collection[int], function: _Function, check: Check, answer: Answer) -> bool:
    """The parts of a whole result that nothing is set right for are right as they came."""
    for key, number in function.parts(check).items():
        output = function.outline.output(number, key)
        for case, came in zip(function.cases[check.name], answer.returned, strict=True):
            part = case.expected[key] if number in behind else select_output(output, came)
            if isinstance(part, CallFailure) or compare(case.expected[key], part, check.tolerance).mismatch:
                return False
    return True
