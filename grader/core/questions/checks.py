"""The requirements of a question: a check of a function, of an answer that is data, or of a text."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from numpy.random import Generator

from grader.core.compare.tensors import Tolerance
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import MessageLike
from grader.core.wire.job import Action, ActionResult
from grader.core.wire.values import Value


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


@cache
def list_parameters(reference: Callable[..., Value] | None) -> tuple[str, ...]:
    """The names of the function's arguments, as the reference has them; none where it doesn't tell them."""
    try:
        return tuple(inspect.signature(reference).parameters) if reference else ()
    except ValueError:  # some of numpy's own functions
        return ()
