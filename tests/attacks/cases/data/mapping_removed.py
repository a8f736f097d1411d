"""A process that unmaps the memory of the data files crashes alone, when it reads them."""
# ends: died

import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    content = open("data/numbers.csv", "rb").raw._content
    start = np.frombuffer(content, np.uint8).ctypes.data // 4096 * 4096
    libc.munmap(ctypes.c_void_p(start), 4096)
    return [bytes(content[:10])]
