"""The memory of the data files can't be changed for anybody else: made writable, it is this process's own copy."""

import ctypes
import gc

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    found = [view for view in gc.get_objects() if isinstance(view, memoryview)]
    found += [each.raw._content for each in [open("data/numbers.csv", "rb")]]
    for view in found:
        start = np.frombuffer(view, np.uint8).ctypes.data // 4096 * 4096
        if libc.mprotect(ctypes.c_void_p(start), 4096, 3) == 0:
            ctypes.memset(start + 64, ord("9"), 512)
    return []
