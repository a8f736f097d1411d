"""What the kernel's resource limits hold against a child, whatever it does to its own process."""

import contextlib
import resource
from typing import Final

MAX_OPEN_FILES: Final = 16
"""File descriptors that may be open."""
_STACK_BYTES: Final = 8 * 2**20  # what most systems give; the same everywhere, so that recursion ends alike everywhere


def apply_common_limits() -> None:
    """Sets the limits that are the same for all children, and do their zygote no harm: they are inherited.

    Soft = hard throughout: process 1 of a namespace ignores the signal of the soft limit.
    """
    hard_stack = resource.getrlimit(resource.RLIMIT_STACK)[1]
    stack = _STACK_BYTES if hard_stack == resource.RLIM_INFINITY else min(_STACK_BYTES, hard_stack)
    for which, value in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_STACK, stack),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(which, (value, value))


def apply_child_limits(memory: int, cpu_seconds: int) -> None:
    """Sets a child's own: `memory` bytes of address space in all, `cpu_seconds` as the last backstop, no process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def prefer_as_oom_victim() -> None:
    """Tells the kernel which process to end when the machine's memory runs out: this one and its children."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def measure_address_space() -> int:
    """Bytes of address space that this process has now."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
