"""Judge a question: from its cases and the answers to the results of its checks. Pure: runs nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from grader.core.compare.heatmap import build_heatmaps
from grader.core.compare.tensor_table import build_tensor_tables
from grader.core.compare.tensors import Remark
from grader.core.judging.answer_results import judge_answer, judge_text_answer
from grader.core.judging.arrange_answers import arrange_answer, find_order
from grader.core.judging.case_mismatch import find_case_mismatch
from grader.core.judging.explain_answers import explain_answers
from grader.core.judging.missing_names import (
    build_no_value_result,
    build_stopped_result,
    find_unfilled,
    lacks_value,
)
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, select_output
from grader.core.questions.checks import AnswerCheck, Check, TextCheck
from grader.core.questions.kinds.prose_cells import extract_text_answer
from grader.core.questions.question import Question
from grader.core.results.grading import CheckDetails, CheckResult, QuestionResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ActionResult, Answer, Status
from grader.core.wire.step_text import StepWriter
from grader.core.wire.steps import Steps, find_steps
from grader.core.wire.submission import ParsedSubmission
from grader.core.wire.values import Value

Answers = Mapping[tuple[str, str], Answer]
"""The answers by question and check."""


def judge_question(
    question: Question, judged_by: ReferenceData, answers: Answers, origins: NameOrigins, program: ParsedSubmission
) -> QuestionResult:
    """Return the results of a question's checks, without those that have no reference data."""
    functions = [check for check in question.checks if isinstance(check, Check)]
    results = _judge_functions(question, functions, judged_by, answers, origins)
    prose = extract_text_answer(program, question.id) if question.kind.is_prose else ""
    for check in question.checks:
        key = question.id, check.name
        if isinstance(check, TextCheck):
            results[check.name] = judge_text_answer(check, prose)
        elif isinstance(check, AnswerCheck) and key in judged_by.probes:
            results[check.name] = judge_answer(question.id, check, judged_by.probes[key], answers[key], origins)
    ordered = tuple(results[check.name] for check in question.checks if check.name in results)
    return QuestionResult(question.id, str(question.kind), ordered)


def _judge_functions(
    question: Question, asked: Iterable[Check], judged_by: ReferenceData, answers: Answers, origins: NameOrigins
) -> dict[str, CheckResult]:
    """Return the results of the checks of functions, with explanations."""
    checks = [check for check in asked if (question.id, check.name) in judged_by.cases]
    cases = {check.name: judged_by.cases[question.id, check.name] for check in checks}
    given = {check.name: answers[question.id, check.name] for check in checks}
    results = {c.name: judge_check(question, c, origins, cases[c.name], given[c.name]) for c in checks}
    failed_checks = [check for check in checks if results[check.name].verdict is not Verdict.PASSED]
    for function in dict.fromkeys(map(question.function_of, failed_checks)):
        own = [check for check in checks if question.function_of(check) == function]
        order = find_order(question, own, cases, given)
        for check in own:
            arranged = arrange_answer(check, cases[check.name], given[check.name], order)
            if arranged.remarks:
                given[check.name] = arranged.answer
                result = judge_check(question, check, origins, cases[check.name], arranged.answer)
                results[check.name] = _add_remarks(result, arranged.remarks)
    for function in dict.fromkeys(map(question.function_of, checks)):
        own = [check for check in checks if question.function_of(check) == function]
        failed = [c.name for c in own if results[c.name].verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)]
        explanations = explain_answers(question, own, failed, cases, given) if failed else {}
        results |= {name: replace(results[name], explanations=found) for name, found in explanations.items()}
    return results


def _add_remarks(result: CheckResult, remarks: tuple[Remark, ...]) -> CheckResult:
    """Return a result with the remarks about the form of an answer; that of a wrong one only names the variable."""
    kept = remarks if result.verdict is Verdict.PASSED else tuple(r for r in remarks if r.kind == "found_as")
    return replace(result, remarks=(*result.remarks, *kept)) if kept else result


def judge_check(
    question: Question, check: Check, origins: NameOrigins, cases: tuple[Case, ...], answer: Answer
) -> CheckResult:
    """Judge the answer to a check of a function."""
    return _CheckJudge(question, check, origins).judge(cases, answer)


