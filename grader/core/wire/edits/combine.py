"""Several edits of one source text together: each replaces only what differs, so that one may lie within another."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from grader.core.wire.edits.edit import Edit, split_lines

MAX_EDITS: Final = 8
"""Greatest number of edits that are applied together."""


class ConflictingEditsError(ValueError):
    """Two edits change the same text, or an edit doesn't fit the source."""


@dataclass(frozen=True, order=True)
class _Hunk:
    """A replaced part of a text, by its first character and the one behind its last."""

    start: int
    end: int
    text: str


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """Return the source with all edits, each made for the source as it is.

    Raises ConflictingEditsError if two of them change the same text, or one doesn't fit.
    """
    lines = split_lines(source)
    starts = list(accumulate(map(len, lines), initial=0))
    whole = "".join(lines)
    hunks = sorted(hunk for edit in edits for hunk in _split(edit, starts, whole))
    for one, other in pairwise(hunks):
        if one.end > other.start or (one.start, one.end) == (other.start, other.end):
            raise ConflictingEditsError("two edits change the same text")
    parts: list[str] = []
    done = 0
    for hunk in hunks:
        parts += [whole[done : hunk.start], hunk.text]
        done = hunk.end
    return "".join([*parts, whole[done:]])


def are_compatible(source: str, edits: Iterable[Edit]) -> bool:
    """Tell whether the edits can be applied together."""
    try:
        apply_edits(source, edits)
    except ConflictingEditsError:
        return False
    return True


def _split(edit: Edit, starts: list[int], whole: str) -> list[_Hunk]:
    """Return what an edit inserts before and behind the text that it keeps, or the part that differs."""
    span = edit.span
    if not 1 <= span.first_line <= span.last_line < len(starts):
        raise ConflictingEditsError("an edit lies outside of the text")
    start, end = starts[span.first_line - 1] + span.first_column, starts[span.last_line - 1] + span.last_column
    before, after = edit.before, edit.after
    if whole[start:end] != before:
        raise ConflictingEditsError("an edit belongs to another text")
    kept = after.find(before) if before else -1
    if kept > 0 and kept + len(before) < len(after):
        return [_Hunk(start, start, after[:kept]), _Hunk(end, end, after[kept + len(before) :])]
    prefix = _count_common(before, after)
    suffix = _count_common(before[prefix:][::-1], after[prefix:][::-1])
    return [_Hunk(start + prefix, end - suffix, after[prefix : len(after) - suffix])]


def _count_common(one: str, other: str) -> int:
    """Count the characters with which both texts begin."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
