"""Replaces targets in a student's function: where a tensor is given for a target, it is assigned instead.

`delta2 = y - d` becomes `delta2 = GIVEN["…"] if "…" in GIVEN else y - d`, on its original lines. The code could read
every given tensor; a child is therefore only given tensors that come before the requested output. A function that
names a target otherwise is changed at the variable that has its place in the data flow.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from grader.core.wire.assignment_target import Target
from grader.core.wire.assignments import Assignment, Function, find_sole_assignment
from grader.core.wire.find_variables import find_targets
from grader.sandbox.inside.resume_after_errors import resume_after_errors

SUBSTITUTES_NAME: Final = "set right"  # not an identifier, so it can't clash with a name
_INNER: Final = (ast.Lambda, ast.ClassDef, ast.expr)

FunctionTargets = Mapping[str, Iterable[Target]]


class SubstituteTensors(dict[str, Any]):
    """The given tensors during one call, by key; records which of them were used."""

    def __init__(self, function: str, tensors: Mapping[str, Any]) -> None:
        super().__init__((_make_key(function, label), tensor) for label, tensor in tensors.items())
        self._labels = {_make_key(function, label): label for label in tensors}
        self.used_labels: dict[str, None] = {}

    def __getitem__(self, key: str) -> Any:
        tensor = super().__getitem__(key)
        self.used_labels[self._labels[key]] = None
        return tensor


def substitute(tree: ast.Module, targets: FunctionTargets) -> None:
    """Change the module's functions of these names; a target that isn't assigned exactly once stays unchanged.

    In these functions, a statement that raises no longer stops the next one.
    """
    for function in _find_functions(tree):
        if function.name not in targets:
            continue
        own = find_targets(function, targets[function.name])
        assignments = {target: find_sole_assignment(function, one) for target, one in own.items()}
        for target, found in assignments.items():
            if found is not None:
                _make_conditional(found, _make_key(function.name, target.label))
        resume_after_errors(function)


def _find_functions(node: ast.AST) -> Iterator[Function]:
    """Yield functions at the top level, also within `if` and the like; not methods or nested functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child
        elif not isinstance(child, _INNER):
            yield from _find_functions(child)


def _make_conditional(statement: Assignment, key: str) -> None:
    given = ast.Name(SUBSTITUTES_NAME, ast.Load())
    own = statement.value
    assert own is not None
    choice = ast.IfExp(
        test=ast.Compare(ast.Constant(key), [ast.In()], [given]),
        body=ast.Subscript(given, ast.Constant(key), ast.Load()),
        orelse=own,
    )
    statement.value = ast.fix_missing_locations(ast.copy_location(choice, own))


def _make_key(function: str, label: str) -> str:
    return f"{function}: {label}"
