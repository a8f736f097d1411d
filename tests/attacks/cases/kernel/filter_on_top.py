"""A process can't install a filter of its own or use any other prctl."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = [option for option in range(1, 80) if libc.prctl(option, 0, 0, 0, 0) != -1]
    for operation in range(4):
        if libc.syscall(317 if facts["machine"] == "x86_64" else 277, operation, 0, None) != -1:
            loot.append(operation)
    return loot
