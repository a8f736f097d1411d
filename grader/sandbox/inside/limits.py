"""Resource limits that the kernel enforces on a child, whatever the child does to its own process."""

import contextlib
import resource
from typing import Final

MAX_OPEN_FILES: Final = 24
"""Maximum number of open file descriptors."""
_STACK_BYTES: Final = (
    8 * 2**20
)  # the default of most systems; fixed, so that recursion ends at the same depth everywhere


def apply_common_limits() -> None:
    """Set the limits that are the same for all children and that do not harm the zygote: they are inherited.

    Soft and hard limits are equal, because process 1 of a namespace ignores the signal of the soft limit.
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
    """Set a child's own limits: `memory` bytes of address space, `cpu_seconds` as a backstop, no processes."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def prefer_as_oom_victim() -> None:
    """Make the kernel end this process and its children first when the machine runs out of memory."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def measure_address_space() -> int:
    """Return the size of this process's address space in bytes."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
