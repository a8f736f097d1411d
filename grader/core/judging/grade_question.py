"""A question's cases and what came back for them -> the results of its checks. Pure: runs nothing."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace

from grader.core.compare.heatmap import heats
from grader.core.compare.tensor_table import tables
from grader.core.compare.tensors import Mismatch, Remark, compare, compare_form, type_name
from grader.core.judging.answer_results import answer_result, text_result
from grader.core.judging.explanations import relation
from grader.core.judging.known_mistakes import Evidence, known_mistake
from grader.core.judging.missing_names import Absences, not_returned, stopped
from grader.core.judging.reference_data import Bank, Case, Failed, parameters, select
from grader.core.questions.kinds.text_answer import answer
from grader.core.questions.question import AnswerCheck, Check, Kind, Question, TextCheck
from grader.core.results.grading import CheckResult, QuestionResult, Relation, Shown
from grader.core.results.verdict import Verdict
from grader.core.text.messages import say
from grader.core.wire.job import Answer, Ended, Returned
from grader.core.wire.submission import Program
from grader.core.wire.values import Value

Answers = Mapping[tuple[str, str], Answer]
"""What came back, by question and check."""


def judge_question(
    question: Question, judged_by: Bank, answers: Answers, absences: Absences, program: Program
) -> QuestionResult:
    """The results of a question's checks; those that the bank leaves out are left out."""
    functions = [check for check in question.checks if isinstance(check, Check)]
    results = _of_functions(question, functions, judged_by, answers, absences)
    prose = answer(program, question.id) if question.kind is Kind.TEXT else ""
    for check in question.checks:
        key = question.id, check.name
        if isinstance(check, TextCheck):
            results[check.name] = text_result(check, prose)
        elif isinstance(check, AnswerCheck) and key in judged_by.asked:
            results[check.name] = answer_result(check, judged_by.asked[key], answers[key], absences)
    ordered = tuple(results[check.name] for check in question.checks if check.name in results)
    return QuestionResult(question.id, str(question.kind), ordered)


def _of_functions(
    question: Question, asked: Iterable[Check], judged_by: Bank, answers: Answers, absences: Absences
) -> dict[str, CheckResult]:
    """The results of the checks of functions, with the known mistakes named."""
    checks = [check for check in asked if (question.id, check.name) in judged_by.cases]
    cases = {check.name: judged_by.cases[question.id, check.name] for check in checks}
    came = {check.name: answers[question.id, check.name] for check in checks}
    results = {c.name: _Checking(question, c, absences).result(cases[c.name], came[c.name]) for c in checks}
    for group in by_output(question, checks):
        failed = [c for c in group if results[c.name].verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)]
        if not failed or any(came[c.name].ended is not Ended.DONE for c in group):
            continue
        mistake, related = diagnosis(question, group, cases, came)
        results |= {c.name: replace(results[c.name], mistake=mistake, relation=related) for c in failed}
    return results


def result_of(
    question: Question, check: Check, absences: Absences, cases: tuple[Case, ...], answer: Answer
) -> CheckResult:
    """What came back for a check of a function, compared with what was expected."""
    return _Checking(question, check, absences).result(cases, answer)


def diagnosis(
    question: Question, group: Sequence[Check], cases: Mapping[str, tuple[Case, ...]], came: Mapping[str, Answer]
) -> tuple[str | None, Relation | None]:
    """The known mistake, or else the relation, that explains all that came back for the checks of one output."""
    evidence = [_evidence(c, cases[c.name], came[c.name]) for c in group]
    mistake = known_mistake(evidence, (m.name for m in question.mistakes_of(group[0])))
    return mistake, None if mistake else relation(evidence, parameters(question.reference_of(group[0])))


def by_output(question: Question, checks: Iterable[Check]) -> list[list[Check]]:
    """The checks in groups which look at the same output of the same function."""
    groups: dict[tuple[object, ...], list[Check]] = {}
    for check in checks:
        output = check.output
        key = question.function_of(check), output.source, output.name, output.path
        groups.setdefault(key, []).append(check)
    return list(groups.values())


