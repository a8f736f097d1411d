"""Error carried forward: what failed after an earlier error is asked again, with the earlier outputs set right.

An output is judged by what its own statement makes of right tensors, so that one error costs its points once. Only
what goes into an output in the reference is set right for it, and nothing of a later one is in the child before the
earlier ones are answered: no tensor is given to code that could still hand it in. A check of a whole result, a dict or
tuple of outputs, is judged by its parts, each on its own. What came back here is never shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.compare.tensors import compare
from grader.core.judging.grade_question import Answers, by_output, diagnosis, result_of
from grader.core.judging.missing_names import Absences
from grader.core.judging.reference_data import Bank, Case, Failed, select
from grader.core.judging.reference_outline import Outline, expected, outline
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import RETURNED, Check, Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.assignment_target import Key, Target
from grader.core.wire.job import Answer, Call, Ended, Job, Outcome, Request, Returned
from grader.core.wire.values import Value


@dataclass(frozen=True)
class _Function:
    """One function of a question, with all that its checks are judged against."""

    question: Question
    name: str
    checks: tuple[Check, ...]
    outline: Outline
    cases: Mapping[str, tuple[Case, ...]]

    def parts(self, check: Check) -> Mapping[Key, int]:
        """The targets that the expected result of a check is made of, if it is a whole one; else none."""
        whole = self.cases[check.name][0].expected
        keys = set(whole) if isinstance(whole, dict) else set(range(len(whole))) if isinstance(whole, tuple) else set()
        return self.outline.parts if check.output == RETURNED and keys == self.outline.parts.keys() else {}

    def own(self, number: int) -> list[Check]:
        """The checks of one target."""
        return [check for check in self.checks if self.outline.number(check.output) == number]


@dataclass(frozen=True)
class _Step:
    """One check asked again, with all that goes into a target set right; `key`: of its whole result, that part."""

    function: _Function
    check: Check
    number: int
    key: Key | None = None


class Carrying:
    """What can be carried forward in one exercise; worked out of a question when a submission first fails in it."""

    def __init__(self, exercise: Exercise, judged_by: Bank) -> None:
        self._requests = {(request.question, request.check): request for request in judged_by.requests}
        self._exercise = exercise
        self._judged_by = judged_by
        self._known: dict[str, list[_Function]] = {}
        self._expected: dict[tuple[str, str], list[Mapping[str, Value]]] = {}

    def again(self, results: Iterable[QuestionResult], answers: Answers) -> "Again | None":
        """What is to be asked again after these results; None where nothing is."""
        by_name = {(q.id, c.name): c for q in results for c in q.checks}
        failed = {question for (question, _), check in by_name.items() if check.verdict is not Verdict.PASSED}
        functions = [f for q in self._exercise.questions if q.id in failed for f in self._functions(q)]
        steps = [step for function in functions for step in _steps(function, by_name, answers)]
        return Again(steps, tuple(self._request(step) for step in steps), answers) if steps else None

    def _functions(self, question: Question) -> list[_Function]:
        if question.id not in self._known:
            self._known[question.id] = list(_functions(question, self._judged_by))
        return self._known[question.id]

    def _request(self, step: _Step) -> Request:
        question, check, found = step.function.question, step.check, step.function.outline
        key = question.id, check.name
        cases = step.function.cases[check.name]
        if key not in self._expected:
            reference = question.reference_of(check)
            assert reference
            self._expected[key] = [expected(reference, case.args, found.targets) for case in cases]
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


class Again:
    """The steps of one submission: a job that asks them, and how what comes back changes the results."""

    def __init__(self, steps: Sequence[_Step], requests: tuple[Request, ...], answers: Answers) -> None:
        self._steps = steps
        self._requests = requests
        self._answers = answers

    def job(self, first: Job, outcome: Outcome) -> Job | None:
        """The job, within what the first one has left of the submission's time; None where that is nothing.

        Cells that were stopped then aren't run again.
        """
        left = first.total_cpu - outcome.cpu
        if left <= 0 or any(answer.ended is Ended.FAULT for answer in outcome.answers):
            return None
        cells = zip(first.cells, outcome.cells, strict=True)
        targets: dict[str, tuple[Target, ...]] = {s.function.name: s.function.outline.targets for s in self._steps}
        return replace(
            first,
            cells=tuple(cell if run.ended is Ended.DONE else replace(cell, source="") for cell, run in cells),
            requests=self._requests,
            total_cpu=left,
            targets=targets,
        )

    def judged(
        self, results: Iterable[QuestionResult], came: Iterable[Answer], absences: Absences
    ) -> tuple[QuestionResult, ...]:
        """The results with what is right on its own, and how the rest is wrong on its own."""
        taken: dict[int, list[tuple[_Step, Answer]]] = {}
        for step, answer in zip(self._steps, came, strict=True):
            taken.setdefault(id(step.function), []).append((step, answer))
        changed = list(results)
        for pairs in taken.values():
            function = pairs[0][0].function
            place = next(i for i, result in enumerate(changed) if result.id == function.question.id)
            changed[place] = _Carried(function, pairs, self._answers, changed[place], absences).result()
        return tuple(changed)


class _Carried:
    """What came back for one function, on its way into a question's result."""

    def __init__(
        self,
        function: _Function,
        pairs: Sequence[tuple[_Step, Answer]],
        answers: Answers,
        question: QuestionResult,
        absences: Absences,
    ) -> None:
        self._function = function
        self._question = question
        self._absences = absences
        self._first = {c.name: answers[question.id, c.name] for c in function.checks}
        self._steps: dict[str, list[tuple[_Step, Answer]]] = {}
        for step, answer in pairs:
            self._steps.setdefault(step.check.name, []).append((step, answer))
        self._came = {check.name: self._answer(check) for check in function.checks}

    def result(self) -> QuestionResult:
        """The question's result with all that changes."""
        results = {check.name: check for check in self._question.checks}
        second = {check.name: self._second(check) for check in self._function.checks if self._is_new(check)}
        for name, result in second.items():
            if result.verdict is Verdict.PASSED:
                results[name] = replace(result, remarks=(), printed=results[name].printed)
            elif result.verdict is Verdict.NOT_ATTEMPTED:  # its own blank is empty
                self._came[name] = self._first[name]
        asked = [check for check in self._function.checks if self._is_new(check)]
        failed = [check for check in asked if results[check.name].verdict is not Verdict.PASSED]
        wrong = self._wrong(results)
        for group in by_output(self._function.question, self._function.checks):
            results |= self._diagnosed([check for check in group if check in failed], group, results)
        results |= {c.name: replace(results[c.name], carried=self._set_right(c, wrong)) for c in asked}
        return replace(self._question, checks=tuple(results[check.name] for check in self._question.checks))

    def _is_new(self, check: Check) -> bool:
        return self._came[check.name] is not self._first[check.name]

    def _second(self, check: Check) -> CheckResult:
        """The result of a check on its own."""
        cases = self._function.cases[check.name]
        return result_of(self._function.question, check, self._absences, cases, self._came[check.name])

    def _diagnosed(
        self, failed: Sequence[Check], group: Sequence[Check], results: Mapping[str, CheckResult]
    ) -> dict[str, CheckResult]:
        if not failed or any(self._came[check.name].ended is not Ended.DONE for check in group):
            return {}
        mistake, related = diagnosis(self._function.question, group, self._function.cases, self._came)
        return {check.name: replace(results[check.name], mistake=mistake, relation=related) for check in failed}

    def _wrong(self, results: Mapping[str, CheckResult]) -> set[int]:
        """The targets that are wrong on their own."""
        numbers = range(len(self._function.outline.targets))
        failed = {name for name, result in results.items() if result.verdict is not Verdict.PASSED}
        return {number for number in numbers if any(check.name in failed for check in self._function.own(number))}

    def _set_right(self, check: Check, wrong: Iterable[int]) -> tuple[str, ...]:
        """Which wrong targets were set right for a check; not those that it is made of itself."""
        targets = self._function.outline.targets
        taken = {label for _, answer in self._steps[check.name] for came in answer.returned for label in came.set_right}
        parts = self._function.parts(check).values()
        return tuple(targets[n].label for n in sorted(wrong) if n not in parts and targets[n].label in taken)

    def _answer(self, check: Check) -> Answer:
        """What came back for a check on its own; the first answer where nothing did, or nothing was set right."""
        first = self._first[check.name]
        steps = self._steps.get(check.name, [])
        if not steps or any(answer.ended is not Ended.DONE for _, answer in steps):
            return first
        if not any(came.set_right for _, answer in steps for came in answer.returned):
            return first
        if steps[0][0].key is None:
            return Answer(returned=steps[0][1].returned)
        whole = [self._assembled(steps, case, came) for case, came in enumerate(first.returned)]
        return Answer(returned=tuple(one for one in whole if one)) if all(whole) else first

    def _assembled(self, steps: Sequence[tuple[_Step, Answer]], case: int, first: Returned) -> Returned | None:
        """A whole result made of parts, each on its own; None where one is missing."""
        outline = self._function.outline
        came = {step.number: answer.returned[case] for step, answer in steps}
        last = came[max(came)]
        parts = {key: select(outline.output(n, key), came.get(n, first)) for key, n in outline.parts.items()}
        if last.raised or any(isinstance(part, Failed) for part in parts.values()):
            return None
        if isinstance(last.value, dict):
            return replace(last, value={**last.value, **parts})
        if isinstance(last.value, tuple | list) and len(last.value) == len(parts):
            return replace(last, value=type(last.value)(parts[key] for key in range(len(parts))))
        return None


