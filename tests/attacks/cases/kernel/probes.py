"""The two calls that newer kernels let past every filter kill whoever makes them."""
# machine: x86_64
# ends: died | done

import ctypes


def attack(facts):
    libc = ctypes.CDLL(None, use_errno=True)
    return [n for n in (336, 335) if libc.syscall(n, 0, 0, 0, 0, 0, 0) != -1]
