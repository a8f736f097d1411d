"""The functions that are diagnosed: those that fail a visible check which has no certain explanation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from grader.core.compare.tensors import Tolerance, as_tensor, compare
from grader.core.judging.arrange_answers import find_order
from grader.core.judging.departures import TracedCase, contradicts, find_departure, shows_meaning
from grader.core.judging.explain_answers import group_by_output
from grader.core.judging.grade_question import Answers
from grader.core.judging.item_order import ItemOrder
from grader.core.judging.name_origins import get_lacked_name
from grader.core.judging.reference_data import CallFailure, Case, ReferenceData, Trace, select_output
from grader.core.judging.repair.subject import JudgedCases, Quality, RepairSubject, Work, is_passed
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import Departure, KnownMistake, ReturnedForm
from grader.core.results.verdict import Verdict
from grader.core.wire.edits.edit import Edit, EditKind, read_edit
from grader.core.wire.edits.list_repairs import MAX_ADDED_CHARS, MAX_REPAIRS
from grader.core.wire.job import Answer, ExceptionInfo, ListRepairs, MeasureCall, Request, Status, TraceCall
from grader.core.wire.steps import Steps
from grader.core.wire.submission import Cell
from grader.core.wire.trace_function import Step, read_steps
from grader.core.wire.values import Code, Seed, Value

_DIAGNOSED: Final = (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)
_MAX_TRACED_CASES: Final = 8
"""Greatest number of cases of one check that are traced."""

TracesOf = Callable[[Question, Check], Sequence[Trace]]
"""Returns the reference's variables for each case of a check; nothing where they aren't known."""


@dataclass(frozen=True)
class DiagnosedFunction:
    """One function, with its visible and hidden checks, and the qualities of the student's answers to each.

    `unexplained` are the names of failed checks, visible and hidden ones, that have no certain explanation.
    """

    question: Question
    name: str
    visible: tuple[JudgedCases, ...]
    hidden: tuple[JudgedCases, ...]
    base: Mapping[str, tuple[Quality, ...]]
    order: ItemOrder | None
    unexplained: frozenset[str]
    errors: tuple[ExceptionInfo, ...]
    more_axes: int = 0
    is_trivial: bool = False

    @property
    def hidden_base(self) -> dict[str, tuple[Quality, ...]]:
        """The qualities of the answers to hidden checks."""
        return {one.check.name: self.base[one.check.name] for one in self.hidden}

    def build_listing(self) -> tuple[Request, ...]:
        """Return the first requests: for the edits, and for the work of the visible cases."""
        limits = self.visible[0].request.limits
        listing = Request(self._title, "edits", (ListRepairs(self.name),), limits=limits)
        calls = tuple(MeasureCall(self.name, case.args) for one in self.visible for case in one.cases)
        return listing, Request(self._title, "work", calls, limits=limits)

    def read_listing(self, answers: Sequence[Answer], cells: Iterable[Cell]) -> "Listing | None":
        """Return what the answers to the first requests tell; None if the function can't be edited."""
        listing, measured = answers
        work = _read_work(measured)
        listed = None if work is None else _read_listing(listing, cells, work)
        is_plain = listed is not None and self.is_trivial and not _calculates(listed.edits)
        return None if is_plain else listed

    def build_tracings(self) -> tuple[Request, ...]:
        """Return the requests for the variables in visible cases, and in those of hidden checks that pass."""
        return tuple(self._build_tracing(one, self._title) for one in self._list_traced())

    def read_tracings(
        self, answers: Sequence[Answer], listed: "Listing", weak: frozenset[str], traces_of: TracesOf
    ) -> "Diagnosis":
        """Return what the variables tell."""
        steps = {
            one.check.name: [listed.select_steps(read_steps(result.value)) for result in answer.results]
            for one, answer in zip(self._list_traced(), answers, strict=True)
            if answer.ended is Status.DONE
        }
        departures, known = self._find_departures(steps, listed.cell, traces_of)
        lines = {departure.place.line for departure in departures.values()}
        subject = RepairSubject(
            self.question,
            self.name,
            self.visible,
            {one.check.name: self.base[one.check.name] for one in self.visible},
            self.order,
            listed.edits,
            listed.source,
            weak,
            listed.cell,
            listed.first_line,
            min(lines, default=None),
            self.errors,
            listed.work,
            self.more_axes,
        )
        return Diagnosis(self, subject, departures, known)

    @property
    def _title(self) -> str:
        return f"diagnosis: {self.question.id}: {self.name}"

    def _list_traced(self) -> list[JudgedCases]:
        hidden = [one for one in self.hidden if is_passed(self.base[one.check.name])]
        return [*self.visible, *hidden]

    def _build_tracing(self, one: JudgedCases, title: str) -> Request:
        calls = tuple(TraceCall(self.name, case.args) for case in one.cases[:_MAX_TRACED_CASES])
        return Request(title, one.check.name, calls, one.check.hidden, one.request.limits)

    def _find_departures(
        self, steps: Mapping[str, Sequence[Sequence[Step]]], cell: str, traces_of: TracesOf
    ) -> tuple[dict[str, Departure], frozenset[str]]:
        """Return the departures that may explain all failing checks of an output, by the check's name.

        The second value are the names of those checks in which the variable is known to mean what it is in the
        reference.
        """
        parts = {one.check.name: one for one in self._list_traced()}
        asked = self._list_asked()
        found: dict[str, Departure] = {}
        known: set[str] = set()
        for group in group_by_output(self.question, [one.check for one in parts.values()]):
            traced = {
                check.name: self._pair(parts[check.name], steps.get(check.name, ()), traces_of) for check in group
            }
            visible = [case for check in group if not check.hidden for case in traced[check.name]]
            departure = find_departure(visible, cell, asked.__contains__)
            hidden = [case for check in group if check.hidden for case in traced[check.name]]
            if departure is not None and not contradicts(departure, hidden):
                shown = {check.name: departure for check in group if not check.hidden}
                found |= shown
                if departure.variable in asked or shows_meaning(departure, visible):
                    known |= shown.keys()
        return found, frozenset(known)

    def _list_asked(self) -> frozenset[str]:
        """Return the variables for which the question asks by name."""
        outputs = [one.check.output for one in (*self.visible, *self.hidden)]
        return frozenset(str(one.name) if one.source == "local" else one.label for one in outputs)

    def _pair(self, one: JudgedCases, steps: Sequence[Sequence[Step]], traces_of: TracesOf) -> list[TracedCase]:
        """Return the traced cases of a check; none if one of them can't be traced."""
        traces = traces_of(self.question, one.check)
        qualities = self.base[one.check.name]
        return [
            TracedCase(own, reference, quality is Quality.RIGHT, case.widen(one.check.tolerance))
            for own, reference, quality, case in zip(steps, traces, qualities, one.cases, strict=False)
        ]


