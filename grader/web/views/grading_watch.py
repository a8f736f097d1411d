"""Who waits for a grading: pages ask again and again, and the records are asked once for all of them."""

import asyncio
import threading
import time
from typing import Final

from grader.store import Store
from grader.web.processes.thread_pools import Lanes

LOOK: Final = 0.2
"""Seconds between two looks at the records, however many ask."""
TRUST: Final = 5.0
"""Seconds after which an attempt is looked at itself, in case its grading came out of turn."""
HELD: Final = 8.0
"""Seconds that a request may wait for news."""

Key = tuple[str, str, int]
"""Student, exercise, number of the attempt."""


class Watch:
    """Knows the attempts that are asked after and wait; forgets them as they are graded. Shared between threads."""

    def __init__(self, store: Store) -> None:
        self._glance = store.glance
        self._turn = threading.Lock()
        self._waiting: dict[Key, tuple[int, float]] = {}
        self._seen = self._looks = 0
        self._looked = -LOOK

    def waits(self, key: Key) -> bool:
        """Whether an attempt is there and has no grading yet; what is said may be as old as LOOK."""
        self._look()
        if self.is_known_to_wait(key):
            return True
        looks = self._looks
        id = self._glance.waiting(*key)
        if id is None:
            return False
        with self._turn:
            if looks == self._looks:  # else its grading may have been among those seen meanwhile
                self._waiting[key] = (id, time.monotonic() + TRUST)
        return True

    def is_known_to_wait(self, key: Key) -> bool:
        """It waited at the last look, which was just now: nobody needs to be asked."""
        now = time.monotonic()
        _, until = self._waiting.get(key, (0, now))
        return now < until and now < self._looked + LOOK

    async def news(self, key: Key, lanes: Lanes) -> bool:
        """True once it waits no more; False after HELD."""
        end = time.monotonic() + HELD
        while self.is_known_to_wait(key) or await lanes.quick(self.waits, key):
            if time.monotonic() > end:
                return False
            await asyncio.sleep(LOOK)
        return True

    def _look(self) -> None:
        """Forgets what was graded since the last look, unless that was just now or is under way."""
        now = time.monotonic()
        if now < self._looked + LOOK or not self._turn.acquire(blocking=False):
            return
        try:
            self._looked = now
            if not self._waiting:
                self._seen = self._glance.state().gradings
            else:
                found = self._glance.graded_after(self._seen)
                graded = {submission for _, submission in found}
                self._seen = max([self._seen, *(id for id, _ in found)])
                kept = {key: one for key, one in self._waiting.items() if one[0] not in graded and one[1] > now}
                self._waiting = kept
            self._looks += 1
        finally:
            self._turn.release()
