"""Nor does closing everything and opening anew bring another descriptor there."""
# ends: died

import os


def attack(facts):
    for fd in range(2000):
        try:
            os.close(fd)
        except OSError:
            pass
    for _ in range(10):
        try:
            os.open("/dev/null", os.O_RDWR)
        except OSError:
            pass
    return ["alive"]
