"""Several files of one student for one exercise, handed in together: the one that counts, in words."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.results.policy import Attempt, Policy, ScoreSheet, score_attempts
from grader.store import Store

_MAX_NAMED_FILES: Final = 5


@dataclass(frozen=True)
class HandedInFile:
    """A recorded file: its student, its exercise, its path as it is shown, and the number of the attempt."""

    student: str
    exercise: str
    path: str
    attempt: int


def group_files(files: Iterable[HandedInFile]) -> list[list[HandedInFile]]:
    """Return the files of each student and exercise of which there are several."""
    groups: dict[tuple[str, str], dict[str, HandedInFile]] = {}
    for one in files:
        groups.setdefault((one.student, one.exercise), {})[one.path] = one
    return [list(group.values()) for group in groups.values() if len(group) > 1]


def describe_counted_file(files: Sequence[HandedInFile], sheet: ScoreSheet | None, *, graded: bool) -> str:
    """Return a sentence that names the file that counts, and says why."""
    first = files[0]
    names = _shorten_paths([one.path for one in files])
    listed = _list_some(names)
    intro = f"{first.student}: {len(files)} files for {first.exercise}"
    if len({one.attempt for one in files}) == 1:
        return f"{intro}: {' and '.join(listed)} are the same, attempt {first.attempt}"
    counted = sheet.counted_attempt.attempt.number if sheet and sheet.counted_attempt else None
    if sheet is not None and sheet.policy.counts == "best" and not graded:
        return f"{intro}: {', '.join(listed)}; the best one counts, which grading tells"
    if sheet is None or counted is None:
        return f"{intro}: {', '.join(listed)}; none of them counts yet"
    chosen = [name for name, one in zip(names, files, strict=True) if one.attempt == counted]
    if not chosen:
        return f"{intro}: attempt {counted}, handed in at another time, counts, {_explain(sheet)}"
    place = sheet.attempts.index(sheet.counted_attempt) + 1 if sheet.counted_attempt else counted
    return f"{intro}: {chosen[0]} counts, {_explain(sheet)} (attempt {place} of {len(sheet.attempts)})"


def score_recorded(store: Store, policy: Policy, file: HandedInFile) -> ScoreSheet:
    """Return the calculation of which recorded attempt counts, as if none had points."""
    recorded = store.submissions(student=file.student, exercise=file.exercise)
    current = {one.attempt: one for one in recorded}.values()
    return score_attempts(policy, [Attempt(one.number, one.received_at, 0.0, 0.0, 0.0, one.attempt) for one in current])


def _explain(sheet: ScoreSheet) -> str:
    if sheet.policy.counts == "best":
        return "as the best one"
    is_last = sheet.counted_attempt is not None and sheet.counted_attempt == sheet.attempts[-1]
    return "as the last one" if is_last else f"as the last within the limit of {sheet.policy.attempts}"


def _list_some(names: Sequence[str]) -> list[str]:
    """Return the first names, and the number of the others."""
    more = len(names) - _MAX_NAMED_FILES
    return [*names[:_MAX_NAMED_FILES], f"{more} more"] if more > 1 else list(names)


def _shorten_paths(paths: Sequence[str]) -> list[str]:
    """Return the files' names, or their paths where two have the same name."""
    names = [os.path.basename(path) for path in paths]
    return names if len(set(names)) == len(names) else list(paths)
