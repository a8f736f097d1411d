"""Bits above the 32 bits of the number don't turn an allowed call into another one."""

import ctypes


def attack(facts):
    libc = ctypes.CDLL(None, use_errno=True)
    openat = 257 if facts["machine"] == "x86_64" else 56
    return [] if libc.syscall(ctypes.c_long((1 << 32) + openat), -100, b"/", 0) == -1 else ["opened"]