def _evidence(check: Check, cases: tuple[Case, ...], answer: Answer) -> Evidence:
    return Evidence(cases, tuple(select(check.output, returned) for returned in answer.returned), check.tolerance)


class _Checking:
    """One check on its way to a result; collects remarks."""

    def __init__(self, question: Question, check: Check, absences: Absences) -> None:
        self._question = question
        self._check = check
        self._absences = absences
        self._names = parameters(question.reference_of(check))
        self._remarks: dict[Remark, None] = {}
        self._passed = CheckResult(
            name=check.name,
            verdict=Verdict.PASSED,
            points=0.0,
            max_points=check.points,
            hidden=check.hidden,
            output=check.output.label,
        )

    def result(self, cases: tuple[Case, ...], answer: Answer) -> CheckResult:
        """Passed if every case is right, else the first case that isn't."""
        self._passed = replace(self._passed, printed=answer.printed)
        if answer.ended is not Ended.DONE:
            return replace(stopped(self._passed, answer), skipped=answer.skipped)
        for case, returned in zip(cases, answer.returned, strict=True):
            if failed := self._failed(case, returned):
                return failed
        self._remark(*(Remark("warning", text) for text in answer.warnings))
        if answer.printed_bytes:
            self._remark(Remark("printed", str(answer.printed_bytes)))
        return replace(self._passed, points=self._check.points, remarks=tuple(self._remarks))

    def _remark(self, *remarks: Remark) -> None:
        self._remarks.update((remark, None) for remark in remarks)

    def _failed(self, case: Case, returned: Returned) -> CheckResult | None:
        """The result of a case that isn't right; None, and perhaps a remark, for one that is."""
        actual = select(self._check.output, returned)
        if isinstance(actual, Failed) and returned.raised:
            name = self._question.function_of(self._check)
            return not_returned(self._passed, returned.raised, name, self._absences)
        mismatch = self._mismatch(case, actual, returned)
        if mismatch:
            shown = None if self._check.hidden else self._shown(case, actual)
            return replace(self._passed, verdict=Verdict.WRONG_ANSWER, mismatch=mismatch, shown=shown)
        if not self._question.judges_in_place:
            self._remark(*(Remark("changed", self._name(position)) for position in returned.changed))
        return None

    def _mismatch(self, case: Case, actual: Value | Failed, returned: Returned) -> Mismatch | None:
        check = self._check
        if isinstance(actual, Failed):
            if check.output.path:
                return Mismatch("keys", missing=(check.output.label or str(check.output.path[-1]),))
            return Mismatch("type", type_name=type_name(returned.value))
        if check.holds is None:
            comparison = compare(case.expected, actual, check.tolerance)
            self._remark(*comparison.remarks)
            return comparison.mismatch
        comparison = compare_form(case.expected, actual)
        if comparison.mismatch:  # a property is asked only of what has the right shape and dtype
            return comparison.mismatch
        try:
            said = check.holds(deepcopy(actual), *case.args)
        except Exception as error:
            said = say("The property could not be looked at ({kind}).", kind=type(error).__name__)
        return Mismatch("property", text=said) if said else None

    def _shown(self, case: Case, actual: Value | Failed) -> Shown:
        label = self._check.output.label or self._question.function_of(self._check)
        inputs = [tables(arg, self._name(position)) for position, arg in enumerate(case.args)]
        return Shown(
            inputs=tuple(table for group in inputs for table in group),
            expected=tables(case.expected, label),
            actual=() if isinstance(actual, Failed) else tables(actual, label, case.expected, self._check.tolerance),
            heats=() if isinstance(actual, Failed) else heats(case.expected, actual, label),
        )

    def _name(self, position: int) -> str:
        """What the reference calls an argument, or its number from 1."""
        return self._names[position] if position < len(self._names) else str(position + 1)
