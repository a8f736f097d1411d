"""Recognize the exercise of a file that names none, from the questions that it answers. Nothing is guessed.

A question is found by its id (a cell's metadata, or a line `question: ID`), or by a function or variable that it asks
for. An exercise fits if all its questions are there, or if all that was found belongs to it. Of two that fit, the one
with more questions is meant, or else the one that is complete.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.wire.submission import Cell, ParsedSubmission

_DEFINED: Final = re.compile(r"^(?:(?:async )?def )?([^\W\d]\w*)[ \t]*(?:\(|(?::[^=\n]{1,200})?=(?!=))", re.MULTILINE)
_MARKED: Final = re.compile(r"\bquestion\s{0,5}[:=]\s{0,5}[\"'`*_]{0,5}(\w+)", re.IGNORECASE)
_MAX_FIRST_LINE: Final = 500


@dataclass(frozen=True)
class _Match:
    """The names of an exercise's questions that a program has, and whether every question is among them."""

    exercise: str
    names: frozenset[str]
    is_complete: bool


def recognize_exercise(program: ParsedSubmission, exercises: Sequence[Exercise]) -> str | None:
    """Return the name of the only exercise that fits; None if none fits, or more than one."""
    defined = frozenset(name for cell in program.cells for name in _list_names(cell))
    matches = [_match(exercise, defined) for exercise in exercises]
    found = frozenset(name for one in matches for name in one.names)
    possible = [one for one in matches if one.is_complete or (found and one.names == found)]
    fitting = [one for one in possible if not any(one.names < other.names for other in possible)]
    fitting = [one for one in fitting if one.is_complete] or fitting
    return fitting[0].exercise if len(fitting) == 1 else None


def _list_names(cell: Cell) -> Iterable[str]:
    """Yield the question that a cell names in its metadata or first line, and the names that its code defines."""
    if cell.question:
        yield cell.question
    first = cell.source.lstrip().partition("\n")[0][:_MAX_FIRST_LINE]
    if marked := _MARKED.search(first):
        yield marked[1]
    if cell.kind != "markdown":
        yield from _DEFINED.findall(cell.source)


def _match(exercise: Exercise, defined: frozenset[str]) -> _Match:
    found = [_find_question(question, defined) for question in exercise.questions]
    return _Match(exercise.name, frozenset().union(*found), all(found))


def _find_question(question: Question, defined: frozenset[str]) -> frozenset[str]:
    """Return the names by which a question is found; several functions are found only together."""
    asked = frozenset(question.functions or question.variables)
    return (asked if asked and asked <= defined else frozenset()) | ({question.id} & defined)
