"""The moment by which a worker must have finished its current step.

The worker can't watch itself: an author's rule that hangs may keep every thread of its process from running.
"""

import multiprocessing
import time
from typing import Any, Final

USUAL_STEP_S: Final = 10.0
"""Seconds after which a step of judging is unusually long."""


class StepDeadline:
    """The deadline of the current step; none between two tasks."""

    def __init__(self) -> None:
        self._moments: Any = [0.0, 0.0]  # usual end, latest end; 0: no step

    def begin_step(self, seconds: float, usually: float = USUAL_STEP_S) -> None:
        """Begin a step that may take this long, and usually takes at most `usually` seconds."""
        now = time.monotonic()
        self._moments[:] = (now + min(usually, seconds), now + seconds)

    def end_step(self) -> None:
        """End the step."""
        self._moments[:] = (0.0, 0.0)

    @property
    def is_unusual(self) -> bool:
        """Whether the step takes unusually long, so that the worker is not expected to take another task soon."""
        return bool(0.0 < self._moments[0] < time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether the step has exceeded its time limit."""
        return bool(0.0 < self._moments[1] < time.monotonic())


class SharedStepDeadline(StepDeadline):
    """A deadline in memory that is shared with the process to which it is passed when that one is started."""

    def __init__(self) -> None:
        super().__init__()
        self._moments = multiprocessing.get_context("spawn").RawArray("d", 2)
