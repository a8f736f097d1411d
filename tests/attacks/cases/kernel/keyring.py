"""The kernel's keys can't be accessed."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    numbers = (248, 249, 250) if facts["machine"] == "x86_64" else (217, 218, 219)
    return [n for n in numbers if libc.syscall(n, b"user", b"x", b"y", 1, -3) != -1]
