"""The names that a function may use: its parameters, numpy's name in its module, and all names that exist there."""

import ast
import builtins
import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from grader.core.wire.assignments import Function

_MAX_KNOWN_NAMES: Final = 2000
_MAX_VARIABLES: Final = 8
_MAX_SIMILAR: Final = 2
_MAX_KEY_LENGTH: Final = 40
_LEAST_SIMILARITY: Final = 0.6
_MIN_NAME_LENGTH: Final = 2
_KEYWORDS: Final = ("axis", "keepdims", "dtype", "out", "where", "shape", "size", "ndmin")
_REMOVED_FROM_NUMPY: Final = {"int": "int", "float": "float", "bool": "bool", "object": "object", "long": "int"}


@dataclass(frozen=True)
class MendingContext:
    """Names around a function. `numpy` is the name of the module there, empty if it isn't imported.

    `global_data` are those of the global names that are neither functions nor modules.
    """

    function: Function
    global_names: frozenset[str]
    numpy: str = "np"
    global_data: frozenset[str] = frozenset()

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the positional parameters."""
        return tuple(argument.arg for argument in (*self.function.args.posonlyargs, *self.function.args.args))

    @cached_property
    def _stored(self) -> frozenset[str]:
        names = (n for n in ast.walk(self.function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        return frozenset(name.id for name in names)

    @cached_property
    def _names(self) -> frozenset[str]:
        arguments = {argument.arg for argument in ast.walk(self.function) if isinstance(argument, ast.arg)}
        nested = {n.name for n in ast.walk(self.function) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        return frozenset(self._stored | arguments | nested)

    @cached_property
    def _known(self) -> frozenset[str]:
        return self._names | self.global_names | frozenset(dir(builtins))

    def list_similar_names(self, name: str) -> list[str]:
        """Return the existing names that one which doesn't exist may stand for."""
        if name in self._known:
            return []
        near = sorted(self._names) + sorted(self.global_names - self._names)[:_MAX_KNOWN_NAMES]
        return find_similar(name, [*near, *dir(builtins)])

    def list_other_variables(self, name: str) -> list[str]:
        """Return the other parameters and variables of the function, if it is one of them."""
        others = [*self.parameters, *sorted(self._stored - set(self.parameters))][:_MAX_VARIABLES]
        return [other for other in others if other != name] if name in self._names else []

    def list_foreign_uses(self) -> dict[str, ast.Name]:
        """Return the names that are read though they are data from outside of the function, or don't exist at all.

        Each comes with a place where it is read.
        """
        read = [n for n in ast.walk(self.function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        return {
            node.id: node
            for node in reversed(read)
            if node.id not in self._names and (node.id in self.global_data or node.id not in self._known)
        }

    @cached_property
    def unused_parameters(self) -> tuple[str, ...]:
        """The names of the parameters that the function doesn't read."""
        read = {n.id for n in ast.walk(self.function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        return tuple(name for name in self.parameters if name not in read)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The texts that are used as keys, in the order of the alphabet."""
        found = (n.slice for n in ast.walk(self.function) if isinstance(n, ast.Subscript))
        texts = {key.value for key in found if isinstance(key, ast.Constant) and isinstance(key.value, str)}
        return tuple(sorted(texts))

    def list_other_keys(self, key: str) -> list[str]:
        """Return the keys that may be meant in place of one: it in another case, and the others that are used."""
        cases = [key.upper(), key.lower(), key.capitalize()] if key.isascii() else []
        found = dict.fromkeys([*cases, *self.keys])
        return [other for other in found if other != key and len(other) <= _MAX_KEY_LENGTH][:_MAX_VARIABLES]

    def correct_name(self, name: str) -> str:
        """Return the name of a function; of a misspelt one, the name that it stands for."""
        exists = not name or name in self._known or hasattr(np, name) or hasattr(np.ndarray, name)
        return name if exists else next(iter(find_similar(name, dir(np))), name)

    def list_similar_attributes(self, node: ast.Attribute) -> Iterator[str]:
        """Yield the texts that may stand in place of an attribute that neither numpy nor an array has."""
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id == self.numpy:
            if not hasattr(np, name):
                if name in _REMOVED_FROM_NUMPY:
                    yield _REMOVED_FROM_NUMPY[name]
                yield from (f"{self.numpy}.{other}" for other in find_similar(name, dir(np)))
        elif isinstance(node.value, ast.Name) and node.value.id not in self._names:
            return  # another module or object, of which nothing is known
        elif not any(hasattr(kind, name) for kind in (np.ndarray, dict, list, str, float)):
            yield from find_similar(name, [one for one in dir(np.ndarray) if not one.startswith("_")])


def list_similar_keywords(name: str) -> list[str]:
    """Return the usual keywords of numpy's functions that a misspelt one may stand for."""
    return [] if name in _KEYWORDS else find_similar(name, _KEYWORDS)


def find_similar(name: str, others: Collection[str]) -> list[str]:
    """Return the most similar names: first those that differ in case alone."""
    if len(name) < _MIN_NAME_LENGTH or len(name) > 40:
        return [other for other in others if other.lower() == name.lower() and other != name][:_MAX_SIMILAR]
    same = [other for other in others if other.lower() == name.lower()]
    near = difflib.get_close_matches(name, others, _MAX_SIMILAR, _LEAST_SIMILARITY)
    return list(dict.fromkeys([*same, *near]))[: _MAX_SIMILAR + 1]