@dataclass(frozen=True)
class Diagnosis:
    """A function as it is known before the search, with its departures by the check's name.

    In the checks `known`, the variable that departs is known to mean what it is in the reference.
    """

    function: DiagnosedFunction
    subject: RepairSubject
    departures: Mapping[str, Departure]
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Listing:
    """The place, text and edits of a function, and the work of its calls in all visible cases."""

    cell: str
    first_line: int
    source: str
    edits: tuple[Edit, ...]
    work: Work

    def select_steps(self, steps: Sequence[Step]) -> list[Step]:
        """Return the steps whose lines are those of the function."""
        last = self.first_line + self.source.count("\n")
        return [step for step in steps if self.first_line <= step[0] <= last]


def list_diagnosed_functions(
    exercise: Exercise, judged_by: ReferenceData, results: Iterable[QuestionResult], answers: Answers
) -> list[DiagnosedFunction]:
    """Return the functions to diagnose after these results; none for right answers.

    A function that calls another one that is asked for and missing is right so far: no edit of it is looked for.
    """
    found = []
    asked = {name for question in exercise.questions for name in question.functions}
    requests: dict[tuple[str, str], Request] = {}
    for result in results:
        unexplained = frozenset(check.name for check in result.checks if _is_unexplained(check))
        if not needs_diagnosis(result):
            continue
        question = exercise.question(result.id)
        assert question is not None
        requests = requests or {(request.question, request.check): request for request in judged_by.requests}
        parts = [
            JudgedCases(check, judged_by.cases[question.id, check.name], requests[question.id, check.name])
            for check in question.checks
            if isinstance(check, Check) and (question.id, check.name) in judged_by.cases
        ]
        for name in dict.fromkeys(question.function_of(part.check) for part in parts):
            own = [part for part in parts if question.function_of(part.check) == name]
            function = _build(question, name, own, unexplained, answers)
            if function is not None and not any(get_lacked_name(error) in asked for error in function.errors):
                found.append(function)
    return found


def needs_diagnosis(result: QuestionResult) -> bool:
    """Tell whether a visible check fails and has no certain explanation."""
    return any(_is_unexplained(check) and not check.hidden for check in result.checks)


