"""The two calls that newer kernels exempt from every filter kill the child."""
# machine: x86_64
# ends: died | done

import ctypes


def attack(facts):
    libc = ctypes.CDLL(None, use_errno=True)
    return [n for n in (336, 335) if libc.syscall(n, 0, 0, 0, 0, 0, 0) != -1]
