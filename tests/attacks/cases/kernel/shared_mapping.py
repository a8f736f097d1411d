"""A shared mapping is shared with no other process: nothing in it reaches the next job."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def attack(facts):
    page = libc.mmap(None, 4096, 3, 0x21, -1, 0)
    ctypes.memmove(page, b"hooked", 6)
    return []