def _is_unexplained(check: CheckResult) -> bool:
    certain = any(isinstance(one, KnownMistake | ReturnedForm) for one in check.explanations)
    return check.verdict in _DIAGNOSED and not certain


def _build(
    question: Question, name: str, parts: Sequence[JudgedCases], unexplained: frozenset[str], answers: Answers
) -> DiagnosedFunction | None:
    """Return the function, unless nothing is to be explained, or it was stopped or has a blank."""
    given = {part.check.name: answers[question.id, part.check.name] for part in parts}
    visible = tuple(part for part in parts if not part.check.hidden)
    results = [result for part in visible for result in given[part.check.name].results]
    errors = tuple(result.raised for result in results if isinstance(result.raised, ExceptionInfo))
    if not any(part.check.name in unexplained for part in visible) or any(error.blank for error in errors):
        return None
    if any(given[part.check.name].ended is not Status.DONE for part in visible):
        return None
    cases = {part.check.name: part.cases for part in parts}
    order = find_order(question, [part.check for part in parts], cases, given)
    base = {part.check.name: part.judge(given[part.check.name], order) for part in parts}
    if all(is_passed(base[part.check.name]) for part in visible):
        return None
    hidden = tuple(part for part in parts if part.check.hidden)
    axes = sum({part.compare_axes(given[part.check.name]) for part in visible})
    is_plain = _is_trivial(visible, given)
    return DiagnosedFunction(question, name, visible, hidden, base, order, unexplained, errors, axes, is_plain)


def _calculates(edits: Sequence[Edit]) -> bool:
    """Tell whether a function of which these are the edits has an operator, as a formula does."""
    return any(edit.kind is EditKind.OPERATOR for edit in edits)


def _is_trivial(visible: Sequence[JudgedCases], given: Mapping[str, Answer]) -> bool:
    """Tell whether all outputs are one constant, or the same argument as it was: nothing was calculated."""
    pairs = [
        (case, select_output(part.check.output, result))
        for part in visible
        for case, result in zip(part.cases, given[part.check.name].results, strict=True)
    ]
    numbers = [_find_constant(value) for _, value in pairs]
    if None not in numbers and len(set(numbers)) == 1:
        return True
    count = min((len(case.args) for case, _ in pairs), default=0)
    return any(all(_is_same(case, value, position) for case, value in pairs) for position in range(count))


def _find_constant(value: Value | CallFailure) -> float | str | None:
    """Return the only number of a value, or `none` where there is no value; None if it has several numbers."""
    if value is None:
        return "none"
    try:
        array = np.unique(as_tensor(value))
    except (ValueError, TypeError):
        return None
    return None if array.size != 1 or array.dtype.kind not in "biuf" else str(array[0])


def _is_same(case: Case, value: Value | CallFailure, position: int) -> bool:
    argument = case.args[position]
    if isinstance(value, CallFailure) or isinstance(argument, Code | Seed | Steps):
        return False
    return compare(argument, value, Tolerance()).mismatch is None


def _read_work(answer: Answer) -> Work | None:
    """Return the work of all calls; None if they were stopped, or nothing that makes sense is said of one."""
    lines = units = 0
    for result in answer.results:
        match result.value:
            case (int(some), int(others)) if some >= 0 and others >= 0:
                lines, units = lines + some, units + others
            case _:
                return None
    return Work(lines, units) if answer.ended is Status.DONE else None


def _read_listing(answer: Answer, cells: Iterable[Cell], work: Work) -> Listing | None:
    """Return the listed edits, if they belong to a cell: what the sandbox says of a text is compared with the text."""
    value = answer.results[0].value if answer.ended is Status.DONE and answer.results else None
    match value:
        case (str(file), int(first), str(source), [*items]) if first > 0:
            pass
        case _:
            return None
    for cell in cells:
        if file == f"<{cell.label}>":
            lines = cell.source.split("\n")
            source = "\n".join(source.split("\n")[: max(len(lines) - first + 2, 1)])
            read = (read_edit(item) for item in items[:MAX_REPAIRS])
            edits = tuple(edit for edit in read if edit and _belongs(edit, lines, first))
            return Listing(cell.label, first, source, edits, work) if edits else None
    return None


def _belongs(edit: Edit, lines: Sequence[str], first: int) -> bool:
    """Tell whether an edit changes what stands at its place in the cell, and adds little."""
    number = first + edit.span.first_line - 2
    if not 0 <= number < len(lines) or len(edit.after) > len(edit.before) + MAX_ADDED_CHARS:
        return False
    return edit.before.split("\n")[0].strip() in lines[number] and all(
        line.isprintable() for line in edit.after.split("\n")
    )
