"""A system call number of -1 doesn't bypass the filter."""
# ends: died | done

import ctypes


def attack(facts):
    libc = ctypes.CDLL(None, use_errno=True)
    return [] if libc.syscall(ctypes.c_long(-1)) == -1 and ctypes.get_errno() in (13, 38) else ["?"]
