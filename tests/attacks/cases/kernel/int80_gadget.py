"""The 32-bit call instruction, found in existing code, kills the child before it opens anything."""
# machine: x86_64
# ends: died

import ctypes
import sys


def attack(facts):
    libc = ctypes.CDLL(None)
    start = ctypes.cast(libc.malloc, ctypes.c_void_p).value & ~4095
    at = start
    for _ in range(60):
        at = ctypes.string_at(start, 4096).find(b"\xcd\x80")
        if at >= 0:
            ctypes.CFUNCTYPE(ctypes.c_int)(start + at)()
            return ["alive"]
        start += 4096
    ctypes.string_at(0)  # none there: end as if it had been tried
    return ["alive"]
