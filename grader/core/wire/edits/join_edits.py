"""One edit of what is repeated: the same wrong axis or name at several places, all of them mended at once."""

from collections.abc import Iterator, Sequence
from typing import Final

from grader.core.wire.edits.combine import ConflictingEditsError, apply_edits
from grader.core.wire.edits.edit import Edit, EditKind, Span, split_lines

_REPEATED: Final = frozenset(
    {EditKind.NAME, EditKind.AXIS, EditKind.KEEPDIMS, EditKind.NUMPY_FUNCTION, EditKind.KEY, EditKind.COPY}
)
_MAX_PLACES: Final = 4
_MAX_JOINED: Final = 40
_MAX_CHARS: Final = 600
"""Greatest length of the text from the first place to the last one."""


def join_equal_edits(edits: Sequence[Edit], source: str) -> list[Edit]:
    """Return, for each change that may be made at several places, the one edit that makes it at all of them."""
    groups: dict[tuple[EditKind, str, str], list[Edit]] = {}
    for edit in edits:
        if edit.kind in _REPEATED and edit.before:
            groups.setdefault((edit.kind, *_find_change(edit)), []).append(edit)
    joined = (_join(group, source) for group in groups.values() if 1 < len(group) <= _MAX_PLACES)
    return [edit for edit in joined if edit is not None][:_MAX_JOINED]


def split_by_line(edit: Edit) -> Iterator[tuple[int, str, str]]:
    """Yield the lines that an edit changes, with their texts before and after.

    An edit of one statement, or one that changes the number of lines, has the place where it begins alone.
    """
    before, after = edit.before.split("\n"), edit.after.split("\n")
    if edit.kind not in _REPEATED or len(before) != len(after):
        yield edit.span.first_line, edit.before, edit.after
        return
    pairs = enumerate(zip(before, after, strict=True), edit.span.first_line)
    yield from ((line, one, other) for line, (one, other) in pairs if one != other)


def _find_change(edit: Edit) -> tuple[str, str]:
    """Return what differs between the texts before and after an edit."""
    one, other = edit.before, edit.after
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return one, other


def _join(group: Sequence[Edit], source: str) -> Edit | None:
    """Return one edit from the first place to the last one; None if they lie within each other, or far apart."""
    try:
        edited = apply_edits(source, group)
    except ConflictingEditsError:
        return None
    first = min(edit.span.first_line for edit in group)
    last = max(edit.span.last_line for edit in group)
    lines, made = split_lines(source), split_lines(edited)
    if len(lines) != len(made):
        return None
    before, after = ("".join(some[first - 1 : last]).removesuffix("\n") for some in (lines, made))
    end = len(lines[last - 1].removesuffix("\n"))
    return Edit(group[0].kind, Span(first, 0, last, end), before, after) if len(before) <= _MAX_CHARS else None
