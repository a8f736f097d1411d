"""The child's memory is a copy: overwriting it, numpy included, doesn't affect the next job."""
# ends: died | done
# value: any
# honest: lost

import ctypes

import numpy as np


def attack(facts):
    ctypes.memset(id(np.pi) + 16, 0, 8)
    ctypes.memset(id(np.add) + 16, 0, 64)
    ctypes.memset(id(True) + 16, 0, 8)
    return np.pi
