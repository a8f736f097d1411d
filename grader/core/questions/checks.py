"""The checks of a question: of a function, of an answer that is data, or of a text."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from numpy.random import Generator

from grader.core.compare.tensors import Tolerance
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import MessageLike
from grader.core.wire.assignment_target import FlowRole, PathKey
from grader.core.wire.job import Action, ActionResult
from grader.core.wire.values import Value


@dataclass(frozen=True)
class Output:
    """The place of the judged tensor after a call.

    `source` is the returned value, an argument (by position) or a local variable of the function when it returns;
    `path` has the keys to follow from there. `label` is its notation for people: `grad['W2']`. `local` is the local
    variable that holds a returned value; it is used if the function raises before it returns. `role` is the place of a
    local variable in the reference's data flow: a student's function may give it another name.
    """

    source: Literal["returned", "argument", "local"] = "returned"
    name: str | int | None = None
    path: tuple[str | int, ...] = ()
    label: str = ""
    local: str = ""
    role: FlowRole | None = None

    @property
    def locals(self) -> tuple[str, ...]:
        """The local variables that must be observed to find it."""
        name = self.name if self.source == "local" else self.local
        return (str(name),) if name else ()

    @property
    def roles(self) -> dict[str, FlowRole]:
        """The roles of the local variables that may have other names."""
        return {str(self.name): self.role} if self.source == "local" and self.role else {}

    @property
    def part(self) -> PathKey | None:
        """The key of the judged part of the returned value, if it isn't judged as a whole."""
        return self.path[0] if self.source == "returned" and self.path else None


RETURN_VALUE = Output()


@dataclass(frozen=True)
class Check:
    """One check of a function: inputs from a seeded generator, a tolerance, points, visible or hidden.

    `inputs(rng)` returns the positional arguments of one call (a value other than a tuple is the only argument);
    `repeat` calls are made. `says` is the sentence that the learner reads. If given, `holds(value, *args)` replaces the
    comparison with the reference by a property: it returns None, or one sentence about the error. `function` and
    `reference` are set if the question asks for several functions.

    In a check of a class, the function is the class, and the inputs are `Steps` and the arguments of their calls, with
    the names `parameters`. `method` is the method of the class that the output depends on last.
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
    parameters: tuple[str, ...] = ()
    method: str = ""

    @property
    def is_of_class(self) -> bool:
        """Whether it uses a class, rather than calling a function once."""
        return bool(self.parameters)


@dataclass(frozen=True)
class Probe:
    """Actions in a student's namespace, and the rule that judges their results. Only a Parse may have raised."""

    actions: tuple[Action, ...]
    rule: Callable[[tuple[ActionResult, ...]], RuleResult]


@dataclass(frozen=True)
class AnswerCheck:
    """One check of an answer that isn't compared with a reference function: a choice, a drawing, a curve.

    `make_probe(rng)` returns the actions and their rule; it is called once for all submissions.
    """

    name: str
    says: MessageLike
    points: float
    make_probe: Callable[[Generator], Probe]
    hidden: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TextCheck:
    """One check of an answer in prose, judged without running anything."""

    name: str
    says: MessageLike
    points: float
    rule: Callable[[str], RuleResult]
    hidden: bool = False


AnyCheck = Check | AnswerCheck | TextCheck


@cache
def list_parameters(reference: Callable[..., Value] | None) -> tuple[str, ...]:
    """Return the names of the reference's arguments; none if it has no signature."""
    try:
        return tuple(inspect.signature(reference).parameters) if reference else ()
    except ValueError:  # some of numpy's own functions
        return ()
