"""Calls of a student's functions that the grader may answer: stand-ins ask it, one call at a time.

While a stand-in has the place of a function among the global names, a call of it is sent to the grader. If the grader
knows the result for these arguments, that is the result; otherwise the student's own function runs. The results of
other calls are never in this process.

A name such as `TwoLayer.loss` is that of a method. Then only calls from other methods are asked about, and where one is
answered, the student's own method runs nevertheless, for its effects on the object.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, MutableMapping
from enum import StrEnum
from threading import Lock
from types import FunctionType
from typing import Any, Final

from grader.core.wire.encode import encode
from grader.core.wire.play_steps import find_method, is_called_by_steps
from grader.sandbox.inside.protocol import MAX_CALL_QUERIES, MAX_QUERY_BYTES

_MISSING: Final = object()
_QUERY_OVERHEAD_BYTES: Final = 256  # bytes of a query besides its arguments


class CallReply(StrEnum):
    """The reply to a query: the result, or the end of all queries. Where none is sent, the student's own runs."""

    RESULT = "result"
    OVER = "over"
    OWN = "own"


AskGrader = Callable[[bytes], tuple[CallReply, Any]]
"""Sends an encoded query, and returns the reply with the result."""


class AnsweredCalls:
    """The stand-ins in a namespace, from `begin` to `end`."""

    def __init__(self, namespace: MutableMapping[str, Any], ask: AskGrader) -> None:
        self._namespace = namespace
        self.modules: Collection[MutableMapping[str, Any]] = ()
        """Namespaces of modules, which get stand-ins only for names that they have."""
        self._ask = ask
        self._lock = Lock()
        self._own: list[tuple[MutableMapping[str, Any], str, Any]] = []
        self._methods: list[tuple[type, str, Any]] = []
        self._answered_methods: set[str] = set()
        self._is_running_own = False
        self._left = 0

    def begin_request(self) -> None:
        """Allow the queries of a request."""
        self._left = MAX_CALL_QUERIES

    def begin(self, names: Iterable[str]) -> None:
        """Put stand-ins in place of these functions, also of missing ones, and then of methods of their names."""
        asked = tuple(names)
        self._answered_methods = {name for name in asked if "." in name}
        for name in self._answered_methods:
            self._replace_method(name)
        for name in (name for name in asked if "." not in name):
            places = [(module, name, module[name]) for module in self.modules if callable(module.get(name))]
            if name not in self._namespace and not places:
                self._replace_methods(name)
            self._own += [(self._namespace, name, self._namespace.get(name, _MISSING)), *places]
        for namespace, name, own in self._own:
            namespace[name] = self._make_stand_in(name, own)

    def end(self) -> None:
        """Put the student's own functions back; a stand-in that is kept calls them from now on."""
        with self._lock:
            self._restore()

    def _restore(self) -> None:
        self._answered_methods = set()
        methods, self._methods = self._methods, []
        for owner, name, method in methods:
            if method is _MISSING:
                type.__delattr__(owner, name)
            else:
                type.__setattr__(owner, name, method)
        own, self._own = self._own, []
        for namespace, name, function in own:
            if function is _MISSING:
                namespace.pop(name, None)
            else:
                namespace[name] = function

    def _replace_method(self, full_name: str) -> None:
        """Put a stand-in in place of a method of a class of the namespace, also of an inherited or missing one."""
        class_name, _, name = full_name.rpartition(".")
        owner = self._namespace.get(class_name)
        if not isinstance(owner, type):
            return
        member = type.__dict__["__dict__"].__get__(owner).get(name, _MISSING)
        if member is not _MISSING and type(member) is not FunctionType:
            return
        type.__setattr__(owner, name, self._answer_method(full_name, find_method(owner, name)))
        self._methods.append((owner, name, member))

    def _answer_method(self, full_name: str, own: FunctionType | None) -> Callable[..., Any]:
        name = full_name.rpartition(".")[2]

        def method(self_: Any, /, *args: Any, **kwargs: Any) -> Any:
            bound: Any = _MISSING if own is None else own.__get__(self_)
            is_inner = not is_called_by_steps() and not self._is_running_own
            reply, result = self._query(full_name, bound, args, kwargs) if is_inner else (CallReply.OWN, None)
            if reply is CallReply.RESULT:
                if own is not None:
                    self._run_for_effects(bound, args, kwargs)
                return result
            if own is None:
                raise AttributeError(f"object has no attribute {name!r}", name=name)
            return bound(*args, **kwargs)

        return method

    def _run_for_effects(self, bound: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Run the student's own method, whose result is replaced by the right one."""
        self._is_running_own = True
        try:
            bound(*args, **kwargs)
        except BaseException:  # its result isn't needed
            return
        finally:
            self._is_running_own = False

    def _replace_methods(self, name: str) -> None:
        """Put stand-ins in place of the methods of this name in the classes of the namespace."""
        namespaces = (self._namespace, *self.modules)
        classes = [value for one in namespaces for value in one.values() if type(value) is type]
        for owner in dict.fromkeys(classes):
            own = type.__getattribute__(owner, "__dict__").get(name, _MISSING)
            if type(own) is staticmethod:
                made: Any = staticmethod(self._make_stand_in(name, own.__func__))
            elif type(own) is FunctionType:
                made = self._make_method(name, own)
            else:
                continue
            try:
                type.__setattr__(owner, name, made)
            except TypeError:  # a class that isn't the student's
                continue
            self._methods.append((owner, name, own))

    def _make_method(self, name: str, own: FunctionType) -> Callable[..., Any]:
        def method(self_: Any, /, *args: Any, **kwargs: Any) -> Any:
            return self._make_stand_in(name, own.__get__(self_))(*args, **kwargs)

        return method

    def _make_stand_in(self, name: str, own: Any) -> Callable[..., Any]:
        def stand_in(*args: Any, **kwargs: Any) -> Any:
            reply, result = self._query(name, own, args, kwargs)
            if reply is CallReply.RESULT:
                return result
            if own is _MISSING:
                raise NameError(f"name {name!r} is not defined", name=name)
            return own(*args, **kwargs)

        return stand_in

    def _query(self, name: str, own: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[CallReply, Any]:
        """Ask about one call; threads wait for each other. A call that can't be asked about is the student's own."""
        with self._lock:
            known = {*self._answered_methods, *(other for _, other, _ in self._own)}
            if self._left <= 0 or name not in known:
                return CallReply.OWN, None
            try:
                arguments = _describe_arguments(own, args, kwargs)
                query = encode((name, *arguments), MAX_QUERY_BYTES - _QUERY_OVERHEAD_BYTES)
            except Exception:  # too large, nested too deep, arguments that don't fit, or an object that raises
                return CallReply.OWN, None
            self._left -= 1
            reply, result = self._ask(query)
            if reply is CallReply.OVER:
                self._restore()
            return reply, result


def _describe_arguments(own: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Return the arguments as they are called with: those with and without a name.

    With names, the arguments follow in the order of the function's own parameters, if they fit these.
    """
    if not kwargs:
        return (args,)
    try:
        bound = inspect.signature(own).bind(*args, **kwargs)
    except (TypeError, ValueError):  # the function is missing or has other parameters than are asked for
        return args, kwargs
    return (args, kwargs) if bound.kwargs else (args, kwargs, bound.args)
