"""Remove from a course's helper modules the functions that are asked for, and everything that depends on them."""

import ast
from collections.abc import Collection, Iterator
from typing import Final

HELPER_PACKAGE: Final = "common"
"""The package of a course's helper modules."""


def strip_solutions(source: str, function_names: Collection[str]) -> str:
    """Return a module's text without the functions of these names, and without everything that needs one of them."""
    body = ast.parse(source).body
    removed_names = set(function_names)
    while True:
        removed = [
            statement
            for statement in body
            if _get_defined_names(statement) & removed_names or _get_needed_names(statement) & removed_names
        ]
        names = {name for statement in removed for name in _get_defined_names(statement)}
        if names <= removed_names:
            break
        removed_names |= names
    return _remove_statements(source, removed) if removed else source


def list_defined_names(source: str) -> frozenset[str]:
    """Return the names that a module defines, without imports."""
    return frozenset(name for statement in ast.parse(source).body for name in _get_defined_names(statement))


def find_used_helpers(source: str) -> frozenset[tuple[str, str]]:
    """Return the (module, name) pairs of helpers that a program uses; the name is empty for a whole module.

    For example, `("common.functions", "relu")`.
    """
    found: set[tuple[str, str]] = set()
    tree = ast.parse(source)
    modules: dict[str, str] = {}
    for module, name, alias in _find_helper_imports(tree):
        found.add((module, name))
        if not name:
            modules[alias] = module
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (whole := modules.get(ast.unparse(node.value))):
            found.add((whole, node.attr))
    return frozenset(found)


def _find_helper_imports(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Yield module, name in it, and local alias for every import from the helper modules."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").partition(".")[0] == HELPER_PACKAGE
            and not node.level
        ):
            for alias in node.names:
                whole = node.module == HELPER_PACKAGE
                name = (f"{HELPER_PACKAGE}.{alias.name}", "") if whole else (str(node.module), alias.name)
                yield *name, alias.asname or alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(f"{HELPER_PACKAGE}."):
                    yield alias.name, "", alias.asname or alias.name


def _get_defined_names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets: list[ast.expr] = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def _get_needed_names(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return set()
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _remove_statements(source: str, removed: list[ast.stmt]) -> str:
    """Return the text without these statements; comments and the rest stay."""
    lines = source.splitlines()
    for statement in reversed(removed):
        first = min(node.lineno for node in (statement, *getattr(statement, "decorator_list", ())))
        last = statement.end_lineno or first
        while last < len(lines) and not lines[last].strip():  # the blank lines behind it go with it
            last += 1
        del lines[first - 1 : last]
    return "\n".join(lines).rstrip() + "\n"
