"""A question's cases and what came back for them -> the results of its checks. Pure: runs nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from grader.core.bank import Bank, Case, Failed, parameters, select
from grader.core.compare import Mismatch, Remark, compare, compare_form, type_name
from grader.core.diagnose import Evidence, known_mistake
from grader.core.grading import CheckResult, QuestionResult, Shown
from grader.core.job import Answer, CellRun, Ended, Job, Missing, Raised, Returned
from grader.core.question import Check, Question
from grader.core.table import tables
from grader.core.values import Value
from grader.core.verdict import Verdict

_VERDICTS: Final[Mapping[Ended, Verdict]] = {
    Ended.TIME_LIMIT: Verdict.TIME_LIMIT,
    Ended.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Ended.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Ended.DIED: Verdict.RUNTIME_ERROR,
    Ended.FAULT: Verdict.GRADER_ERROR,
}
_SYNTAX: Final = ("SyntaxError", "IndentationError", "TabError")
_DIED: Final = "it ended by itself"

Answers = Mapping[tuple[str, str], Answer]
"""What came back, by question and check."""


class Absences:
    """Why a function isn't there: the cell that should have defined it raised or was stopped."""

    def __init__(self, job: Job, runs: tuple[CellRun, ...]) -> None:
        self._cells = tuple(zip(job.cells, runs, strict=True))
        self._one_by_one = job.one_by_one

    def cause(self, function: str) -> CellRun | None:
        """The last cell with `def function(` in it, if it failed otherwise than by an empty blank."""
        for cell, run in reversed(self._cells):
            if f"def {function}(" not in cell.source:
                continue
            if run.ended is not Ended.DONE:
                return run
            raised = run.raised
            if raised is None or raised.blank or (self._one_by_one and raised.type not in _SYNTAX):
                return None
            return run
        return None


def judge_question(question: Question, judged_by: Bank, answers: Answers, absences: Absences) -> QuestionResult:
    """The results of a question's checks, with the known mistakes named."""
    checks = [check for check in question.checks if (question.id, check.name) in judged_by.cases]
    cases = {check.name: judged_by.cases[question.id, check.name] for check in checks}
    came = {check.name: answers[question.id, check.name] for check in checks}
    results = {c.name: _Checking(question, c, absences).result(cases[c.name], came[c.name]) for c in checks}
    for group in _by_output(checks):
        failed = [c for c in group if results[c.name].verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)]
        if not failed or any(came[c.name].ended is not Ended.DONE for c in group):
            continue
        evidence = [_evidence(c, cases[c.name], came[c.name]) for c in group]
        mistake = known_mistake(evidence, (m.name for m in question.mistakes))
        results |= {c.name: replace(results[c.name], mistake=mistake) for c in failed}
    return QuestionResult(question.id, str(question.kind), tuple(results[check.name] for check in checks))


def _by_output(checks: Iterable[Check]) -> list[list[Check]]:
    groups: dict[tuple[object, ...], list[Check]] = {}
    for check in checks:
        output = check.output
        groups.setdefault((output.source, output.name, output.path), []).append(check)
    return list(groups.values())


def _evidence(check: Check, cases: tuple[Case, ...], answer: Answer) -> Evidence:
    return Evidence(cases, tuple(select(check.output, returned) for returned in answer.returned), check.tolerance)


class _Checking:
    """One check on its way to a result; collects remarks."""

    def __init__(self, question: Question, check: Check, absences: Absences) -> None:
        self._question = question
        self._check = check
        self._absences = absences
        self._names = parameters(question)
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
            return replace(self._stopped(answer), skipped=answer.skipped)
        for case, returned in zip(cases, answer.returned, strict=True):
            if failed := self._failed(case, returned):
                return failed
        self._remark(*(Remark("warning", text) for text in answer.warnings))
        if answer.printed_bytes:
            self._remark(Remark("printed", str(answer.printed_bytes)))
        return replace(self._passed, points=self._check.points, remarks=tuple(self._remarks))

    def _stopped(self, run: Answer | CellRun) -> CheckResult:
        signal = _DIED if run.ended is Ended.DIED else None
        return replace(self._passed, verdict=_VERDICTS[run.ended], limit=run.limit, signal=signal)

    def _remark(self, *remarks: Remark) -> None:
        self._remarks.update((remark, None) for remark in remarks)

    def _failed(self, case: Case, returned: Returned) -> CheckResult | None:
        """The result of a case that isn't right; None, and perhaps a remark, for one that is."""
        actual = select(self._check.output, returned)
        if isinstance(actual, Failed) and returned.raised:
            return self._not_returned(returned.raised)
        mismatch = self._mismatch(case, actual, returned)
        if mismatch:
            shown = None if self._check.hidden else self._shown(case, actual)
            return replace(self._passed, verdict=Verdict.WRONG_ANSWER, mismatch=mismatch, shown=shown)
        if not self._question.judges_in_place:
            self._remark(*(Remark("changed", self._name(position)) for position in returned.changed))
        return None

    def _not_returned(self, raised: Raised | Missing) -> CheckResult:
        if isinstance(raised, Raised):
            verdict = Verdict.NOT_ATTEMPTED if raised.blank else Verdict.RUNTIME_ERROR
            return replace(self._passed, verdict=verdict, raised=raised)
        cell = self._absences.cause(self._question.function)
        if cell is None:
            return replace(self._passed, verdict=Verdict.NOT_ATTEMPTED, missing=raised)
        if cell.raised:
            return replace(self._passed, verdict=Verdict.RUNTIME_ERROR, raised=cell.raised)
        return self._stopped(cell)

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
            said = check.holds(actual, *case.args)
        except Exception as error:
            said = f"The property could not be looked at ({type(error).__name__})."
        return Mismatch("property", text=said) if said else None

    def _shown(self, case: Case, actual: Value | Failed) -> Shown:
        label = self._check.output.label or self._question.function
        inputs = [tables(arg, self._name(position)) for position, arg in enumerate(case.args)]
        return Shown(
            inputs=tuple(table for group in inputs for table in group),
            expected=tables(case.expected, label),
            actual=() if isinstance(actual, Failed) else tables(actual, label, case.expected, self._check.tolerance),
        )

    def _name(self, position: int) -> str:
        """What the reference calls an argument, or its number from 1."""
        return self._names[position] if position < len(self._names) else str(position + 1)
