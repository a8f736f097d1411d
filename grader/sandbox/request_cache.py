"""A cache of encoded requests and decoded answers for a class, because most submissions give the same answers."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from grader.core.identity_cache import IdentityCache
from grader.core.wire.decode import decode
from grader.core.wire.job import Answer, Request, Status
from grader.sandbox import job_messages, parse_answers

_MAX_EXERCISES: Final = 16
_MAX_ANSWERS: Final = 4096  # per exercise
_MAX_CACHED_ANSWER_BYTES: Final = 4096  # largest answer that is cached


class EncodedRequests:
    """The requests of a job, encoded once, and decoded answers by their bytes: a known one isn't decoded again."""

    def __init__(self, requests: tuple[Request, ...]) -> None:
        self.requests: list[Request] = []
        self.messages: list[bytes] = []
        self._actions: dict[int, bytes] = {}
        self._known: dict[tuple[int, bytes], Answer] = {}
        self.extend(requests)

    def extend(self, requests: Iterable[Request]) -> None:
        """Add requests; actions that several edited functions share are encoded once."""
        for request in requests:
            self.messages.append(self._encode(len(self.requests), request))
            self.requests.append(request)

    def drop_messages(self, first: int, last: int) -> None:
        """Forget the messages of requests that are answered."""
        self.messages[first:last] = [b""] * (last - first)

    def _encode(self, number: int, request: Request) -> bytes:
        if not request.edits:
            return job_messages.encode_request(number, request)
        key = id(request.actions)  # they are kept alive with their request
        if key not in self._actions:
            self._actions[key] = job_messages.encode_actions(request)
        return job_messages.encode_edited_request(number, request, self._actions[key])

    def decode_answer(self, i: int, data: bytes) -> Answer:
        """Return the answer to the i-th request. Raises InvalidValueError."""
        known = self._known.get((i, data))
        if known is not None:
            return known
        answer = parse_answers.parse_answer(decode(data), self.requests[i])
        if len(data) > _MAX_CACHED_ANSWER_BYTES or answer.ended is not Status.DONE or self.requests[i].edits:
            return answer
        if len(self._known) >= _MAX_ANSWERS:
            self._known.clear()
        answer = self._known[i, data] = replace(answer, is_shared=True)
        return answer


class RequestCache:
    """The encoded requests of some exercises."""

    def __init__(self) -> None:
        self._encoded: IdentityCache[EncodedRequests] = IdentityCache(_MAX_EXERCISES)

    def get_encoded(self, requests: tuple[Request, ...]) -> EncodedRequests:
        """Return the cached encoding of these very requests."""
        return self._encoded.get_or_compute(lambda: EncodedRequests(requests), requests)
