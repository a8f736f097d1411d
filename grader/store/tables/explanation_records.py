"""Explanations of a wrong answer in the flat form in which `check_records` stores them.

A known mistake has a column, and a relation a field, since before there were several explanations: a result that has
just one of these is stored as then. All other explanations are in a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from grader.core.results.grading import CheckResult
from grader.core.results.reason import (
    CodePlace,
    Departure,
    Explanation,
    KnownMistake,
    Relation,
    Repair,
    RepairEdit,
    ReturnedForm,
)


@dataclass
class ExplanationRecord:
    """One explanation; `type` says which fields it uses."""

    type: Literal["mistake", "relation", "form", "departure", "repair"]
    name: str = ""
    kind: str = ""
    detail: str = ""
    variable: str = ""
    place: CodePlace | None = None
    actual: tuple[int, ...] = ()
    expected: tuple[int, ...] = ()
    edits: tuple[RepairEdit, ...] = ()


def make_explanation_records(check: CheckResult) -> tuple[ExplanationRecord, ...]:
    """Return the records of a result's explanations; none where the mistake's column, or the relation, says it all."""
    known = [] if check.mistake is None else [KnownMistake(check.mistake)]
    if check.explanations in (tuple(known), (check.relation,)):
        return ()
    return tuple(map(_make_record, check.explanations))


def read_explanation_records(
    mistake: str | None, relation: Relation | None, records: Sequence[ExplanationRecord]
) -> tuple[Explanation, ...]:
    """Return the explanations from which records were made."""
    if records:
        return tuple(map(_read_record, records))
    if mistake is not None:
        return (KnownMistake(mistake),)
    return () if relation is None else (relation,)


def _make_record(explanation: Explanation) -> ExplanationRecord:
    match explanation:
        case KnownMistake(name, place):
            return ExplanationRecord("mistake", name=name, place=place)
        case Relation(kind, detail):
            return ExplanationRecord("relation", kind=kind, detail=detail)
        case ReturnedForm(kind, detail):
            return ExplanationRecord("form", kind=kind, detail=detail)
        case Departure(kind, variable, place, actual, expected):
            return ExplanationRecord(
                "departure", kind=kind, variable=variable, place=place, actual=actual, expected=expected
            )
        case Repair(edits):
            return ExplanationRecord("repair", edits=edits)


def _read_record(record: ExplanationRecord) -> Explanation:
    place = record.place or CodePlace("", 1)
    match record.type:
        case "mistake":
            return KnownMistake(record.name, record.place)
        case "relation":
            return Relation(record.kind, record.detail)
        case "form":
            return ReturnedForm(record.kind, record.detail)
        case "departure":
            return Departure(record.kind, record.variable, place, record.actual, record.expected)
        case "repair":
            return Repair(record.edits)
