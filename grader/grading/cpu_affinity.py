"""The CPUs that workers use, and their sharing with other processes."""

import contextlib
import os
from dataclasses import dataclass


def count_usable_cpus() -> int:
    """Return the number of CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_batch_scheduling() -> None:
    """Stop this thread and its sandbox from preempting each other at every message: this reduces switches."""
    if hasattr(os, "sched_setscheduler"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


@dataclass(frozen=True)
class CpuSlot:
    """A worker's number among all `worker_count` workers of a batch on its machine, counted from 0."""

    number: int
    worker_count: int

    def pin_thread(self) -> None:
        """Pin this thread, and the sandbox that it starts, to one CPU: they alternate, so that waking is cheap.

        Unless there are exactly as many workers as CPUs, scheduling is left to the system.
        """
        if hasattr(os, "sched_setaffinity"):
            cpus = sorted(os.sched_getaffinity(os.getpid()))
            if self.number < self.worker_count == len(cpus):
                with contextlib.suppress(OSError):  # the CPU has been removed since
                    os.sched_setaffinity(0, {cpus[self.number]})
