"""No memory can be locked into RAM, and no huge page allocated."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    page = ctypes.create_string_buffer(8192)
    return [] if libc.mlock(page, 4096) == -1 and libc.mlockall(3) == -1 else ["locked"]
