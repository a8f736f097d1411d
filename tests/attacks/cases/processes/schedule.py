"""No process's priority, affinity or scheduling can be changed."""

import os


def attack(facts):
    loot = []
    for pid in (0, facts["grader_pid"], facts["zygote_pid"]):
        for way in (
            lambda p: os.setpriority(os.PRIO_PROCESS, p, 19),
            lambda p: os.sched_setaffinity(p, {0}),
            lambda p: os.sched_setscheduler(p, os.SCHED_FIFO, os.sched_param(1)),
            lambda p: os.sched_setscheduler(p, os.SCHED_IDLE, os.sched_param(0)),
        ):
            try:
                way(pid)
                loot.append(pid)
            except OSError:
                pass
    return loot
