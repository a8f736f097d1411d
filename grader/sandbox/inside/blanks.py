"""Blanks that were not filled in: `____` is a name that doesn't exist."""

import ast
import sys
from typing import Any, Final

BLANK: Final = "____"


class BlankDetectingBuiltins(dict[str, Any]):
    """The built-in names; records the use of a blank, even if a bare except swallows its exception.

    `first_blank` is the file, line and function of the first blank since it was last set to None.
    """

    first_blank: tuple[str, int, str] | None = None

    def __missing__(self, name: str) -> Any:
        if name == BLANK and self.first_blank is None:
            frame = sys._getframe(1)
            self.first_blank = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name
        raise KeyError(name)


def find_blank_names(tree: ast.Module) -> set[str]:
    """Return names that are assigned, or functions that are defined, by a statement that evaluates a blank."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _has_blank(node.value):
            targets = (inner for target in node.targets for inner in ast.walk(target))
            names |= {inner.id for inner in targets if isinstance(inner, ast.Name)}
        elif isinstance(node, ast.FunctionDef) and any(map(_has_blank, _list_evaluated(node))):
            names.add(node.name)
    return names


def _list_evaluated(function: ast.FunctionDef) -> list[ast.expr]:
    defaults = [default for default in function.args.kw_defaults if default is not None]
    return [*function.decorator_list, *function.args.defaults, *defaults]


def _has_blank(node: ast.expr) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == BLANK for inner in ast.walk(node))
