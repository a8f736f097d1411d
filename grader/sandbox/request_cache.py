"""What a class is asked, as messages; and what came back before: most submissions answer the same."""

from dataclasses import replace
from typing import Final

from grader.core.wire.decode import decode
from grader.core.wire.job import Answer, Ended, Request
from grader.sandbox import messages

_EXERCISES: Final = 16
_ANSWERS: Final = 4096  # of an exercise
_SMALL: Final = 4096  # bytes of an answer that is kept


class Asked:
    """The requests of a job, made messages once, and answers by their bytes: a known one isn't read again."""

    def __init__(self, requests: tuple[Request, ...]) -> None:
        self.requests = requests
        self.messages = [messages.request_message(*item) for item in enumerate(requests)]
        self._known: dict[tuple[int, bytes], Answer] = {}

    def answer(self, i: int, said: bytes) -> Answer:
        """What was said to the i-th request. Raises NotAValue."""
        known = self._known.get((i, said))
        if known is not None:
            return known
        answer = messages.answer(decode(said), self.requests[i])
        if len(said) > _SMALL or answer.ended is not Ended.DONE:
            return answer
        if len(self._known) >= _ANSWERS:
            self._known.clear()
        answer = self._known[i, said] = replace(answer, shared=True)
        return answer


class Exercises:
    """What is asked in some exercises; those asked least recently make room."""

    def __init__(self) -> None:
        self._kept: dict[int, Asked] = {}

    def asked(self, requests: tuple[Request, ...]) -> Asked:
        """What is kept for these very requests."""
        kept = self._kept.pop(id(requests), None)
        if kept is None or kept.requests is not requests:
            kept = Asked(requests)
        if len(self._kept) >= _EXERCISES:
            del self._kept[next(iter(self._kept))]
        self._kept[id(requests)] = kept
        return kept
