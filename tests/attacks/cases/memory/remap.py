"""Growing a mapping, in place or elsewhere, ends at the same budget."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mremap.restype = ctypes.c_void_p


def attack(facts):
    start = libc.mmap(None, 4096, 3, 0x22, -1, 0)
    grown = libc.mremap(ctypes.c_void_p(start), ctypes.c_size_t(4096), ctypes.c_size_t(4 * facts["memory"]), 1)
    broken = libc.sbrk(ctypes.c_long(4 * facts["memory"]))
    return [] if ctypes.c_long(grown).value == -1 and broken == -1 else [grown, broken]
