"""One child, from the fork to its end. Read `live` from top to bottom: it is the whole confinement."""

import fcntl
import os
from dataclasses import dataclass

from grader.sandbox.inside import kernel, landlock, limits, packages, runner, seccomp

REQUESTS, ANSWERS = 3, 4
_OUT_OF_THE_WAY = 20


@dataclass(frozen=True)
class Plan:
    """What the zygote prepared for all its children. `base` is the address space that it has itself, in bytes."""

    warm: packages.Warm
    base: int
    ruleset: int | None
    filter: bytes


def live(plan: Plan, zygote: int, requests: int, answers: int, memory: int, cpu_seconds: int) -> None:
    """Confines this process and runs one job. Never returns.

    0, 1 and 2 are /dev/null since the zygote's start; the job's two pipes become 3 and 4; nothing else stays open.
    """
    try:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)  # nobody outlives the zygote,
        if os.getppid() not in (zygote, 0):  # nor one that died a moment ago (0: it is outside our namespace)
            return
        requests, answers = (fcntl.fcntl(fd, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for fd in (requests, answers))
        if plan.ruleset is not None:
            landlock.restrict(plan.ruleset)
        os.dup2(requests, REQUESTS)  # closes the zygote's control socket here
        os.dup2(answers, ANSWERS)
        kernel.close_from(ANSWERS + 1)
        limits.apply(plan.base + memory, cpu_seconds)
        kernel.drop_capabilities()
        seccomp.install(plan.filter)
        runner.run(REQUESTS, ANSWERS, plan.warm)  # from here on, nothing that this process does is believed
    finally:
        os._exit(0)
