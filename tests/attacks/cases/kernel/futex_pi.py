"""Only the simple futex operations are allowed: not the priority-inheriting ones, nor waits on several futexes."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    futex = 202 if facts["machine"] == "x86_64" else 98
    word = ctypes.c_int(0)
    loot = []
    for operation in (2, 6, 7, 8, 11, 12, 13, 6 | 128, 11 | 256, 64, 127):
        if libc.syscall(futex, ctypes.byref(word), operation, 1, None, ctypes.byref(word), 0) != -1 or ctypes.get_errno() != 13:
            loot.append(operation)
    for number in (449, 454, 455, 456):
        if libc.syscall(number, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 13:
            loot.append(number)
    return loot
