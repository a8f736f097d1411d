"""Record what a check's function does with a class: on stand-ins, which have no values.

    @two_layer.check(points=2)
    def loss_of_a_batch(rng, TwoLayer):
        \"""The loss of a batch.\"""
        net = TwoLayer(4, 3)
        net.W1 = rng.normal(size=(4, 3))
        return net.loss(rng.normal(size=(5, 4)))

`TwoLayer` is a stand-in here. Calls, attributes and items of a stand-in are recorded, and give further stand-ins. They
may be passed on and returned; whatever needs a value, such as arithmetic, raises CourseError with the author's line.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NoReturn

import numpy as np
from numpy.random import Generator

from grader.authoring.builder import place
from grader.core.errors import CourseError
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.observe_call import observe
from grader.core.wire.play_steps import find_method
from grader.core.wire.steps import MAX_STEPS, Operand, Step, Steps
from grader.core.wire.values import InvalidValueError, Opaque, Value

_MAX_ARGUMENT_BYTES: Final = 2**26
_MAX_NESTING: Final = 4
"""Levels of lists, tuples and dicts in which stand-ins may lie."""
_CONTAINERS: Final = (list, tuple, dict)


def record_steps(
    make: Callable[..., Any], rng: Generator, names: Sequence[str], slots: Sequence[int], reference: type
) -> tuple[Value, ...]:
    """Return the steps of a check's function and the arguments of its calls. Raises what the function raises.

    `names` are the global names that it uses, that of the class first, and `slots` their numbers in the order of its
    parameters after the generator.
    """
    recorder = _Recorder(names, reference)
    observed = observe(make, (rng, *map(recorder.stand_in, slots)), make.__code__.co_varnames)
    if observed.error is not None:
        raise observed.error
    result = recorder.record_result(observed.value)
    variables = {name: value for name, value in observed.locals.items() if name not in names}
    return recorder.build(result, variables)


class StandIn:
    """A stand-in for a class, an object or a value while a check is recorded."""

    __slots__ = ("_grader_recorder", "_grader_slot")
    __hash__ = object.__hash__
    __array_ufunc__ = None

    def __init__(self, recorder: "_Recorder", slot: int) -> None:
        object.__setattr__(self, "_grader_recorder", recorder)
        object.__setattr__(self, "_grader_slot", slot)

    def __getattr__(self, name: str) -> "StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        return _add(self, "get", name)

    def __setattr__(self, name: str, value: object) -> None:
        _add(self, "set", name, (value,))

    def __getitem__(self, key: object) -> "StandIn":
        return _add(self, "item", key)

    def __setitem__(self, key: object, value: object) -> None:
        _add(self, "put", key, (value,))

    def __call__(self, *args: object, **named: object) -> "StandIn":
        return _add(self, "call", None, args, named)

    def __repr__(self) -> str:
        return "a recorded value"


def _refuse(*_: object) -> NoReturn:
    """Raise CourseError where a stand-in's value would be needed."""
    raise CourseError(
        f"{place()}: a check records its calls, so their results have no values here: pass them on, or return them; "
        "what is calculated from them belongs into holds="
    )


