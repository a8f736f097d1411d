"""One submission: run, compare, diagnose, grading."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from grader import __version__
from grader.core.bank import Bank, Case, Failed, bank, fingerprint, parameters, select
from grader.core.compare import Mismatch, Remark, compare, compare_form, type_name
from grader.core.diagnose import Evidence, known_mistake
from grader.core.exercise import Course, Exercise
from grader.core.grading import CheckResult, Grading, QuestionResult, Shown
from grader.core.job import Answer, CellRun, Ended, Job, Missing, Outcome, Raised, Returned
from grader.core.program import Program
from grader.core.question import Check, Question
from grader.core.table import tables
from grader.core.values import Value
from grader.core.verdict import Verdict

_VERDICTS: Mapping[Ended, Verdict] = {
    Ended.TIME_LIMIT: Verdict.TIME_LIMIT,
    Ended.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Ended.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Ended.DIED: Verdict.RUNTIME_ERROR,
    Ended.FAULT: Verdict.GRADER_ERROR,
}


class Runner(Protocol):
    """What runs a job: the sandbox."""

    def run(self, job: Job) -> Outcome:
        """Runs a job; never raises for what the submission does."""


class Judge:
    """Judges submissions of one course with one secret; keeps each exercise's bank, which is computed once."""

    def __init__(self, course: Course, runner: Runner, secret: bytes, *, visible_only: bool = False) -> None:
        self._course = course
        self._runner = runner
        self._secret = secret
        self._visible_only = visible_only
        self._banks: dict[str, Bank] = {}

    def judge(self, exercise: Exercise, program: Program) -> Grading:
        """Runs a program's code cells and judges what they left behind. Raises CourseError for the course's own."""
        started = time.perf_counter()
        judged_by = self._bank(exercise)
        cells = tuple(cell for cell in program.cells if cell.kind == "code")
        job = Job(
            cells=cells,
            requests=judged_by.requests,
            modules=exercise.modules,
            one_by_one=program.one_by_one,
            cell_limits=exercise.limits,
        )
        outcome = self._runner.run(job)
        answers = {(r.question, r.check): a for r, a in zip(job.requests, outcome.answers, strict=True)}
        blame = _Blame(job, outcome.cells)
        return Grading(
            exercise=exercise.name,
            course_version=self._course.version,
            grader_version=__version__,
            seed=fingerprint(self._secret),
            sandbox=outcome.level,
            questions=tuple(_question(q, judged_by, answers, blame) for q in exercise.questions),
            cells=outcome.cells,
            elapsed_ms=(time.perf_counter() - started) * 1000,
        )

    def _bank(self, exercise: Exercise) -> Bank:
        found = self._banks.get(exercise.name)
        if found is None:
            found = bank(exercise, self._secret, visible_only=self._visible_only)
            self._banks[exercise.name] = found
        return found


class _Blame:
    """Why a function isn't there: the cell that should have defined it raised or was stopped."""

    def __init__(self, job: Job, runs: tuple[CellRun, ...]) -> None:
        self._cells = tuple(zip(job.cells, runs, strict=True))
        self._one_by_one = job.one_by_one

    def of(self, function: str) -> CellRun | None:
        """The last cell with `def function(` in it, if it failed otherwise than by an empty blank."""
        for cell, run in reversed(self._cells):
            if f"def {function}(" not in cell.source:
                continue
            if run.ended is not Ended.DONE:
                return run
            raised = run.raised
            if raised is None or raised.blank or (self._one_by_one and raised.type != "SyntaxError"):
                return None
            return run
        return None


def _question(
    question: Question, judged_by: Bank, answers: Mapping[tuple[str, str], Answer], blame: _Blame
) -> QuestionResult:
    checks = [c for c in question.checks if (question.id, c.name) in judged_by.cases]
    results = {c.name: _check(question, c, judged_by.cases[question.id, c.name], answers, blame) for c in checks}
    for group in _by_output(checks):
        failed = [c for c in group if results[c.name].verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)]
        whole = all(answers[question.id, c.name].ended is Ended.DONE for c in group)
        if not failed or not whole:
            continue
        evidence = [_evidence(c, judged_by.cases[question.id, c.name], answers[question.id, c.name]) for c in group]
        mistake = known_mistake(evidence, (m.name for m in question.mistakes))
        for check in failed:
            results[check.name] = replace(results[check.name], mistake=mistake)
    return QuestionResult(question.id, str(question.kind), tuple(results[c.name] for c in checks))


def _by_output(checks: Iterable[Check]) -> list[list[Check]]:
    groups: dict[tuple[object, ...], list[Check]] = {}
    for check in checks:
        output = check.output
        groups.setdefault((output.source, output.name, output.path), []).append(check)
    return list(groups.values())


