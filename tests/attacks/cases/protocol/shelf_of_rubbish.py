"""A child that fills the memory where unsent answers lie with numbers that lead elsewhere, and dies, has died."""
# ends: died
# honest: lost

import os
import struct
import sys


def attack(facts):
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "_shelf"):
        frame = frame.f_back
    shelf = frame.f_locals["self"]._shelf
    shelf[16:] = struct.pack("<I", 2**32 - 1) * ((len(shelf) - 16) // 4)
    shelf[:16] = struct.pack("<QQ", 0, 2**64 - 1)
    os._exit(0)
