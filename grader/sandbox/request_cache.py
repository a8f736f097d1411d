"""A cache of encoded requests and decoded answers for a class, because most submissions give the same answers."""

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
        self.requests = requests
        self.messages = _encode(requests)
        self._known: dict[tuple[int, bytes], Answer] = {}

    def decode_answer(self, i: int, data: bytes) -> Answer:
        """Return the answer to the i-th request. Raises InvalidValueError."""
        known = self._known.get((i, data))
        if known is not None:
            return known
        answer = parse_answers.parse_answer(decode(data), self.requests[i])
        if len(data) > _MAX_CACHED_ANSWER_BYTES or answer.ended is not Status.DONE:
            return answer
        if len(self._known) >= _MAX_ANSWERS:
            self._known.clear()
        answer = self._known[i, data] = replace(answer, is_shared=True)
        return answer


def _encode(requests: tuple[Request, ...]) -> list[bytes]:
    """Return the messages of all requests; actions that several edited functions share are encoded once."""
    actions: dict[int, bytes] = {}
    messages = []
    for number, request in enumerate(requests):
        if not request.edits:
            messages.append(job_messages.encode_request(number, request))
            continue
        key = id(request.actions)
        if key not in actions:
            actions[key] = job_messages.encode_actions(request)
        messages.append(job_messages.encode_edited_request(number, request, actions[key]))
    return messages


class RequestCache:
    """The encoded requests of some exercises."""

    def __init__(self) -> None:
        self._encoded: IdentityCache[EncodedRequests] = IdentityCache(_MAX_EXERCISES)

    def get_encoded(self, requests: tuple[Request, ...]) -> EncodedRequests:
        """Return the cached encoding of these very requests."""
        return self._encoded.get_or_compute(lambda: EncodedRequests(requests), requests)
