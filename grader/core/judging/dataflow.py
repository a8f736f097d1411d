"""Dependencies between the targets of a function, including those through other variables."""

import ast
from collections.abc import Iterator, Mapping

from grader.core.wire.assignment_target import Target
from grader.core.wire.assignments import Assignment, Function, VariableAccess, parse_variable_access

_STORING_STATEMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.With, ast.NamedExpr)


def find_dependencies(function: Function, target: Target, statements: Mapping[Target, Assignment]) -> set[Target]:
    """Return the targets that the calculation of one target needs. `statements` has the assignment of each.

    Any other variable stands for everything that the statements which store it read.
    """
    found: set[Target] = set()
    visited: set[str] = set()
    pending: list[ast.AST] = [statements[target]]
    while pending:
        for read in _find_reads(pending.pop()):
            matching = [one for one in statements if _is_overlapping(read, one)]
            pending += [statements[one] for one in matching if one not in found]
            found |= set(matching)
            if not matching and read.name not in visited:
                visited.add(read.name)
                pending += _find_storing_statements(function, read.name)
    return found - {target}


def _find_reads(node: ast.AST) -> Iterator[VariableAccess]:
    """Yield the variables, and their items under keys, that a piece of code reads."""
    if (
        isinstance(node, ast.Name | ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and (found := parse_variable_access(node))
    ):
        yield found
        while isinstance(node, ast.Subscript):
            yield from _find_reads(node.slice)
            node = node.value
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Name | ast.Subscript) and isinstance(child.ctx, ast.Store)):
            yield from _find_reads(child)


def _is_overlapping(read: VariableAccess, target: Target) -> bool:
    """Tell whether one is the other, or contains it."""
    keys = zip(read.path, target.path, strict=False)
    return read.name == target.name and all(key is None or key == wanted for key, wanted in keys)


def _find_storing_statements(function: Function, name: str) -> list[ast.AST]:
    stores = (node for node in ast.walk(function) if isinstance(node, _STORING_STATEMENTS))
    return [
        statement
        for statement in stores
        if any(isinstance(n, ast.Name) and n.id == name and _is_stored(n, statement) for n in ast.walk(statement))
    ]


def _is_stored(name: ast.Name, statement: ast.AST) -> bool:
    """Tell whether a name is on the left-hand side: stored itself, or with an item in it stored."""
    if isinstance(name.ctx, ast.Store):
        return True
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return any(node is name for target in targets if target is not None for node in ast.walk(target))
