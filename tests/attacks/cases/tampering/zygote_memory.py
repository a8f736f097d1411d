"""The child's memory is a copy: what it overwrites, the numpy that the next job gets among it, is its own."""
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
