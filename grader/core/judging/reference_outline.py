"""The variables that can be set right in a function: the outputs that its question judges, in the reference's order."""

import ast
import copy
import inspect
import textwrap
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from grader.core.judging.dataflow import find_dependencies
from grader.core.judging.reference_data import CallFailure, select_output
from grader.core.questions.checks import Check, Output
from grader.core.wire.assignment_target import PathKey, Target
from grader.core.wire.assignments import Function, find_sole_assignment
from grader.core.wire.find_variables import describe_roles
from grader.core.wire.job import ActionResult
from grader.core.wire.observe_call import observe
from grader.core.wire.values import Value


@dataclass(frozen=True)
class ReferenceOutline:
    """A reference's targets in the order of their assignment, and the parts of its whole result.

    `before` has for each target the earlier ones on which it depends. `parts` has for each key of the returned dict, or
    position in the returned tuple, the number of its target.
    """

    targets: tuple[Target, ...] = ()
    before: tuple[frozenset[int], ...] = ()
    parts: Mapping[PathKey, int] = field(default_factory=dict)

    def find_target(self, output: Output) -> int | None:
        """Return the number of the target that is an output, or None."""
        if output.source == "returned" and output.path[1:] == () and output.path:
            return self.parts.get(output.path[0])
        target = Target(str(output.name), output.path)
        return self.targets.index(target) if output.source == "local" and target in self.targets else None

    def output(self, number: int, key: PathKey) -> Output:
        """Return the output for a target that is this part of the returned value, even if nothing is returned."""
        target = self.targets[number]
        return Output("returned", None, (key,), target.label, target.name if target.path else "")


def add_local_roles(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks; those of local variables with the places of these in the reference's data flow."""
    given = tuple(checks)
    names: dict[object, dict[str, None]] = {}
    for check in given:
        if check.output.source == "local":
            names.setdefault(check.reference, {})[str(check.output.name)] = None
    parsed = {reference: _parse_reference(reference) for reference in names if callable(reference)}
    roles = {reference: describe_roles(tree, tuple(names[reference])) for reference, tree in parsed.items() if tree}
    return tuple(
        replace(check, output=replace(check.output, role=roles[check.reference][str(check.output.name)]))
        if check.output.source == "local" and check.reference in roles
        else check
        for check in given
    )


def list_returned_names(reference: Callable[..., Value] | None) -> tuple[str, ...]:
    """Return the variables of the tuple that a reference returns; none for another result, or without its source."""
    function = _parse_reference(reference)
    names = _find_returned_names(function) if function else ()
    return () if isinstance(names, str) or "" in names else names


def build_reference_outline(reference: Callable[..., Value] | None, outputs: Iterable[Output]) -> ReferenceOutline:
    """Build the outline of a reference with these judged outputs; empty if its source can't be read."""
    function = _parse_reference(reference)
    if function is None:
        return ReferenceOutline()
    returned = _find_returned_names(function)
    places: dict[Target, PathKey | None] = {}
    for output in outputs:
        if output.source == "local":
            places.setdefault(Target(str(output.name), output.path))
        elif output.source == "returned" and len(output.path) == 1:
            key = output.path[0]
            if isinstance(returned, str):
                places[Target(returned, (key,))] = key
            elif isinstance(key, int) and -1 < key < len(returned) and returned[key]:
                places[Target(returned[key])] = key
    if not isinstance(returned, str):
        places |= {Target(name): key for key, name in enumerate(returned) if Target(name) in places}
    found = {
        target: statement for target in places if (statement := find_sole_assignment(function, target)) is not None
    }
    roles = describe_roles(function, [target.name for target in found if not target.path and places[target] is None])
    found = {
        replace(target, part=places[target], role=roles.get(target.name)): statement
        for target, statement in found.items()
    }
    targets = sorted(found, key=lambda target: (found[target].lineno, found[target].col_offset))
    parts = {part: number for number, target in enumerate(targets) if (part := places[target]) is not None}
    needed = [find_dependencies(function, target, found) for target in targets]
    before = (frozenset(n for n in range(number) if targets[n] in needed[number]) for number in range(len(targets)))
    return ReferenceOutline(tuple(targets), tuple(before), parts)


def compute_expected_targets(
    reference: Callable[..., Value], args: tuple[Value, ...], targets: Iterable[Target]
) -> dict[str, Value]:
    """Return the values that a reference assigns to targets, by label, in a call with copies of these arguments."""
    wanted = tuple(targets)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        observed = observe(reference, copy.deepcopy(args), dict.fromkeys(target.name for target in wanted))
    result = ActionResult(observed.value, locals=observed.locals)
    values = {target.label: select_output(Output("local", target.name, target.path), result) for target in wanted}
    return {label: value for label, value in values.items() if not isinstance(value, CallFailure)}


def _parse_reference(reference: Callable[..., Value] | None) -> Function | None:
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(reference))).body if reference else []
    except (OSError, TypeError, SyntaxError):  # a built-in, a lambda in the middle of a line
        return None
    return body[0] if body and isinstance(body[0], Function) else None


def _find_returned_names(function: Function) -> str | tuple[str, ...]:
    """Return the variable that a function returns at its end, or those of the returned tuple; else none.

    An item of the tuple that isn't a variable has an empty name.
    """
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
    match returns[-1].value if returns else None:
        case ast.Name(name):
            return name
        case ast.Tuple(items) if not any(isinstance(item, ast.Starred) for item in items):
            return tuple(item.id if isinstance(item, ast.Name) else "" for item in items)
    return ()
