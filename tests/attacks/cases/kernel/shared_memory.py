"""No System V or POSIX shared memory, semaphore or queue can be created or found."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    for way in (
        lambda: libc.shmget(0x47524144, 4096, 0o1666),
        lambda: libc.semget(0x47524144, 1, 0o1666),
        lambda: libc.msgget(0x47524144, 0o1666),
        lambda: libc.shm_open(b"/" + facts["marker"].encode(), 0o102, 0o666),
        lambda: libc.mq_open(b"/" + facts["marker"].encode(), 0o102, 0o666, None),
    ):
        if way() >= 0:
            loot.append(1)
    return loot
