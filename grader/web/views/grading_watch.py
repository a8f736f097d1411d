"""Waits for gradings: pages ask again and again, and the records are read once for all of them."""

import asyncio
import threading
import time
from typing import Final

from grader.store import Store
from grader.web.processes.thread_pools import ThreadPools

GRADING_POLL_INTERVAL_S: Final = 0.2
"""Seconds between two looks at the records, however many ask."""
RECHECK_AFTER_S: Final = 5.0
"""Seconds after which an attempt is looked at itself, in case its grading came out of turn."""
LONG_POLL_TIMEOUT_S: Final = 8.0
"""Seconds that a request may wait for news."""

AttemptKey = tuple[str, str, int]
"""Student, exercise, number of the attempt."""


class GradingWatch:
    """The attempts that pages wait for; forgets them when they are graded. Shared between threads."""

    def __init__(self, store: Store) -> None:
        self._glance = store.progress
        self._turn = threading.Lock()
        self._waiting: dict[AttemptKey, tuple[int, float]] = {}
        self._seen = self._looks = 0
        self._looked = -GRADING_POLL_INTERVAL_S

    def is_waiting(self, key: AttemptKey) -> bool:
        """Return whether an attempt exists without a grading; the answer may be a moment old."""
        self._refresh()
        if self.is_known_to_wait(key):
            return True
        looks = self._looks
        id = self._glance.find_ungraded(*key)
        if id is None:
            return False
        with self._turn:
            if looks == self._looks:  # else its grading may have been among those seen meanwhile
                self._waiting[key] = (id, time.monotonic() + RECHECK_AFTER_S)
        return True

    def is_known_to_wait(self, key: AttemptKey) -> bool:
        """Return whether the attempt waited at the last look, a moment ago; this reads no records."""
        now = time.monotonic()
        _, until = self._waiting.get(key, (0, now))
        return now < until and now < self._looked + GRADING_POLL_INTERVAL_S

    async def wait_until_graded(self, key: AttemptKey, lanes: ThreadPools) -> bool:
        """Return True once it is graded, False after the longest wait."""
        end = time.monotonic() + LONG_POLL_TIMEOUT_S
        while self.is_known_to_wait(key) or await lanes.run_quick(self.is_waiting, key):
            if time.monotonic() > end:
                return False
            await asyncio.sleep(GRADING_POLL_INTERVAL_S)
        return True

    def _refresh(self) -> None:
        """Forget what was graded since the last look, unless that was just now or is in progress."""
        now = time.monotonic()
        if now < self._looked + GRADING_POLL_INTERVAL_S or not self._turn.acquire(blocking=False):
            return
        try:
            self._looked = now
            if not self._waiting:
                self._seen = self._glance.read_version().gradings
            else:
                found = self._glance.list_graded_after(self._seen)
                graded = {submission for _, submission in found}
                self._seen = max([self._seen, *(id for id, _ in found)])
                kept = {key: one for key, one in self._waiting.items() if one[0] not in graded and one[1] > now}
                self._waiting = kept
            self._looks += 1
        finally:
            self._turn.release()
