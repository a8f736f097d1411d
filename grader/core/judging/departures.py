"""The first variable of a student's function that isn't what the reference has under its name.

A departure is a fact, not a guess. A student may lawfully calculate in another way; so nothing is said of a variable
unless it has the name of one of the reference's variables, departs in every failing case, agrees in every passing one,
and there is evidence that the name means the same: the question asks for it, it agrees in a passing case, or an edit of
the line that assigns it mends the result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.core.compare.tensors import Tolerance, as_tensor, compare
from grader.core.judging.reference_data import Trace
from grader.core.results.reason import CodePlace, Departure
from grader.core.wire.trace_function import Step
from grader.core.wire.values import Value


@dataclass(frozen=True)
class TracedCase:
    """One call: the student's steps, the reference's variables, and whether the judged output is right."""

    steps: Sequence[Step]
    reference: Trace
    is_right: bool
    tolerance: Tolerance


@dataclass(frozen=True)
class _Variable:
    """A variable at the end of a call: the line that assigned it last, and its value."""

    line: int
    value: Value
    expected: tuple[Value, ...]
    tolerance: Tolerance

    @property
    def agrees(self) -> bool:
        """Whether the value is one that the reference has under this name."""
        return any(compare(one, self.value, self.tolerance).mismatch is None for one in self.expected)

    @property
    def has_other_shape(self) -> bool:
        """Whether the reference has no value of this shape under this name."""
        return all(_get_shape(one) != _get_shape(self.value) for one in self.expected)


def find_departure(
    cases: Sequence[TracedCase], cell: str, is_asked: Callable[[str], bool] = lambda _: False
) -> Departure | None:
    """Return the departure that may explain all failing cases of an output; None without one.

    `cell` is the label of the function's cell. `is_asked` tells whether the question asks for a variable by name, so
    that its meaning is certain. A name that merely stands behind another one that agrees may mean something else.
    """
    failing = [_read_variables(case) for case in cases if not case.is_right]
    passing = [_read_variables(case) for case in cases if case.is_right]
    if not failing or not all(failing):
        return None
    order = sorted(failing[0], key=lambda name: failing[0][name].line)
    agreeing = 0
    for name in order:
        found = [variables[name] for variables in failing if name in variables]
        wrong = [variable for variable in found if not variable.agrees]
        if not wrong:
            agreeing += 1
            continue
        right = [variables[name].agrees for variables in passing if name in variables]
        is_certain = len(wrong) == len(failing) and all(right) and len({one.line for one in wrong}) == 1
        if not is_certain or not (right or agreeing or is_asked(name)):
            return None
        return _describe(name, wrong, cell)
    return None


def contradicts(departure: Departure, cases: Sequence[TracedCase]) -> bool:
    """Tell whether the variable departs in a case with a right output too, so that it isn't the reason."""
    found = [_read_variables(case).get(departure.variable) for case in cases if case.is_right]
    return any(variable is not None and not variable.agrees for variable in found)


def shows_meaning(departure: Departure, cases: Sequence[TracedCase]) -> bool:
    """Tell whether the variable agrees in a case with a right output, so that its name means the same."""
    found = [_read_variables(case).get(departure.variable) for case in cases if case.is_right]
    return any(variable is not None and variable.agrees for variable in found)


def is_reason(departure: Departure, edited_lines: Sequence[int], *, is_known: bool) -> bool:
    """Tell whether a departure may be told as the reason, beside edits of these lines that mend the result, if any.

    Where edits behind the departure mend, it is none. Unless `is_known` that the variable's name means the same, an
    edit of its line must mend.
    """
    line = departure.place.line
    if not is_known:
        return line in edited_lines
    return not edited_lines or any(edited <= line for edited in edited_lines)


def _describe(name: str, wrong: Sequence[_Variable], cell: str) -> Departure | None:
    place = CodePlace(cell, wrong[0].line)
    if all(variable.has_other_shape for variable in wrong):
        actual, expected = _get_shape(wrong[0].value), _get_shape(wrong[0].expected[-1])
        return Departure("shape", name, place, actual or (), expected or ())
    if any(variable.has_other_shape for variable in wrong):
        return None
    return Departure("values", name, place)


def _read_variables(case: TracedCase) -> dict[str, _Variable]:
    """Return the variables that the reference has under the same name, at the end of a call."""
    expected: dict[str, list[Value]] = {}
    for name, value in case.reference:
        if _get_shape(value) is not None:
            expected.setdefault(name, []).append(value)
    last: Mapping[str, tuple[int, Value]] = {name: (line, value) for line, name, value in case.steps}
    return {
        name: _Variable(line, value, tuple(expected[name]), case.tolerance)
        for name, (line, value) in last.items()
        if name in expected and _get_shape(value) is not None
    }


def _get_shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of a tensor or number; None for anything else."""
    if isinstance(value, bool | int | float | np.ndarray | np.generic):
        try:
            return tuple(as_tensor(value).shape)
        except ValueError:
            return None
    return None
