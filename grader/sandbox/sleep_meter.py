"""Measures how long a child sleeps: it neither computes nor waits for a processor.

On a busy machine, honest code takes long because it waits for its turn. The kernel reports this waiting, so it never
counts as sleep. What the kernel doesn't report is not measured; the limit of elapsed time holds all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SLEEP_CHECK_INTERVAL_S: Final = 0.1
"""Seconds between two looks at a child that sends nothing."""

_PRECISION_S: Final = 0.001  # seconds: a shorter wait would be rounded to none, again and again


@dataclass(frozen=True)
class Activity:
    """The kernel's figures about a process: its seconds on a processor, and of waiting for one, so far."""

    computed: float
    queued: float
    is_asleep: bool
    """Whether it sleeps now, and waits neither for a processor nor for a disk."""


class SleepMeter:
    """The seconds that one child has slept in `total`, estimated from regular looks at it."""

    def __init__(self, read_activity: Callable[[], Activity | None]) -> None:
        self.total = 0.0
        self._read_activity = read_activity
        self._last: Activity | None = None
        self._waited = 0.0

    @property
    def seconds_to_check(self) -> float:
        """The seconds of waiting after which the next look is due; 0 means now."""
        left = SLEEP_CHECK_INTERVAL_S - self._waited
        return left if left > _PRECISION_S else 0.0

    def add_wait(self, seconds: float) -> None:
        """Add time during which the grader waited for the child; its own work and pauses don't count."""
        self._waited += seconds

    def check(self) -> None:
        """Look at the child: if it is asleep, the time since the last look that it didn't use was sleep."""
        now, last = self._read_activity(), self._last
        if now is not None and last is not None and now.is_asleep:
            used = now.computed - last.computed + now.queued - last.queued
            self.total += max(0.0, self._waited - used)
        self._last = now
        self._waited = 0.0
