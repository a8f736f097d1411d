"""Record the calls that the methods of a reference make of other methods that an exercise's checks judge."""

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from grader.core.wire.play_steps import find_method, is_called_by_steps
from grader.core.wire.values import Value

Wrap = Callable[[str, Callable[..., Value]], Callable[..., Value]]


def find_named_methods(own: str, reference: type, others: Mapping[str, Callable[..., Value]]) -> frozenset[str]:
    """Return the other methods of a class, as `TwoLayer.loss`, that a method or one that it names has in its text."""
    _, _, method = own.rpartition(".")
    asked = {name.rpartition(".")[2]: name for name, one in others.items() if one is reference and name != own}
    seen: set[str] = set()
    waiting = [method]
    while waiting:
        name = waiting.pop()
        function = find_method(reference, name)
        if name not in seen and function is not None:
            seen.add(name)
            waiting += function.__code__.co_names
    return frozenset(asked[name] for name in seen if name in asked)


def record_methods(reference: type, others: Mapping[str, Callable[..., Value]], wrap: Wrap) -> type:
    """Return a class derived from the reference, whose calls between its methods are recorded.

    `wrap` returns a function with its calls recorded, under a name. The calls of a check itself aren't recorded.
    """
    members: dict[str, Any] = {}
    for full_name, one in others.items():
        name = full_name.rpartition(".")[2]
        own = vars(reference).get(name)
        if one is reference and type(own) is FunctionType and name != "__init__":
            members[name] = _record(full_name, own, wrap)
    return type(reference)(reference.__name__, (reference,), members) if members else reference


def _record(name: str, own: FunctionType, wrap: Wrap) -> Callable[..., Value]:
    def method(self: Any, /, *args: Any, **named: Any) -> Any:
        if is_called_by_steps():
            return own(self, *args, **named)
        return wrap(name, own.__get__(self))(*args, **named)

    return method
