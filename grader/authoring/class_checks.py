"""Checks of a class: their recorded steps, the names of what they judge, and the method that it depends on."""

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.random import Generator

from grader.authoring.record_steps import record_steps
from grader.core.errors import CourseError
from grader.core.questions.checks import Output
from grader.core.wire.observe_call import observe
from grader.core.wire.play_steps import find_global, find_method
from grader.core.wire.step_text import StepWriter
from grader.core.wire.steps import Operand, Step, Steps, list_leaves
from grader.core.wire.values import Opaque, Value

CONSTRUCTOR: Final = "__init__"
_MAX_LABEL_CHARS: Final = 60


@dataclass(frozen=True)
class RecordedCheck:
    """A check's function that uses a class; `inputs(rng)` records it. `first` are the inputs of a first trial."""

    inputs: Callable[[Generator], tuple[Value, ...]]
    reference: type
    first: tuple[Value, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the inputs, which are the steps and the arguments of their calls."""
        steps: Steps = self.first[0]
        taken: dict[str, None] = {"steps": None}
        for number, name in enumerate(steps.arguments, 1):
            unique = name if name and name not in taken else f"argument_{number}"
            taken[unique] = None
        return tuple(taken)

    def resolve(self, output: Output) -> Output:
        """Return the output with a label: the expression that gives it. Raises CourseError for a wrong key."""
        steps: Steps = self.first[0]
        chosen = [leaf for path, leaf in list_leaves(steps.result) if path == output.path[: len(path)]]
        is_whole = not output.path and len(list(list_leaves(steps.result))) > 1
        if not chosen and not is_whole:
            keys = ", ".join(repr(path[0]) for path, _ in list_leaves(steps.result) if path)
            raise CourseError(f"returned({', '.join(map(repr, output.path))}): what it returns has {keys or 'no keys'}")
        label = output.label
        if not label and not is_whole:
            label = StepWriter(steps, self.first).write(chosen[0])
            label += "".join(f"[{key!r}]" for key in output.path[_count_keys(steps.result, output.path) :])
        if len(label) > _MAX_LABEL_CHARS:
            label = ".".join(map(str, output.path)) or "the result"
        return replace(output, name=label or None, label=label)

    def find_method(self, output: Output) -> str:
        """Return the method of the class that gives an output, or that was called last before it was read."""
        steps: Steps = self.first[0]
        leaves = [leaf for path, leaf in list_leaves(steps.result) if path == output.path[: len(path)]]
        leaf = (leaves or [leaf for _, leaf in list_leaves(steps.result)])[-1]
        last = leaf[1] if leaf[0] == "slot" else len(steps.names) + len(steps.steps) - 1
        return self._find_method_of(steps, last) or next(
            (name for slot in range(last, -1, -1) if (name := self._find_method_of(steps, slot, is_chained=False))), ""
        )

    def _find_method_of(self, steps: Steps, slot: int, *, is_chained: bool = True) -> str:
        """Return the method or property whose result a slot holds, or is an item of; empty if it is none of these."""
        step = steps.get_step(slot)
        while is_chained and step is not None and step.kind in ("get", "item"):
            if step.kind == "get" and _is_property(self.reference, str(step.key)):
                return str(step.key)
            step = steps.get_step(step.target)
            if step is not None and _is_construction(steps, step):
                return ""
        if step is None or step.kind != "call":
            return ""
        if _is_construction(steps, step):
            return CONSTRUCTOR if find_method(self.reference, CONSTRUCTOR) else ""
        called = steps.get_step(step.target)
        name = str(called.key) if called is not None and called.kind == "get" else "__call__"
        return name if find_method(self.reference, name) else ""


def record_check(make: Callable[..., Any], reference: type, name: str) -> RecordedCheck:
    """Try a check's function once. Raises CourseError if it can't be recorded, or if the reference can't follow it."""
    parameters = list(inspect.signature(make).parameters)
    asked = reference.__name__
    if len(parameters) < 2:
        raise CourseError(f"the check {name} uses a class, which it takes besides rng: write def {name}(rng, {asked}):")
    names = [asked, *(one for one in parameters[1:] if one != asked)]
    if asked not in parameters:
        taken = ", ".join(parameters[1:])
        raise CourseError(f"the check {name} takes {taken}, but not the class {asked} that it is of")
    for one in names[1:]:
        try:
            find_global(reference, one)
        except NameError as error:
            raise CourseError(f"the check {name} takes {one}, which solution.py doesn't have") from error
    order = [names.index(one) for one in parameters[1:]]

    def inputs(rng: Generator) -> tuple[Value, ...]:
        return record_steps(make, rng, names, order, reference)

    try:
        first = inputs(np.random.default_rng(0))
    except CourseError as error:
        raise CourseError(f"the check {name}: {error}") from error
    if kind := _find_opaque(observe(reference, copy.deepcopy(first)).value):
        advice = "return what one of its attributes or calls gives"
        raise CourseError(f"the check {name} returns an object of type {kind}, which can't be judged: {advice}")
    return RecordedCheck(inputs, reference, first)


def find_class(reference: object, references: Sequence[object]) -> tuple[type, str] | None:
    """Return the class among the references that a method, property or class is of, and its name; None if none is."""
    for one in references:
        if not isinstance(one, type):
            continue
        if reference is one:
            return one, ""
        for name, member in vars(one).items():
            bound = getattr(one, name, None)
            if reference is member or (reference == bound and callable(bound)):
                return one, name
    return None


def _is_construction(steps: Steps, step: Step) -> bool:
    return step.kind == "call" and step.target < len(steps.names)


def _is_property(owner: type, name: str) -> bool:
    return isinstance(inspect.getattr_static(owner, name, None), property)


def _count_keys(result: Operand, path: tuple[Any, ...]) -> int:
    """Return how many of the keys lead to a place in what the author returns; the others lead into a value there."""
    return max((len(own) for own, _ in list_leaves(result) if own == path[: len(own)]), default=0)


def _find_opaque(value: Value) -> str:
    """Return the name of a type in a value that can't be judged; empty if there is none."""
    if isinstance(value, dict | list | tuple):
        return next(filter(None, map(_find_opaque, value.values() if isinstance(value, dict) else value)), "")
    return value.type_name if isinstance(value, Opaque) else ""
