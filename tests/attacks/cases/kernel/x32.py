"""A call through the x32 door kills: its numbers are those of other calls."""
# machine: x86_64
# ends: died

import ctypes


def attack(facts):
    ctypes.CDLL(None).syscall(0x40000000 + 2, b"/etc/passwd", 0)
    return ["alive"]