def _functions(question: Question, judged_by: Bank) -> Iterator[_Function]:
    """The functions of a question in which one output can be wrong because of another."""
    checks = [c for c in question.checks if isinstance(c, Check) and (question.id, c.name) in judged_by.cases]
    for name in dict.fromkeys(map(question.function_of, checks)):
        own = tuple(check for check in checks if question.function_of(check) == name)
        found = outline(question.reference_of(own[0]), (check.output for check in own))
        if len(found.targets) > 1:
            yield _Function(question, name, own, found, {c.name: judged_by.cases[question.id, c.name] for c in own})


def _steps(function: _Function, results: Mapping[tuple[str, str], CheckResult], answers: Answers) -> Iterator[_Step]:
    """What is to be asked again of a function: whatever failed behind the first target that is wrong."""
    question, found = function.question, function.outline
    failed = [c for c in function.checks if _failed(results[question.id, c.name], answers[question.id, c.name])]
    wrong = [number for check in failed if (number := found.number(check.output)) is not None]
    if not wrong:
        return
    behind = {number for number, before in enumerate(found.before) if before.intersection(wrong)}
    for check in failed:
        number = found.number(check.output)
        if number is not None and number in behind:
            yield _Step(function, check, number)
        elif number is None and _right_but_for(behind, function, check, answers[question.id, check.name]):
            parts = function.parts(check).items()
            yield from (_Step(function, check, number, key) for key, number in parts if number in behind)


def _failed(result: CheckResult, answer: Answer) -> bool:
    """It came to an end and is wrong, raised an exception, or met an empty blank: perhaps not its own."""
    blank = result.raised is not None and result.raised.blank
    return answer.ended is Ended.DONE and (
        result.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)
        or (result.verdict is Verdict.NOT_ATTEMPTED and blank)
    )


def _right_but_for(behind: Collection[int], function: _Function, check: Check, answer: Answer) -> bool:
    """The parts of a whole result that nothing is set right for are right as they came."""
    for key, number in function.parts(check).items():
        output = function.outline.output(number, key)
        for case, came in zip(function.cases[check.name], answer.returned, strict=True):
            part = case.expected[key] if number in behind else select(output, came)
            if isinstance(part, Failed) or compare(case.expected[key], part, check.tolerance).mismatch:
                return False
    return True
