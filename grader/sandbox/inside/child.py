"""One child, from the fork to its end. Read `run_confined` from top to bottom: it is the whole confinement."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass

from grader.sandbox.inside import limits
from grader.sandbox.inside.runner import JobServer

REQUESTS_FD, ANSWERS_FD = 3, 4
_FIRST_SPARE_FD = 8

PreparedCall = Callable[[], None]
"""A system call which the zygote has made ready: every page that a child writes to has to be copied."""


@dataclass(frozen=True)
class ConfinementPlan:
    """What the zygote prepared for all its children.

    `zygote` is its pid, `base` the address space that it has itself, in bytes; `restrict` is None below level landlock.
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
    """Confines this process and runs one job. Never returns.

    0, 1 and 2 are /dev/null since the zygote's start; the job's two pipes become 3 and 4; nothing else stays open.
    """
    try:
        plan.die_with_zygote()
        if os.getppid() not in (plan.zygote, 0):  # it died a moment ago (0: it is outside our namespace)
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
        plan.runner.serve(REQUESTS_FD, ANSWERS_FD)  # from here on, nothing that this process does is believed
    finally:
        os._exit(0)
