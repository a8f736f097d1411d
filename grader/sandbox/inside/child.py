"""One child, from the fork to its end. `run_confined`, read from top to bottom, is the complete confinement."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass

from grader.sandbox.inside import limits
from grader.sandbox.inside.runner import JobServer

REQUESTS_FD, ANSWERS_FD = 3, 4
_FIRST_SPARE_FD = 8

PreparedCall = Callable[[], None]
"""A system call prepared by the zygote, because every page that a child writes to has to be copied."""


@dataclass(frozen=True)
class ConfinementPlan:
    """The preparations of the zygote for all its children.

    `zygote` is its pid, `base` its own address space in bytes; `restrict` is None below level landlock.
    """

    zygote: int
    base: int
    die_with_zygote: PreparedCall
    restrict: PreparedCall | None
    close_others: PreparedCall
    drop_capabilities: PreparedCall
    filter: PreparedCall
    runner: JobServer


def run_confined(plan: ConfinementPlan, requests: int, answers: int, memory: int, cpu_seconds: int) -> None:
    """Confine this process and run one job. Never returns.

    File descriptors 0, 1 and 2 are /dev/null since the zygote's start; the job's two pipes become 3 and 4; all others
    are closed.
    """
    try:
        plan.die_with_zygote()
        if os.getppid() not in (plan.zygote, 0):  # the zygote has just died (0: it is outside this namespace)
            return
        requests, answers = (fcntl.fcntl(fd, fcntl.F_DUPFD, _FIRST_SPARE_FD) for fd in (requests, answers))
        if plan.restrict is not None:
            plan.restrict()
        os.dup2(requests, REQUESTS_FD)  # closes the zygote's control socket here
        os.dup2(answers, ANSWERS_FD)
        plan.close_others()
        limits.apply_child_limits(plan.base + memory, cpu_seconds)
        plan.drop_capabilities()
        plan.filter()
        plan.runner.serve(REQUESTS_FD, ANSWERS_FD)  # from here on, nothing from this process is trusted
    finally:
        os._exit(0)
