"""One function that is diagnosed: what is asked of the sandbox about it, and what the answers tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.judging.departures import TracedCase, contradicts, find_departure, shows_meaning
from grader.core.judging.explain_answers import group_by_output
from grader.core.judging.item_order import ItemOrder
from grader.core.judging.reference_data import Trace
from grader.core.judging.repair.listing import Listing, read_listing, read_work
from grader.core.judging.repair.subject import JudgedCases, Quality, RepairSubject, is_passed
from grader.core.questions.checks import Check
from grader.core.questions.question import Question
from grader.core.results.reason import Departure
from grader.core.wire.job import Answer, ExceptionInfo, ListRepairs, MeasureCall, Request, Status, TraceCall
from grader.core.wire.submission import Cell
from grader.core.wire.trace_function import Step, read_steps

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

    def read_listing(self, answers: Sequence[Answer], cells: Iterable[Cell]) -> Listing | None:
        """Return what the answers to the first requests tell; None if the function can't be edited."""
        listing, measured = answers
        work = read_work(measured)
        listed = None if work is None else read_listing(listing, cells, work)
        is_plain = listed is not None and self.is_trivial and not listed.calculates
        return None if is_plain else listed

    def build_tracings(self) -> tuple[Request, ...]:
        """Return the requests for the variables in visible cases, and in those of hidden checks that pass."""
        return tuple(self._build_tracing(one, self._title) for one in self._list_traced())

    def read_tracings(
        self, answers: Sequence[Answer], listed: Listing, weak: frozenset[str], traces_of: TracesOf
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