for _name in (
    *("bool", "len", "iter", "float", "int", "index", "complex", "contains", "array", "enter", "exit", "delitem"),
    *("eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "abs", "invert", "round", "delattr", "next"),
    *(
        f"{side}{operator}"
        for operator in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")
        for side in ("", "r", "i")
    ),
):
    setattr(StandIn, f"__{_name}__", _refuse)


def _add(
    target: StandIn, kind: Any, key: object, operands: Sequence[object] = (), named: dict[str, object] | None = None
) -> StandIn:
    recorder: _Recorder = object.__getattribute__(target, "_grader_recorder")
    return recorder.add(object.__getattribute__(target, "_grader_slot"), kind, key, operands, named or {})


class _Recorder:
    """Collects the steps and arguments of one case."""

    def __init__(self, names: Sequence[str], reference: type) -> None:
        self._names = tuple(names)
        self._reference = reference
        self._steps: list[Step] = []
        self._arguments: list[tuple[object, Value, bytes]] = []
        """The author's object, its copy when it was first used, and the bytes of that."""

    def stand_in(self, slot: int) -> StandIn:
        """Return the stand-in for what is in a slot."""
        return StandIn(self, slot)

    def add(self, target: int, kind: Any, key: object, operands: Sequence[object], named: dict[str, object]) -> StandIn:
        """Record a step; return the stand-in for its result."""
        if len(self._steps) >= MAX_STEPS:
            raise CourseError(f"{place()}: a check does at most {MAX_STEPS} things with its objects")
        if kind in ("item", "put"):
            self._require_value(key, "a key")
        step = Step(
            kind,
            target,
            copy.deepcopy(key),
            tuple(self._make_operand(one) for one in operands),
            tuple((name, self._make_operand(one)) for name, one in named.items()),
        )
        self._steps.append(step)
        return self.stand_in(len(self._names) + len(self._steps) - 1)

    def record_result(self, value: object) -> Operand:
        """Return the operand of what the check's function returns. Raises CourseError if nothing of it is recorded."""
        if isinstance(value, StandIn):
            return "slot", value._grader_slot
        if (found := self._find_argument(value)) is not None:
            return found
        match value:
            case dict() if value:
                return "dict", tuple((key, self.record_result(item)) for key, item in value.items())
            case list() | tuple() if value:
                return type(value).__name__, tuple(map(self.record_result, value))
        raise CourseError("return what is judged: the result of a call, an attribute, or an argument that was passed")

    def build(self, result: Operand, variables: dict[str, object]) -> tuple[Value, ...]:
        """Return the steps, with the author's names, and the arguments."""
        slots = {value._grader_slot: name for name, value in variables.items() if isinstance(value, StandIn)}
        by_id = {id(value): name for name, value in variables.items()}
        copies = tuple(made for _, made, _ in self._arguments)
        names = tuple(self._name_arguments(by_id, {*self._names, *slots.values()}))
        return Steps(self._names, tuple(self._steps), result, tuple(slots.items()), names), *copies  # type: ignore[arg-type]

    def _name_arguments(self, by_id: dict[int, str], taken: set[str]) -> Iterator[str]:
        """Yield the name of each argument that is too large to be written out: the author's, or what it is set to."""
        used = self._list_uses()
        for number, (own, _, _) in enumerate(self._arguments, 1):
            base = by_id.get(id(own)) or used.get(number) or "x"
            name, count = base, 1
            while name in taken:
                count += 1
                name = f"{base}{count}"
            is_named = isinstance(own, np.ndarray | list | dict | tuple) and str(name).isidentifier()
            taken |= {name} if is_named else set()
            yield name if is_named else ""

    def _list_uses(self) -> dict[int, str]:
        """Return the name of the parameter, attribute or key for which an argument is first used."""
        used: dict[int, str] = {}
        for step in self._steps:
            names = [str(step.key)] if step.kind != "call" else self._list_parameters(step)
            for operand, name in (*zip(step.operands, names, strict=False), *((one, name) for name, one in step.named)):
                if operand[0] == "argument":
                    used.setdefault(operand[1], name)
        return used

    def _list_parameters(self, call: Step) -> tuple[str, ...]:
        """Return the names of the parameters of the class's method that is called."""
        called = self._steps[call.target - len(self._names)] if call.target >= len(self._names) else None
        name = "__init__" if called is None else str(called.key) if called.kind == "get" else "__call__"
        function = find_method(self._reference, name)
        return function.__code__.co_varnames[1 : function.__code__.co_argcount] if function else ()

    def _make_operand(self, value: object, depth: int = 0) -> Operand:
        if isinstance(value, StandIn):
            return "slot", value._grader_slot
        if isinstance(value, _CONTAINERS) and depth < _MAX_NESTING and _has_stand_in(value, depth):
            if isinstance(value, dict):
                return "dict", tuple((key, self._make_operand(item, depth + 1)) for key, item in value.items())
            return type(value).__name__, tuple(self._make_operand(item, depth + 1) for item in value)
        data = self._require_value(value, "an argument")
        for number, (own, _, before) in enumerate(self._arguments, 1):
            if own is value and before == data:
                return "argument", number
        self._arguments.append((value, copy.deepcopy(value), data))
        return "argument", len(self._arguments)

    def _find_argument(self, value: object) -> Operand | None:
        """Return the argument that an object is, or the item in it; None if it is none."""
        for number, (own, _, _) in enumerate(self._arguments, 1):
            path = _find_path(own, value) if isinstance(value, np.ndarray | list | dict) else None
            if path is not None:
                return "argument", number, *path
        return None

    def _require_value(self, value: object, what: str) -> bytes:
        try:
            data = encode(value, _MAX_ARGUMENT_BYTES)
            if _has_opaque(decode(data)):
                raise InvalidValueError
        except InvalidValueError as error:
            raise CourseError(
                f"{place()}: {what} is a number, text, an array of numbers, a list, tuple or dict of these, or what a "
                f"call gave, not {type(value).__name__}"
            ) from error
        return data


def _has_stand_in(value: object, depth: int) -> bool:
    if isinstance(value, StandIn):
        return True
    if not isinstance(value, _CONTAINERS) or depth >= _MAX_NESTING:
        return False
    return any(_has_stand_in(item, depth + 1) for item in (value.values() if isinstance(value, dict) else value))


def _has_opaque(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(_has_opaque, (*value.keys(), *value.values())))
    return any(map(_has_opaque, value)) if isinstance(value, list | tuple) else isinstance(value, Opaque)


def _find_path(own: object, wanted: object, depth: int = 0) -> tuple[Any, ...] | None:
    """Return the keys that lead from an object to one in it; None if it isn't there."""
    if own is wanted:
        return ()
    if not isinstance(own, _CONTAINERS) or depth >= _MAX_NESTING:
        return None
    for key, item in own.items() if isinstance(own, dict) else enumerate(own):
        path = _find_path(item, wanted, depth + 1)
        if path is not None:
            return key, *path
    return None
