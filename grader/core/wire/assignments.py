"""Which statement of a function assigns a variable, or what lies in one under a key, if exactly one does.

Used on both sides of the wall: of a reference it tells what can be set right, of a student's function where.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.core.wire.assignment_target import PathKey, Target

Function = ast.FunctionDef | ast.AsyncFunctionDef
Assignment = ast.Assign | ast.AnnAssign

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True)
class VariableAccess:
    """A store, read or deletion in a text; a key that isn't constant is None. `statement` is the assignment."""

    name: str
    path: tuple[PathKey | None, ...] = ()
    statement: Assignment | None = None

    def may_affect(self, target: Target) -> bool:
        """It may change the target: it is the target, or lies in it."""
        if self.name != target.name or len(self.path) < len(target.path):
            return False
        return all(key is None or key == wanted for key, wanted in zip(self.path, target.path, strict=False))


def find_sole_assignment(function: Function, target: Target) -> Assignment | None:
    """The one statement `target = …` of a function; None where there is none, another store too, or it is in a loop.

    Tuples, augmented assignments, `for`, `with … as`, deletions and the like count as other stores. What nested
    functions do is their own, unless they declare the name nonlocal.
    """
    stores = [store for store in _find_stores(function) if store.may_affect(target)]
    if len(stores) != 1 or stores[0].path != target.path:
        return None
    return stores[0].statement


def _find_stores(function: Function) -> Iterator[VariableAccess]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    yield from (VariableAccess(argument.arg) for argument in named if argument)
    for statement in function.body:
        yield from _find_stores_in(statement, in_loop=False)


def _find_stores_in(node: ast.AST, *, in_loop: bool) -> Iterator[VariableAccess]:
    if isinstance(node, _SCOPES):
        if not isinstance(node, ast.Lambda):
            yield VariableAccess(node.name)
        yield from (
            VariableAccess(n) for inner in ast.walk(node) if isinstance(inner, ast.Nonlocal) for n in inner.names
        )
        return
    if isinstance(node, Assignment) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if len(targets) == 1 and isinstance(targets[0], ast.Name | ast.Subscript):
            if (store := parse_variable_access(targets[0])) is not None:
                yield store if in_loop else VariableAccess(store.name, store.path, node)
            yield from _find_stores_in(node.value, in_loop=in_loop)
            return
    yield from _find_bound_names(node)
    if (
        isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
        and (store := parse_variable_access(node)) is not None
    ):
        yield store
    for child in ast.iter_child_nodes(node):
        yield from _find_stores_in(child, in_loop=in_loop or isinstance(node, _LOOPS))


def _find_bound_names(node: ast.AST) -> Iterator[VariableAccess]:
    """Names that a node binds by a text: imports, exceptions, patterns, declarations."""
    match node:
        case ast.Import(names) | ast.ImportFrom(names=names):
            yield from (VariableAccess((alias.asname or alias.name).partition(".")[0]) for alias in names)
        case ast.Global(names) | ast.Nonlocal(names):
            yield from map(VariableAccess, names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield VariableAccess(name)
        case ast.MatchMapping(rest=str(name)):
            yield VariableAccess(name)


def parse_variable_access(node: ast.AST) -> VariableAccess | None:
    """The variable that a name or subscript begins with, and its keys; None of anything else."""
    path: list[PathKey | None] = []
    while isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        path.append(key if isinstance(key, str | int) else None)
        node = node.value
    return VariableAccess(node.id, tuple(reversed(path))) if isinstance(node, ast.Name) else None
