"""Answers the calls that a child asks about during one request, from the request's known calls.

A child could try arguments until one is confirmed. So the first call that isn't known ends it: nothing more is answered
during this request, and the child's own functions run.
"""

import pickle
from typing import Final

from grader.core.compare.known_calls import find_known_call
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.job import KnownCall, Request
from grader.core.wire.values import InvalidValueError, Value
from grader.sandbox.inside.answered_calls import CallReply
from grader.sandbox.inside.protocol import MAX_CALL_QUERIES, MAX_QUERY_BYTES, PICKLE_PROTOCOL

MAX_RESULT_BYTES: Final = 2**26
_QUERY_KINDS: Final = ((str, tuple), (str, tuple, dict), (str, tuple, dict, tuple))
_OVER: Final = pickle.dumps((str(CallReply.OVER), None), PICKLE_PROTOCOL)


class CallAnswers:
    """The known calls of one request, and a record of the functions of which calls were answered."""

    def __init__(self, request: Request) -> None:
        self._calls = request.known_calls
        self._by_query: dict[bytes, KnownCall] = {}
        self._is_open = bool(self._calls)
        self._queries = 0
        self._left = 2 * len(self._calls)
        self._answered: dict[str, None] = {}
        self._has_methods = any("." in known.function for known in self._calls)

    @property
    def answered(self) -> tuple[str, ...]:
        """Names of the functions of which calls were answered."""
        return tuple(self._answered)

    def answer(self, query: bytes) -> bytes:
        """Return the message that answers a query. Raises InvalidValueError for a query that no honest child sends."""
        self._queries += 1
        if not (self._calls or self._has_methods) or self._queries > MAX_CALL_QUERIES:
            raise InvalidValueError("a call is asked for that is not answered")
        if not self._is_open:
            return _OVER
        self._left -= 1
        found = self._find(query) if self._left >= 0 else None
        if found is None:
            self._is_open = False
            return _OVER
        self._answered[found.function] = None
        if "." in found.function:  # a method: the next call with equal arguments may find its object changed
            self._calls = tuple(one for one in self._calls if one is not found)
        return pickle.dumps((str(CallReply.RESULT), decode(encode(found.result, MAX_RESULT_BYTES))), PICKLE_PROTOCOL)

    def _find(self, query: bytes) -> KnownCall | None:
        """Return the call that a query asks about: by its bytes if they are those of a known call."""
        if not self._by_query or self._has_methods:
            encoded = ((encode((one.function, one.args), MAX_QUERY_BYTES), one) for one in reversed(self._calls))
            self._by_query = dict(encoded)
        if (known := self._by_query.get(query)) is not None:
            return known
        function, *forms = _parse_query(query)
        found = (find_known_call(self._calls, function, args, by_name) for args, by_name in forms)
        return next((known for known in found if known is not None), None)


def _parse_query(query: bytes) -> tuple[str, *tuple[tuple[tuple[Value, ...], dict[str, Value]], ...]]:
    """Decode the name of a function, and one or two forms of its arguments: those without a name, those with one.

    Raises InvalidValueError.
    """
    if len(query) > MAX_QUERY_BYTES:
        raise InvalidValueError("the arguments of a call are too large")
    data = decode(query)
    kinds = tuple(map(type, data)) if type(data) is tuple else ()
    if kinds not in _QUERY_KINDS or not all(type(name) is str for names in data[2:3] for name in names):
        raise InvalidValueError("a query isn't a function's name and its arguments")
    function, args, *rest = data
    named = rest[0] if rest else {}
    return (function, (args, named), *((ordered, {}) for ordered in rest[1:]))
