"""An x32 call, whose numbers mean other calls, kills the child."""
# machine: x86_64
# ends: died

import ctypes


def attack(facts):
    ctypes.CDLL(None).syscall(0x40000000 + 2, b"/etc/passwd", 0)
    return ["alive"]
