"""A cache of data that is made of all the records, valid until the records change."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from grader.store import RecordsVersion

REST_FACTOR: Final = 10
"""Where students hand in all the time, it rests so many times as long as it took to make."""
MAX_CACHE_AGE_S: Final = 60.0
"""Seconds; and how long anything is kept at most."""

T = TypeVar("T")


@dataclass(frozen=True)
class _CacheEntry(Generic[T]):
    value: T
    state: RecordsVersion
    ready: float
    pause: float


class RecordsCache(Generic[T]):
    """Makes the data again when the records have changed: at once after a person's act, else after a pause.

    One thread makes it; the others read the previous data meanwhile. Safe to share between threads.
    """

    def __init__(self, make: Callable[[], T], state: Callable[[], RecordsVersion]) -> None:
        self._make, self._state = make, state
        self._turn = threading.Lock()
        self._entry: _CacheEntry[T] | None = None

    def get(self) -> T:
        """Return the data as it is now, or was a moment ago."""
        entry, state = self._entry, self._state()
        if entry is not None and _is_fresh(entry, state):
            return entry.value
        can_wait = entry is not None and entry.state.newest_act_ids == state.newest_act_ids
        if not self._turn.acquire(blocking=not can_wait):
            assert entry is not None
            return entry.value
        try:
            return self._refresh(state)
        finally:
            self._turn.release()

    def _refresh(self, state: RecordsVersion) -> T:
        if self._entry is None or not _is_fresh(self._entry, state):
            began = time.monotonic()
            value = self._make()
            ready = time.monotonic()
            self._entry = _CacheEntry(value, state, ready, min(MAX_CACHE_AGE_S, REST_FACTOR * (ready - began)))
        return self._entry.value


def _is_fresh(entry: _CacheEntry[T], state: RecordsVersion) -> bool:
    age = time.monotonic() - entry.ready
    return age < (
        MAX_CACHE_AGE_S
        if entry.state == state
        else entry.pause
        if entry.state.newest_act_ids == state.newest_act_ids
        else 0.0
    )
