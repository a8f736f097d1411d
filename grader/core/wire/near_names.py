"""Find names that a student may have given to what a question calls by another one: `ReLU` for `relu`.

A near name has the same words in another case or order, is spelled almost alike, or is a shorter or longer form of the
name. Methods of classes and functions inside functions are found, too. It runs inside the sandbox, in a namespace that
may hold anything, so nothing of a student's is called, and the search is limited.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

MAX_NEAR_NAMES: Final = 5
MAX_NAME_LENGTH: Final = 60
_MAX_SEARCHED: Final = 2000
"""Names of a namespace that are looked at, and items of a class or function."""
_MAX_NESTING: Final = 3

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_DERIVATIVE_WORDS: Final = frozenset({"d", "derivative", "deriv", "grad", "gradient", "prime", "dx", "diff"})
_FILLER_WORDS: Final = frozenset({"function", "func", "fn", "my", "calc", "calculate", "compute", "get", "the", "of"})
_MIN_SHARE: Final = 0.6
"""Least share of a name's letters that a shorter form of it has."""


@dataclass(frozen=True)
class NearName:
    """A name that resembles a missing one.

    `kind` is `name`, `class`, `method` or `attribute` (of the class `owner`), or `nested` (in the function `owner`).
    `cell` is the label of the cell that defines it, and `line` its line there, from 1; empty and None if they aren't
    known.
    """

    name: str
    kind: str = "name"
    owner: str = ""
    cell: str = ""
    line: int | None = None


def find_near_names(wanted: str, namespace: Mapping[str, Any], *, is_function: bool) -> list[NearName]:
    """Return the nearest names for a missing function, or for a missing variable; the nearest first."""
    found: list[tuple[int, NearName]] = []
    for name, value in islice(list(namespace.items()), _MAX_SEARCHED):
        if type(name) is not str or name.startswith("_") or len(name) > MAX_NAME_LENGTH or type(value) is ModuleType:
            continue
        kind = "class" if isinstance(value, type) else "name"
        rank = measure_nearness(wanted, name)
        if rank is not None and name != wanted and callable(value) == is_function:
            found.append((rank, _locate(name, kind, "", value)))
        if is_function:
            inner = _list_methods(value) if kind == "class" else _list_nested(get_code(value))
            own_kind = "method" if kind == "class" else "nested"
            found += [(1, _locate(n, own_kind, name, code)) for n, code in inner if measure_nearness(wanted, n) == 0]
    found.sort(key=lambda pair: pair[0])
    return [one for _, one in found[:MAX_NEAR_NAMES]]


def find_near_attributes(target: object, wanted: str) -> list[NearName]:
    """Return the names of an object's class, and of the object itself, that resemble a missing one; the nearest first.

    `owner` is the name of the class.
    """
    owner = target if isinstance(target, type) else type(target)
    name_of = type.__dict__["__name__"].__get__
    found: list[tuple[int, NearName]] = []
    for one in type.__dict__["__mro__"].__get__(owner)[:_MAX_NESTING]:
        for name, value in islice(list(type.__dict__["__dict__"].__get__(one).items()), _MAX_SEARCHED):
            rank = measure_nearness(wanted, name) if _is_ordinary(name) else None
            if rank is not None:
                value = value.__func__ if type(value) in (staticmethod, classmethod) else value
                kind = "method" if callable(value) else "attribute"
                found.append((rank, _locate(name, kind, name_of(one)[:MAX_NAME_LENGTH], value)))
    own = object.__getattribute__(target, "__dict__") if hasattr(target, "__dict__") else {}
    for name in islice(list(own) if type(own) is dict else (), _MAX_SEARCHED):
        rank = measure_nearness(wanted, name) if _is_ordinary(name) else None
        if rank is not None:
            found.append((rank, NearName(name, "attribute", name_of(owner)[:MAX_NAME_LENGTH])))
    found.sort(key=lambda pair: pair[0])
    return [one for _, one in found[:MAX_NEAR_NAMES]]


def _is_ordinary(name: object) -> bool:
    return type(name) is str and not name.startswith("_") and len(name) <= MAX_NAME_LENGTH


def measure_nearness(wanted: str, name: str) -> int | None:
    """Return 0 for the same name in another spelling, 1 for almost the same letters, 2 for a form; else None."""
    if len(wanted) > MAX_NAME_LENGTH or len(name) > MAX_NAME_LENGTH:
        return None
    if _join(wanted) == _join(name):
        return 0
    words, others = _list_words(wanted), _list_words(name)
    if [w for w in words if w.isdigit()] != [w for w in others if w.isdigit()]:
        return None
    if sorted(words) == sorted(others):
        return 1
    if ("d" in words) != ("d" in others):
        return None
    if is_almost(_join(wanted), _join(name)):
        return 1
    return 2 if _is_form(words, others) else None


def _join(name: str) -> str:
    return name.replace("_", "").lower()


def _list_words(name: str) -> list[str]:
    """Return the words of a name in lower case; every word for a derivative is `d`, and words without a meaning go."""
    words = [word.lower() for word in _WORD.findall(name)]
    words = ["d" if word in _DERIVATIVE_WORDS else word for word in words]
    return [word for word in words if word not in _FILLER_WORDS] or words


def _is_form(words: list[str], others: list[str]) -> bool:
    """Tell whether one name is a shorter form of the other: some of its words, or its initials."""
    short, long = sorted((words, others), key=lambda one: len("".join(one)))
    if len(long) > 2 and len(short) == 1 and short[0] == "".join(word[0] for word in long):
        return True
    share = len("".join(short)) / max(len("".join(long)), 1)
    return set(short) <= set(long) and share >= _MIN_SHARE


def is_almost(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter, or two in long words; neighbours exchanged are one difference."""
    allowed = 0 if min(len(one), len(other)) < 4 else 1 if min(len(one), len(other)) < 8 else 2
    if abs(len(one) - len(other)) > allowed:
        return False
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, second in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != second))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == second:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1] <= allowed


def get_code(value: Any) -> CodeType | None:
    """Return the code of a function that is written in Python; None for anything else."""
    return value.__code__ if type(value) is FunctionType else None


def _list_methods(owner: type) -> Iterator[tuple[str, CodeType]]:
    """Yield the methods that a class defines itself."""
    for name, value in islice(list(type.__dict__["__dict__"].__get__(owner).items()), _MAX_SEARCHED):
        value = value.__func__ if type(value) in (staticmethod, classmethod) else value
        if type(name) is str and (code := get_code(value)) is not None:
            yield name, code


def _list_nested(code: CodeType | None, depth: int = 0) -> Iterator[tuple[str, CodeType]]:
    """Yield the functions that a function defines inside."""
    if code is None or depth == _MAX_NESTING:
        return
    for inner in islice(code.co_consts, _MAX_SEARCHED):
        if type(inner) is CodeType and not inner.co_name.startswith("<"):
            yield inner.co_name, inner
            yield from _list_nested(inner, depth + 1)


def _locate(name: str, kind: str, owner: str, value: Any) -> NearName:
    """Return a name with the cell and line of its code, if that is a cell's."""
    code = value if type(value) is CodeType else get_code(value)
    if code is None or not code.co_filename.startswith("<"):
        return NearName(name, kind, owner)
    return NearName(name, kind, owner, code.co_filename[1:-1][:MAX_NAME_LENGTH], code.co_firstlineno)
