"""What the kernel's resource limits hold against a child, whatever it does to its own process."""

import resource


def apply(memory: int, cpu_seconds: int) -> None:
    """Sets this process's limits: `memory` bytes of address space in all, `cpu_seconds` as the last backstop.

    Soft = hard throughout: process 1 of a namespace ignores the signal of the soft limit.
    """
    for which, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(which, (value, value))


def address_space() -> int:
    """Bytes of address space that this process has now."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
