"""Limits can't be raised, neither the process's own nor another's."""

import resource


def attack(facts):
    loot = []
    for pid in (0, facts["grader_pid"], facts["zygote_pid"]):
        for which in range(16):
            try:
                resource.prlimit(pid, which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                loot.append((pid, which))
            except (OSError, ValueError):
                pass
    return loot
