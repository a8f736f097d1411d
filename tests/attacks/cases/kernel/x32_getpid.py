"""Even a harmless x32 call kills the child."""
# machine: x86_64
# ends: died

import ctypes


def attack(facts):
    ctypes.CDLL(None).syscall(0x40000000 + 39)
    return ["alive"]
