"""What is asked and how it is judged: questions, their checks, and the known mistakes. Made by `grader.authoring`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from numpy.random import Generator

from grader.core.compare.tensors import Tolerance
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import MessageLike
from grader.core.wire.job import Action, ActionResult
from grader.core.wire.values import Value


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


RETURN_VALUE = Output()


@dataclass(frozen=True)
class Check:
    """One requirement: inputs from a seeded generator, a tolerance, points, visible or hidden.

    `inputs(rng)` gives the positional arguments of one call (anything but a tuple is the only one); `repeat` calls are
    made. `says` is the sentence that the learner reads. `holds(value, *args)`, where given, replaces the comparison
    with the reference by a property: it returns None, or what is wrong as one sentence. `function` and `reference` are
    set where the question asks for several functions.
    """

    name: str
    says: MessageLike
    points: float
    inputs: Callable[[Generator], Any]
    hidden: bool = False
    repeat: int = 1
    output: Output = RETURN_VALUE
    tolerance: Tolerance = Tolerance()
    holds: Callable[..., MessageLike | None] | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    function: str = ""
    reference: Callable[..., Value] | None = None


@dataclass(frozen=True)
class Probe:
    """What is asked of a namespace, and the rule that judges all that came back. Only a Parse may have raised."""

    actions: tuple[Action, ...]
    rule: Callable[[tuple[ActionResult, ...]], RuleResult]


@dataclass(frozen=True)
class AnswerCheck:
    """One requirement of an answer which is no function of a reference's: a choice, a drawing, a curve.

    `make_probe(rng)` says what is read or called, and how it is judged; it is called once for all submissions.
    """

    name: str
    says: MessageLike
    points: float
    make_probe: Callable[[Generator], Probe]
    hidden: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TextCheck:
    """One requirement of an answer in prose, judged without running anything."""

    name: str
    says: MessageLike
    points: float
    rule: Callable[[str], RuleResult]
    hidden: bool = False


AnyCheck = Check | AnswerCheck | TextCheck


@dataclass(frozen=True)
class Mistake:
    """A known wrong implementation with the same signature as the reference; `hint` is its docstring.

    `of` names the function, where the question asks for several. A `convention` is right mathematics in another form:
    it earns no more than another mistake, but is told in other words.
    """

    name: str
    hint: str
    function: Callable[..., Value]
    of: str = ""
    convention: bool = False


@dataclass(frozen=True)
class Question:
    """One scored part of an exercise.

    `function` is the name that is called in the student's namespace; `reference` supplies the expected tensors. Where
    several are asked for, these are the first, and each check has its own. `variables` are the names that other answers
    go by. `rubric` (item: points) and `ideal` are what a person marks a text by; neither is for students.
    """

    id: str
    kind: Kind
    title: str
    checks: tuple[AnyCheck, ...]
    mistakes: tuple[Mistake, ...] = ()
    function: str = ""
    reference: Callable[..., Value] | None = None
    judges_in_place: bool = False
    """The question is about changing an argument in place, so that a changed one is no remark."""
    limits: Mapping[str, float] = field(default_factory=dict)
    variables: tuple[str, ...] = ()
    rubric: Mapping[str, float] = field(default_factory=dict)
    ideal: str = ""

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of all functions that it asks for."""
        own = [check.function for check in self.checks if isinstance(check, Check) and check.function]
        return tuple(dict.fromkeys([self.function, *own])) if self.function else ()

    def function_of(self, check: Check) -> str:
        """The name of the function that a check calls."""
        return check.function or self.function

    def reference_of(self, check: Check) -> Callable[..., Value] | None:
        """The function that a check's expected tensors come from."""
        return check.reference or self.reference

    def mistakes_of(self, check: Check) -> tuple[Mistake, ...]:
        """The known mistakes of the function that a check calls."""
        return tuple(m for m in self.mistakes if (m.of or self.function) == self.function_of(check))

    @property
    def max_score(self) -> float:
        """Points of all checks together."""
        return sum(check.points for check in self.checks)
