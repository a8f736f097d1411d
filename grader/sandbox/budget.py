"""CPU time, wall time and sleep of a whole submission, across all its children."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from grader.core.wire.job import Job, LimitHit, Limits

_MIN_LIMIT_S: Final = 0.01  # seconds: with no budget left, the next step still ends at a limit as usual


class Budget:
    """Counts a job's CPU time, wall time and sleep against `total_cpu`, `total_wall` and `total_sleep`."""

    def __init__(self, job: Job, clock: Callable[[], float] = time.monotonic) -> None:
        self.cpu = 0.0
        """Seconds of processor time of the children that have ended."""
        self.slept = 0.0
        """Seconds that these children slept."""
        self._job = job
        self._clock = clock
        self._started = clock()

    def cap_limits(self, limits: Limits, running: float, slept: float = 0.0) -> Limits:
        """Return the limits, capped to the remaining budget.

        `running` and `slept`: seconds that the child that runs now has computed and slept.
        """
        cpu = self._job.total_cpu - self.cpu - running
        wall = self._job.total_wall - self._elapsed()
        sleep = self._job.total_sleep - self.slept - slept
        if cpu >= limits.cpu and wall >= limits.wall and sleep >= limits.sleep:
            return limits
        return replace(
            limits,
            cpu=min(limits.cpu, max(cpu, _MIN_LIMIT_S)),
            wall=min(limits.wall, max(wall, _MIN_LIMIT_S)),
            sleep=min(limits.sleep, max(sleep, _MIN_LIMIT_S)),
        )

    def attribute_hit(self, hit: LimitHit | None, limits: Limits) -> LimitHit | None:
        """Return the limit that was hit; the submission's limit, if its remainder was reached first."""
        if hit is None or hit.name not in ("cpu", "wall", "sleep") or hit.allowed >= getattr(limits, hit.name):
            return hit
        if hit.name == "sleep":
            return self._make_sleep_hit()
        return self._make_cpu_hit() if hit.name == "cpu" else self._make_wall_hit()

    def find_exhausted(self) -> LimitHit | None:
        """Return the limit of the submission that is used up, if there is one."""
        if self.cpu >= self._job.total_cpu:
            return self._make_cpu_hit()
        if self.slept >= self._job.total_sleep:
            return self._make_sleep_hit()
        return self._make_wall_hit() if self._elapsed() >= self._job.total_wall else None

    def _elapsed(self) -> float:
        return self._clock() - self._started

    def _make_cpu_hit(self) -> LimitHit:
        return LimitHit("total_cpu", self._job.total_cpu, max(self.cpu, self._job.total_cpu), "s")

    def _make_wall_hit(self) -> LimitHit:
        return LimitHit("total_wall", self._job.total_wall, max(self._elapsed(), self._job.total_wall), "s")

    def _make_sleep_hit(self) -> LimitHit:
        return LimitHit("total_sleep", self._job.total_sleep, max(self.slept, self._job.total_sleep), "s")
