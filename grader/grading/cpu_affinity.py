"""Which processors workers use, and how they share them with others."""

import contextlib
import os
from dataclasses import dataclass


def count_usable_cpus() -> int:
    """One for each processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_batch_scheduling() -> None:
    """This thread and its sandbox don't interrupt one another at every message: fewer switches, more done."""
    if hasattr(os, "sched_setscheduler"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


@dataclass(frozen=True)
class CpuSlot:
    """A worker's place among all `worker_count` a batch that are on its machine, counted from 0."""

    number: int
    worker_count: int

    def pin_thread(self) -> None:
        """Keeps this thread, and the sandbox that it starts, on one processor: they take turns, and so wake cheaply.

        Where fewer or more are at work than there are processors, the system knows better who is to run where.
        """
        if hasattr(os, "sched_setaffinity"):
            there = sorted(os.sched_getaffinity(os.getpid()))
            if self.number < self.worker_count == len(there):
                with contextlib.suppress(OSError):  # it has been taken away since
                    os.sched_setaffinity(0, {there[self.number]})
