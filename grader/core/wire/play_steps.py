"""Perform the steps of a check on a class: the author's own outside of the sandbox, a student's inside.

Each step does what its Python does, and nothing more: reading an attribute runs properties and descriptors, a call may
be one of a method, a class or any other object. What is judged is copied when it is read, so that later steps don't
change it.
"""

import sys
from collections.abc import Mapping, Sequence
from types import FunctionType, MethodType
from typing import Any, Final

from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.lazy_values import drain
from grader.core.wire.steps import Operand, Step, Steps, list_leaves
from grader.core.wire.type_name import get_type_name
from grader.core.wire.values import Opaque, Value, ValueTooLargeError

_MAX_COPIED_BYTES: Final = 64 * 2**20
_MAX_CLASSES: Final = 50
"""Greatest number of base classes in which a method is looked for."""


class StepPlayer:
    """Performs steps once. `named` has what the global names stand for.

    Afterwards, `failed` is the number of the step that raised, or None, `is_missing` tells whether it read an attribute
    that doesn't exist, `target` is the object of that step, and `method` the function that was called last.
    """

    def __init__(self, steps: Steps, named: Sequence[object]) -> None:
        self._steps = steps
        self._slots: list[Any] = list(named)
        self._judged = steps.judged_slots
        self._kept: dict[int, Value] = {}
        self._arguments: tuple[Any, ...] = ()
        self.failed: int | None = None
        self.is_missing = False
        self.target: object = None
        self.method: FunctionType | None = None

    def play(self, *arguments: Any) -> Value:
        """Perform the steps with these arguments, and return what is judged. Raises any exception of the class."""
        self._arguments = (self._steps, *arguments)
        for number, step in enumerate(self._steps.steps):
            self.failed = number
            result = self._perform(step)
            slot = len(self._slots)
            self._slots.append(result)
            if slot in self._judged:
                self._kept[slot] = copy_value(result)
        self.failed = None
        return _build(self._steps.result, self._find_judged)

    @property
    def failed_name(self) -> str:
        """The attribute that the step that raised was to read."""
        return "" if self.failed is None else str(self._steps.steps[self.failed].key)

    def collect_partial(self) -> Value:
        """Return what was judged before a step raised, by its keys; None if there is nothing."""
        found: dict[Any, Any] = {}
        for path, leaf in list_leaves(self._steps.result):
            if path and leaf[0] == "slot" and leaf[1] in self._kept:
                inner = found
                for key in path[:-1]:
                    inner = inner.setdefault(key, {})
                inner[path[-1]] = self._kept[leaf[1]]
        return found or None

    def _find_judged(self, leaf: Operand) -> Value:
        return self._kept[leaf[1]] if leaf[0] == "slot" else copy_value(self._find(leaf))

    def _find(self, leaf: Operand) -> Any:
        if leaf[0] == "slot":
            return self._slots[leaf[1]]
        value = self._arguments[leaf[1]]
        for key in leaf[2:]:
            value = value[key]
        return value

    def _perform(self, step: Step) -> Any:
        target: Any = self._slots[step.target]
        self.target = target
        match step.kind:
            case "get":
                return self._read_attribute(target, step.key)
            case "item":
                return target[step.key]
            case "set":
                return setattr(target, step.key, _build(step.operands[0], self._find))
            case "put":
                target[step.key] = _build(step.operands[0], self._find)
                return None
        self.method = find_function(target)
        args = [_build(one, self._find) for one in step.operands]
        return target(*args, **{name: _build(one, self._find) for name, one in step.named})

    def _read_attribute(self, target: Any, name: str) -> Any:
        try:
            return getattr(target, name)
        except AttributeError as error:
            traceback = BaseException.__dict__["__traceback__"].__get__(error)
            self.is_missing = traceback is not None and traceback.tb_next is None
            raise


def is_called_by_steps() -> bool:
    """Tell whether the function that asks is called by a step, rather than by another method."""
    return sys._getframe(2).f_code is StepPlayer._perform.__code__


def _build(operand: Operand, find: Any) -> Any:
    """Return the value of an operand, with new lists, tuples and dicts."""
    match operand:
        case ("dict", pairs):
            return {key: _build(item, find) for key, item in pairs}
        case ("list", items):
            return [_build(item, find) for item in items]
        case ("tuple", items):
            return tuple(_build(item, find) for item in items)
    return find(operand)


def copy_value(value: Any) -> Value:
    """Return a copy of a value as it would be sent; of a lazy one, its items; the name of a type that can't be."""
    value = drain(value)
    try:
        return decode(encode(value, _MAX_COPIED_BYTES))
    except ValueTooLargeError:
        return value  # the answer's own limit tells of it
    except ValueError:
        return Opaque(get_type_name(value))


def find_function(target: object) -> FunctionType | None:
    """Return the function that a call of an object runs first; None for what isn't written in Python."""
    if type(target) is FunctionType:
        return target
    if type(target) is MethodType:
        return find_function(target.__func__)
    if isinstance(target, type):
        return find_method(target, "__init__")
    return find_method(type(target), "__call__")


def find_method(owner: object, name: str) -> FunctionType | None:
    """Return the function of a class's method or property, also of a base class; nothing of the class is run."""
    if not isinstance(owner, type):
        return None
    for one in type.__dict__["__mro__"].__get__(owner)[:_MAX_CLASSES]:
        members: Mapping[str, Any] = type.__dict__["__dict__"].__get__(one)
        if name in members:
            return unwrap_function(members[name])
    return None


def unwrap_function(member: object) -> FunctionType | None:
    """Return the function behind a class's member: a method, a class or static method, or a property."""
    if type(member) is classmethod or type(member) is staticmethod:
        member = member.__func__
    elif type(member) is property:
        member = member.fget
    return member if type(member) is FunctionType else None


def list_functions(owner: type) -> list[FunctionType]:
    """Return the functions of a class's own methods and properties, and of its base classes, its own first."""
    members = (
        member
        for one in type.__dict__["__mro__"].__get__(owner)[:_MAX_CLASSES]
        for member in list(type.__dict__["__dict__"].__get__(one).values())
    )
    return [found for member in members if (found := unwrap_function(member)) is not None]


def find_global(function: object, name: str) -> Any:
    """Return what a global name stands for in the file of a class. Raises NameError."""
    for one in list_functions(function) if isinstance(function, type) else ():
        if name in one.__globals__:
            return one.__globals__[name]
    raise NameError(f"name {name!r} is not defined", name=name)
