"""A child that fills the buffer of unsent answers with invalid numbers, and dies, has died."""
# ends: died
# honest: lost

import os
import struct
import sys


def attack(facts):
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "_buffer"):
        frame = frame.f_back
    buffer = frame.f_locals["self"]._buffer
    buffer[16:] = struct.pack("<I", 2**32 - 1) * ((len(buffer) - 16) // 4)
    buffer[:16] = struct.pack("<QQ", 0, 2**64 - 1)
    os._exit(0)
