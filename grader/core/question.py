"""What is asked and how it is judged: questions, their checks, and the known mistakes. Made by `grader.authoring`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from numpy.random import Generator

from grader.core.compare import Tolerance
from grader.core.values import Value


class Kind(StrEnum):
    """The seven kinds of question."""

    CODE = "code"
    CHOICE = "choice"
    MATCHING = "matching"
    CODE_READING = "code_reading"
    DRAWING = "drawing"
    EXPERIMENT = "experiment"
    TEXT = "text"


@dataclass(frozen=True)
class Output:
    """Where the judged tensor is found after a call.

    `source` is the returned value, an argument (by position) or a local variable of the function at its return;
    `path` are the keys to follow from there. `label` is how a person writes it: `grad['W2']`. `local` is the local
    variable that holds a returned value: it is looked at where the function raises before it returns.
    """

    source: Literal["returned", "argument", "local"] = "returned"
    name: str | int | None = None
    path: tuple[str | int, ...] = ()
    label: str = ""
    local: str = ""

    @property
    def locals(self) -> tuple[str, ...]:
        """The local variables that have to be watched to find it."""
        name = self.name if self.source == "local" else self.local
        return (str(name),) if name else ()


RETURNED = Output()


@dataclass(frozen=True)
class Check:
    """One requirement: inputs from a seeded generator, a tolerance, points, visible or hidden.

    `inputs(rng)` gives the positional arguments of one call (anything but a tuple is the only one); `repeat` calls are
    made. `says` is the sentence that the learner reads. `holds(value, *args)`, where given, replaces the comparison
    with the reference by a property: it returns None, or what is wrong as one sentence.
    """

    name: str
    says: str
    points: float
    inputs: Callable[[Generator], Any]
    hidden: bool = False
    repeat: int = 1
    output: Output = RETURNED
    tolerance: Tolerance = Tolerance()
    holds: Callable[..., str | None] | None = None
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """A known wrong implementation with the same signature as the reference; `hint` is its docstring."""

    name: str
    hint: str
    function: Callable[..., Value]


@dataclass(frozen=True)
class Question:
    """One scored part of an exercise.

    `function` is the name that is called in the student's namespace; `reference` supplies the expected tensors.
    """

    id: str
    kind: Kind
    title: str
    checks: tuple[Check, ...]
    mistakes: tuple[Mistake, ...] = ()
    function: str = ""
    reference: Callable[..., Value] | None = None
    judges_in_place: bool = False
    """The question is about changing an argument in place, so that a changed one is no remark."""
    limits: Mapping[str, float] = field(default_factory=dict)

    @property
    def max_score(self) -> float:
        """Points of all checks together."""
        return sum(check.points for check in self.checks)