class _CheckJudge:
    """Judge one check, and collect its remarks."""

    def __init__(self, question: Question, check: Check, origins: NameOrigins) -> None:
        self._question = question
        self._check = check
        self._origins = origins
        self._names = question.parameters_of(check)
        self._remarks: dict[Remark, None] = {}
        self._passed = CheckResult(
            name=check.name,
            verdict=Verdict.PASSED,
            points=0.0,
            max_points=check.points,
            hidden=check.hidden,
            output=check.output.label,
        )

    def judge(self, cases: tuple[Case, ...], answer: Answer) -> CheckResult:
        """Return a passed result if every case is right, else the result of the first wrong case."""
        self._passed = replace(self._passed, printed=answer.printed)
        if answer.ended is not Status.DONE:
            return build_stopped_result(self._passed, answer)
        for case, returned in zip(cases, answer.results, strict=True):
            if failed := self._judge_case(case, returned):
                return failed
        self._add_remarks(*(Remark("warning", text) for text in answer.warnings))
        if answer.printed_bytes:
            self._add_remarks(Remark("printed", str(answer.printed_bytes)))
        return replace(self._passed, points=self._check.points, remarks=tuple(self._remarks))

    def _add_remarks(self, *remarks: Remark) -> None:
        self._remarks.update((remark, None) for remark in remarks)

    def _judge_case(self, case: Case, returned: ActionResult) -> CheckResult | None:
        """Return the result of a wrong case; return None, and perhaps add remarks, for a right one."""
        actual = select_output(self._check.output, returned)
        name = self._question.function_of(self._check)
        method = f"{name}.{self._check.method}" if self._check.method else name
        unfilled = find_unfilled(returned, method, self._check.output.label)
        if unfilled and lacks_value(actual):
            return build_no_value_result(self._passed, unfilled, (self._question.id, name), self._origins)
        if isinstance(actual, CallFailure) and returned.raised:
            return build_no_value_result(self._passed, returned.raised, (self._question.id, name), self._origins)
        comparison = find_case_mismatch(self._check, case, actual, returned.value)
        self._add_remarks(*comparison.remarks)
        if unfilled and comparison.mismatch and returned.unfilled[0]:  # it computes nothing: an argument is unchanged
            return build_no_value_result(self._passed, unfilled, (self._question.id, name), self._origins)
        if mismatch := comparison.mismatch:
            shown = self._build_details(case, actual)
            return replace(self._passed, verdict=Verdict.WRONG_ANSWER, reason=mismatch, details=shown)
        if not self._question.judges_in_place:
            steps = find_steps(case.args)
            changed = set(returned.changed_arguments) - (steps.judged_arguments if steps else frozenset())
            self._add_remarks(
                *(Remark("changed", self._argument_name(position, steps)) for position in sorted(changed))
            )
        return None

    def _build_details(self, case: Case, actual: Value | CallFailure) -> CheckDetails:
        label = self._check.output.label or self._question.function_of(self._check)
        steps = find_steps(case.args)
        inputs = [
            build_tensor_tables(arg, name)
            for position, arg in enumerate(case.args)
            if (name := self._argument_name(position, steps)) and arg is not steps
        ]
        return CheckDetails(
            inputs=tuple(table for group in inputs for table in group),
            calls=tuple(StepWriter(steps, case.args).write_lines()) if steps else (),
            expected=build_tensor_tables(case.expected, label),
            actual=()
            if isinstance(actual, CallFailure)
            else build_tensor_tables(actual, label, case.expected, case.widen(self._check.tolerance)),
            heats=() if isinstance(actual, CallFailure) else build_heatmaps(case.expected, actual, label),
        )

    def _argument_name(self, position: int, steps: Steps | None) -> str:
        """Return the reference's name of an argument, or its number from 1; for a class, the name in the calls."""
        if steps is not None:
            return steps.arguments[position - 1] if 0 < position <= len(steps.arguments) else ""
        return self._names[position] if position < len(self._names) else str(position + 1)
