"""The clock page that the kernel shares is not writable."""
# ends: died

import ctypes
import time


def attack(facts):
    getauxval = ctypes.CDLL(None).getauxval
    getauxval.restype = ctypes.c_ulong
    ctypes.memset(getauxval(33), 0, 4096)
    return ["written", time.time()]
