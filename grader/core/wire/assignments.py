"""Find the only statement of a function that assigns a variable, or an item of one under a key.

Both sides of the sandbox use it: for a reference, to find the variables that can be corrected; for a student's
function, to find the statement to replace.
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
    """A store, read or deletion of a variable; a key that isn't constant is None. `statement` is the assignment."""

    name: str
    path: tuple[PathKey | None, ...] = ()
    statement: Assignment | None = None

    def may_affect(self, target: Target) -> bool:
        """Tell whether a store may change the target, because it is the target or lies in it."""
        if self.name != target.name or len(self.path) < len(target.path):
            return False
        return all(key is None or key == wanted for key, wanted in zip(self.path, target.path, strict=False))


def find_sole_assignment(function: Function, target: Target) -> Assignment | None:
    """Return the only statement `target = …` of a function; None without one, with another store, or in a loop.

    Tuples, augmented assignments, `for`, `with … as`, deletions and the like count as other stores. Stores in nested
    functions don't count, unless these declare the name nonlocal.
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
    """Yield the names that a node binds as plain text: imports, exceptions, patterns, declarations."""
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
    """Return the variable that a name or subscript begins with, and its keys; None for any other node."""
    path: list[PathKey | None] = []
    while isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        path.append(key if isinstance(key, str | int) else None)
        node = node.value
    return VariableAccess(node.id, tuple(reversed(path))) if isinstance(node, ast.Name) else None
