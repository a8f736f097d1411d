"""Reads from the kernel whether a process sleeps. Linux only."""

from typing import Final

from grader.sandbox.sleep_meter import Activity

_ASLEEP: Final = (b"S", b"T", b"t")  # waiting for a signal, a clock or another process; stopped


def read_process_activity(pid: int) -> Activity | None:
    """Return the figures of a process with one thread; None if it has ended or the kernel doesn't report them."""
    try:
        with open(f"/proc/{pid}/schedstat", "rb") as file:  # see sched-stats in the kernel's documentation
            computed, queued, *_ = file.read().split()
        with open(f"/proc/{pid}/stat", "rb") as file:
            state = file.read().rpartition(b")")[2].split()[0]
    except (OSError, ValueError, IndexError):
        return None
    return Activity(int(computed) / 1e9, int(queued) / 1e9, state in _ASLEEP)