def _evidence(check: Check, cases: tuple[Case, ...], answer: Answer) -> Evidence:
    return Evidence(cases, tuple(select(check.output, r) for r in answer.returned), check.tolerance)


def _check(
    question: Question,
    check: Check,
    cases: tuple[Case, ...],
    answers: Mapping[tuple[str, str], Answer],
    blame: _Blame,
) -> CheckResult:
    """One check's result: passed if every case is right, else the first case that isn't."""
    answer = answers[question.id, check.name]
    blank = CheckResult(
        name=check.name,
        verdict=Verdict.PASSED,
        points=0.0,
        max_points=check.points,
        hidden=check.hidden,
        output=check.output.label,
        printed=answer.printed,
    )
    if answer.ended is not Ended.DONE:
        verdict = _VERDICTS[answer.ended]
        signal = "it ended by itself" if answer.ended is Ended.DIED else None
        return replace(blank, verdict=verdict, limit=answer.limit, signal=signal, skipped=answer.skipped)
    remarks: dict[Remark, None] = {}
    for case, returned in zip(cases, answer.returned, strict=True):
        failed = _failed_case(question, check, case, returned, blank, remarks, blame)
        if failed:
            return failed
    for text in answer.warnings:
        remarks[Remark("warning", text)] = None
    if answer.printed_bytes:
        remarks[Remark("printed", str(answer.printed_bytes))] = None
    return replace(blank, points=check.points, remarks=tuple(remarks))


def _failed_case(
    question: Question,
    check: Check,
    case: Case,
    returned: Returned,
    blank: CheckResult,
    remarks: dict[Remark, None],
    blame: _Blame,
) -> CheckResult | None:
    """The result of a case that isn't right; None, and perhaps a remark, for one that is."""
    actual = select(check.output, returned)
    if isinstance(actual, Failed) and returned.raised:
        return _not_returned(question, returned.raised, blank, blame)
    mismatch = _mismatch(check, case, actual, returned, remarks)
    if mismatch:
        shown = None if check.hidden else _shown(question, check, case, actual)
        return replace(blank, verdict=Verdict.WRONG_ANSWER, mismatch=mismatch, shown=shown)
    if not question.judges_in_place:
        names = parameters(question)
        remarks.update((Remark("changed", names[i] if i < len(names) else str(i + 1)), None) for i in returned.changed)
    return None


def _not_returned(question: Question, raised: Raised | Missing, blank: CheckResult, blame: _Blame) -> CheckResult:
    if isinstance(raised, Raised):
        verdict = Verdict.NOT_ATTEMPTED if raised.blank else Verdict.RUNTIME_ERROR
        return replace(blank, verdict=verdict, raised=raised)
    cell = blame.of(question.function)
    if cell is None:
        return replace(blank, verdict=Verdict.NOT_ATTEMPTED, missing=raised)
    if cell.raised:
        return replace(blank, verdict=Verdict.RUNTIME_ERROR, raised=cell.raised)
    signal = None if cell.limit else "it ended by itself"
    return replace(blank, verdict=_VERDICTS[cell.ended], limit=cell.limit, signal=signal)


def _mismatch(
    check: Check, case: Case, actual: Value | Failed, returned: Returned, remarks: dict[Remark, None]
) -> Mismatch | None:
    if isinstance(actual, Failed):
        if check.output.path:
            return Mismatch("keys", missing=(check.output.label or str(check.output.path[-1]),))
        return Mismatch("type", type_name=type_name(returned.value))
    if check.holds is None:
        comparison = compare(case.expected, actual, check.tolerance)
        remarks.update((r, None) for r in comparison.remarks)
        return comparison.mismatch
    comparison = compare_form(case.expected, actual)
    if comparison.mismatch:  # a property is asked only of what has the right shape and dtype
        return comparison.mismatch
    try:
        said = check.holds(actual, *case.args)
    except Exception as error:
        said = f"The property could not be looked at ({type(error).__name__})."
    return Mismatch("property", text=said) if said else None


def _shown(question: Question, check: Check, case: Case, actual: Value | Failed) -> Shown:
    names = parameters(question)
    label = check.output.label or question.function
    inputs = [tables(arg, names[i] if i < len(names) else str(i + 1)) for i, arg in enumerate(case.args)]
    return Shown(
        inputs=tuple(table for group in inputs for table in group),
        expected=tables(case.expected, label),
        actual=() if isinstance(actual, Failed) else tables(actual, label, case.expected, check.tolerance),
    )
