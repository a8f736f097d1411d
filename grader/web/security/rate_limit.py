"""A rate limit: a sliding window per key, in memory, with a bounded number of keys."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Final

from grader.store import RateLimit

MAX_RATE_LIMIT_KEYS: Final = 50_000
"""The longest unused ones are forgotten first."""


class RateLimiter:
    """Counts tries of each key against one rate. Safe to share between threads."""

    def __init__(self, rate: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._taken: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def get_wait_s(self, key: Hashable) -> float:
        """Return the seconds until another may be taken; 0 means now."""
        with self._lock:
            return self._wait(key, self._clock())

    def take(self, key: Hashable) -> float:
        """Take one and return 0, or take none and return the seconds to wait."""
        with self._lock:
            now = self._clock()
            wait = self._wait(key, now)
            if not wait:
                self._taken.setdefault(key, deque(maxlen=self._rate.max_tries)).append(now)
                self._taken.move_to_end(key)
                while len(self._taken) > MAX_RATE_LIMIT_KEYS:
                    self._taken.popitem(last=False)
            return wait

    def _wait(self, key: Hashable, now: float) -> float:
        return self._rate.get_wait_seconds([now - at for at in reversed(self._taken.get(key, ()))])
