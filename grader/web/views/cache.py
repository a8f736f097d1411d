"""What is made of the whole records, kept for all who ask until the records change."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from grader.store import State

REST: Final = 10
"""Where students hand in all the time, it rests so many times as long as it took to make."""
LONGEST_REST: Final = 60.0
"""Seconds; and how long anything is kept at most."""

T = TypeVar("T")


@dataclass(frozen=True)
class _Made(Generic[T]):
    value: T
    state: State
    ready: float
    rest: float


class Kept(Generic[T]):
    """Makes something anew where the records have changed: at once after what a person did, else after a rest.

    One thread makes it; others read meanwhile what there was before. Safe to share between threads.
    """

    def __init__(self, make: Callable[[], T], state: Callable[[], State]) -> None:
        self._make, self._state = make, state
        self._turn = threading.Lock()
        self._made: _Made[T] | None = None

    def get(self) -> T:
        """The thing as it is now, or was a moment ago."""
        made, state = self._made, self._state()
        if made is not None and _holds(made, state):
            return made.value
        can_wait = made is not None and made.state.acts == state.acts
        if not self._turn.acquire(blocking=not can_wait):
            assert made is not None
            return made.value
        try:
            return self._made_anew(state)
        finally:
            self._turn.release()

    def _made_anew(self, state: State) -> T:
        if self._made is None or not _holds(self._made, state):
            began = time.monotonic()
            value = self._make()
            ready = time.monotonic()
            self._made = _Made(value, state, ready, min(LONGEST_REST, REST * (ready - began)))
        return self._made.value


def _holds(made: _Made[T], state: State) -> bool:
    age = time.monotonic() - made.ready
    return age < (LONGEST_REST if made.state == state else made.rest if made.state.acts == state.acts else 0.0)
