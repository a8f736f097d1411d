"""One child, from the fork to its end. Read `live` from top to bottom: it is the whole confinement."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass

from grader.sandbox.inside import limits
from grader.sandbox.inside.runner import Runner

REQUESTS, ANSWERS = 3, 4
_OUT_OF_THE_WAY = 8

Step = Callable[[], None]
"""A system call which the zygote has made ready: every page that a child writes to has to be copied."""


@dataclass(frozen=True)
class Plan:
    """What the zygote prepared for all its children.

    `zygote` is its pid, `base` the address space that it has itself, in bytes; `restrict` is None below level landlock.
    """

    zygote: int
    base: int
    die_with_zygote: Step
    restrict: Step | None
    close_others: Step
    drop_capabilities: Step
    filter: Step
    runner: Runner


def live(plan: Plan, requests: int, answers: int, memory: int, cpu_seconds: int) -> None:
    """Confines this process and runs one job. Never returns.

    0, 1 and 2 are /dev/null since the zygote's start; the job's two pipes become 3 and 4; nothing else stays open.
    """
    try:
        plan.die_with_zygote()
        if os.getppid() not in (plan.zygote, 0):  # it died a moment ago (0: it is outside our namespace)
            return
        requests, answers = (fcntl.fcntl(fd, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for fd in (requests, answers))
        if plan.restrict is not None:
            plan.restrict()
        os.dup2(requests, REQUESTS)  # closes the zygote's control socket here
        os.dup2(answers, ANSWERS)
        plan.close_others()
        limits.apply(plan.base + memory, cpu_seconds)
        plan.drop_capabilities()
        plan.filter()
        plan.runner.serve(REQUESTS, ANSWERS)  # from here on, nothing that this process does is believed
    finally:
        os._exit(0)
