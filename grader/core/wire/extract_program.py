"""The part of a namespace on which functions depend, as a program: their texts, those of functions they call, imports.

The program defines the functions again in another process, without any of the namespace's objects. Only what a text can
say of an object for certain is taken: plain functions of the namespace without closures and decorators, modules, what a
module holds under its own name, numbers and texts. With anything else on which a function may depend there is no such
program.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from grader.core.wire.edited_function import FunctionText, UneditableFunctionError, parse_text

MAX_FUNCTIONS: Final = 50
MAX_TEXT_CHARS: Final = 1000
_CONSTANTS: Final = (int, float, complex, str, bytes, bool, type(None))
_IMPORTED: Final = (FunctionType, BuiltinFunctionType, np.ufunc, type)

FindText = Callable[[object], FunctionText | None]


@dataclass(frozen=True)
class ExtractedProgram:
    """The lines that define what functions need, and the text of each function by its name."""

    head: str
    functions: Mapping[str, FunctionText]


class NoProgramError(ValueError):
    """A function depends on something that no text can say."""


def extract_program(answers: Iterable[object], find_text: FindText) -> ExtractedProgram:
    """Return the program of functions of one namespace. Raises NoProgramError."""
    lines: dict[str, str] = {}
    functions: dict[str, FunctionText] = {}
    roots = {one.__code__.co_name: one for one in answers if type(one) is FunctionType}
    namespace: Mapping[str, Any] = next((one.__globals__ for one in roots.values()), {})
    if any(one.__globals__ is not namespace or namespace.get(name, one) is not one for name, one in roots.items()):
        raise NoProgramError("the functions have names that mean something else")
    pending = list(roots)
    seen = set(pending)
    while pending:
        name = pending.pop(0)
        value = roots[name] if name in roots else namespace[name]
        if type(value) is FunctionType and value.__globals__ is namespace:
            if len(functions) == MAX_FUNCTIONS:
                raise NoProgramError("there are too many functions")
            functions[name], used = _read_function(name, value, find_text)
            pending += [one for one in used if one in namespace and one not in seen]
            seen.update(used)
        else:
            lines[name] = _write_definition(name, value)
    return ExtractedProgram("".join(f"{lines[name]}\n" for name in sorted(lines)), functions)


def _read_function(name: str, function: FunctionType, find_text: FindText) -> tuple[FunctionText, list[str]]:
    """Return the text of a function and the names in it."""
    text = find_text(function)
    if text is None or function.__code__.co_freevars or function.__code__.co_name != name:
        raise NoProgramError(f"the text of {name} is not known")
    try:
        tree = parse_text(text)
    except UneditableFunctionError as error:
        raise NoProgramError(str(error)) from error
    if tree.decorator_list:
        raise NoProgramError(f"{name} is decorated")
    return text, sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})


def _write_definition(name: str, value: object) -> str:
    """Return the line that defines a name that is no function of the namespace. Raises NoProgramError."""
    if type(value) is ModuleType and sys.modules.get(value.__name__) is value:
        return f"import {value.__name__} as {name}"
    if type(value) in _CONSTANTS and len(text := repr(value)) <= MAX_TEXT_CHARS:
        if isinstance(value, float | complex) and not np.isfinite(value):
            raise NoProgramError(f"{name} has no text")
        return f"{name} = {text}"
    if isinstance(value, _IMPORTED):
        own = getattr(value, "__name__", "")
        for module in (getattr(value, "__module__", None), "numpy", "math"):
            is_named = isinstance(module, str) and module != "__main__" and own.isidentifier()
            if is_named and getattr(sys.modules.get(str(module)), own, None) is value:
                return f"from {module} import {own} as {name}"
    raise NoProgramError(f"{name} is an object without a text")
