"""Explanations of wrong answers as sentences, each with the line of code that it speaks of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.core.questions.question import Mistake
from grader.core.report.edit_text import describe_edit, describe_edit_at_line
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
    `at_line` is the sentence for a reader who sees the line beside it: it doesn't name the line again.
    """

    kind: str
    text: str
    cell: str = ""
    line: int | None = None
    certain: bool = True
    at_line: str = ""

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
        for said in _describe(one, mistakes, shown.hints):
            text = collapse_to_one_line(language(said.message)) if said.kind != "mistake" else language(said.message)
            if said.place is None or not has_place:
                reports.setdefault(text, ExplanationReport(said.kind, text))
            else:
                cell = language(describe_cell_label(said.place.cell))
                short = collapse_to_one_line(language(said.at_line)) if said.at_line else text
                report = ExplanationReport(said.kind, text, cell, said.place.line, at_line=_capitalize(short))
                reports.setdefault(text, report)
    return tuple(reports.values())


def _capitalize(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True)
class _Sentence:
    """A sentence with its kind and place; `at_line` is shorter where the line is beside it, or None."""

    kind: str
    message: MessageLike
    place: CodePlace | None = None
    at_line: MessageLike | None = None


def _describe(one: Explanation, mistakes: Mapping[str, Mistake], hints: Hints) -> Iterator[_Sentence]:
    """Yield the sentences of an explanation; a kind of another version of the program has none."""
    match one:
        case KnownMistake(name, place):
            if name in mistakes:
                yield _Sentence("mistake", mistakes[name].hint, place)
        case Relation():
            if is_known_relation(one):
                yield _Sentence("relation", describe_relation(one))
        case ReturnedForm():
            if (sentence := describe_returned_form(one)) is not None:
                yield _Sentence("form", sentence)
        case Departure():
            if hints >= Hints.PLACE:
                yield _Sentence("departure", _describe_departure(one), one.place, _describe_departure_at_line(one))
        case Repair(edits):
            for edit in edits:
                if (message := describe_edit(edit, hints)) is not None:
                    yield _Sentence("repair", message, edit.place, describe_edit_at_line(edit, hints))


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


def _describe_departure_at_line(departure: Departure) -> Message:
    name = departure.variable
    if departure.kind == "shape":
        actual, expected = format_shape(departure.actual), format_shape(departure.expected)
        return gettext(
            "`{name}` is {actual} after this line; {expected} was expected.",
            name=name,
            actual=actual,
            expected=expected,
        )
    return gettext("`{name}` has other values than expected after this line.", name=name)
