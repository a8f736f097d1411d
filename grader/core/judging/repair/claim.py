"""The claim that edits mend a function: confirmed with other inputs, and with hidden checks, or not made at all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from grader.core.compare.tensors import as_tensor
from grader.core.judging.repair.subject import Quality, RepairSubject, is_passed
from grader.core.results.reason import CodePlace, Repair, RepairEdit
from grader.core.wire.edits.edit import Edit, EditKind
from grader.core.wire.edits.join_edits import split_by_line
from grader.core.wire.values import Value

_MIN_NUMBERS: Final = 3
"""Least count of different numbers that a part of the checks must expect: fewer may be right by chance."""
_MAX_NUMBERS: Final = 100
"""Numbers of one tensor that are counted."""
_MIN_CONFIRMING: Final = 2
"""Least number of mended hidden checks that confirm it otherwise."""

Found = Mapping[str, tuple[Quality, ...]]


@dataclass(frozen=True)
class Confirmation:
    """The qualities of the edited function in a process of its own, by the check's name.

    `visible` are those of the visible checks, `further` of the same ones with other inputs, `hidden` of hidden checks.
    """

    visible: Found
    further: Found
    hidden: Found


def list_mended(
    subject: RepairSubject, edits: Sequence[Edit], confirmed: Confirmation, hidden_base: Found
) -> frozenset[str]:
    """Return the names of the checks that pass with the edits only, visible and hidden; none if nothing is claimed.

    A claim needs: every visible check that passed still passes; what passes with the edits also does so with other
    inputs; no hidden check is broken; one of the mended visible checks can't be passed by a trivial answer. Unless all
    visible checks pass, there are as many mended ones as edits, and enough numbers that are right now; or else hidden
    checks are mended too.
    """
    passed = {name for name, found in confirmed.visible.items() if is_passed(found)}
    mended = passed - subject.passed
    hidden = {name for name, found in confirmed.hidden.items() if is_passed(found) and not is_passed(hidden_base[name])}
    if not subject.passed <= passed or not mended - subject.weak:
        return frozenset()
    if len(passed) < len(subject.visible):
        is_shown = _count_numbers(subject, mended) >= _MIN_NUMBERS or len(hidden) >= _MIN_CONFIRMING
        if len(mended) < len(edits) or not is_shown:
            return frozenset()
    if any(not is_passed(found) for name, found in confirmed.further.items() if name in passed):
        return frozenset()
    if any(is_passed(found) and not is_passed(confirmed.hidden.get(name, ())) for name, found in hidden_base.items()):
        return frozenset()
    return frozenset(mended | hidden)


def _count_numbers(subject: RepairSubject, names: Collection[str]) -> int:
    """Count the different numbers that these checks expect."""
    numbers: set[float] = set()
    for part in subject.visible:
        if part.check.name in names:
            for case in part.cases:
                numbers.update(_list_numbers(case.expected))
    return len(numbers)


def _list_numbers(value: Value) -> Iterator[float]:
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _list_numbers(item)
        return
    try:
        yield from np.ravel(as_tensor(value))[:_MAX_NUMBERS].tolist()
    except ValueError:
        return


def build_repair(subject: RepairSubject, edits: Sequence[Edit]) -> Repair:
    """Return the repair with the places of its edits, in the order of the text.

    A line that is added at the top changes the parameters: its place is where these stand, the function's first line.
    """
    head = _find_head(subject.source)
    ordered = sorted(edits, key=lambda edit: (edit.span.first_line, edit.span.first_column))
    parts = [(edit.kind, *part) for edit in ordered for part in split_by_line(edit)]
    made = []
    for kind, line, before, after in parts:
        is_at_top = not before and kind is not EditKind.PARAMETER
        place = CodePlace(subject.cell, subject.first_line + (head if is_at_top else line) - 1)
        made.append(RepairEdit(str(kind), place, *_trim(kind, before, after)))
    return Repair(tuple(made))


def _find_head(source: str) -> int:
    """Return the line of a function's text on which its definition begins, behind decorators."""
    lines = source.split("\n")
    return next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith(("def ", "async def "))), 1)


def _trim(kind: EditKind, before: str, after: str) -> tuple[str, str]:
    """Return the texts before and after an edit; only those of a moved statement keep their indentation."""
    if kind is EditKind.MOVED_STATEMENT:
        return before.rstrip(), after.rstrip()
    return before.strip(), after.strip()
