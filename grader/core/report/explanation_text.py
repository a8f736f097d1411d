"""Explanations of wrong answers as sentences, each with the line of code that it speaks of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.core.questions.question import Mistake
from grader.core.report.edit_text import describe_edit
from grader.core.report.exception_text import describe_cell_label, is_numbered
from grader.core.report.form_text import describe_returned_form
from grader.core.report.mismatch_text import describe_relation, format_shape, is_known_relation
from grader.core.report.one_line import collapse_to_one_line
from grader.core.results.disclosure import Disclosure, HiddenDetail, Hints
from grader.core.results.grading import CheckResult
from grader.core.results.reason import CodePlace, Departure, Explanation, KnownMistake, Relation, Repair, ReturnedForm
from grader.core.text.language import Language
from grader.core.text.messages import Message, MessageLike, gettext


@dataclass(frozen=True)
class ExplanationReport:
    """One explanation as a sentence. `kind` is `difference`, `mistake`, `relation`, `form`, `departure` or `repair`.

    `cell` is the name of the cell with the line, in the report's language; empty and None without a place.
    `certain`: the sentence is true of this very code; for an edit, that with all edits of the check it passes.
    """

    kind: str
    text: str
    cell: str = ""
    line: int | None = None
    certain: bool = True

    def as_json(self) -> dict[str, object]:
        """Return the documented JSON object."""
        cell = self.cell or None
        return {"kind": self.kind, "text": self.text, "cell": cell, "line": self.line, "certain": self.certain}


def list_explanations(
    result: CheckResult, mistakes: Mapping[str, Mistake], shown: Disclosure, language: Language
) -> tuple[ExplanationReport, ...]:
    """Return what is shown of the explanations of a result, in their order, each sentence once.

    Of a hidden check that is not opened, these are the hints of known mistakes, without a line.
    """
    closed = result.hidden and shown.hidden < HiddenDetail.EXPLANATIONS
    reports: dict[str, ExplanationReport] = {}
    for one in result.explanations:
        if closed and not isinstance(one, KnownMistake):
            continue
        has_place = not closed and shown.hints >= Hints.PLACE
        for kind, message, place in _describe(one, mistakes, shown.hints):
            text = collapse_to_one_line(language(message)) if kind != "mistake" else language(message)
            if place is None or not has_place:
                reports.setdefault(text, ExplanationReport(kind, text))
            else:
                cell = language(describe_cell_label(place.cell))
                reports.setdefault(text, ExplanationReport(kind, text, cell, place.line))
    return tuple(reports.values())


def _describe(
    one: Explanation, mistakes: Mapping[str, Mistake], hints: Hints
) -> Iterator[tuple[str, MessageLike, CodePlace | None]]:
    """Yield kind, sentence and place of an explanation; a kind of another version of the program has no sentence."""
    match one:
        case KnownMistake(name, place):
            if name in mistakes:
                yield "mistake", mistakes[name].hint, place
        case Relation():
            if is_known_relation(one):
                yield "relation", describe_relation(one), None
        case ReturnedForm():
            if (sentence := describe_returned_form(one)) is not None:
                yield "form", sentence, None
        case Departure():
            if hints >= Hints.PLACE:
                yield "departure", _describe_departure(one), one.place
        case Repair(edits):
            for edit in edits:
                if (message := describe_edit(edit, hints)) is not None:
                    yield "repair", message, edit.place


def _describe_departure(departure: Departure) -> Message:
    """Describe the first line after which a variable isn't what it should be."""
    place = departure.place
    fields: dict[str, object] = {"name": departure.variable, "line": place.line}
    if departure.kind == "shape":
        fields |= {"actual": format_shape(departure.actual), "expected": format_shape(departure.expected)}
    if is_numbered(place.cell):
        fields["cell"] = describe_cell_label(place.cell)
        if departure.kind == "shape":
            return gettext("`{name}` is {actual} after line {line} of {cell}; {expected} was expected.", **fields)
        return gettext("`{name}` has other values than expected after line {line} of {cell}.", **fields)
    if departure.kind == "shape":
        return gettext("`{name}` is {actual} after line {line}; {expected} was expected.", **fields)
    return gettext("`{name}` has other values than expected after line {line}.", **fields)
