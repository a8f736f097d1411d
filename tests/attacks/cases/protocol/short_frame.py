"""A truncated frame is awaited until the limit, no longer."""
# honest: lost
# ends: time_limit
# wall: 0.5

import os
import time


def attack(facts):
    os.write(4, b"\x40\x00\x00\x00half")
    time.sleep(1000)
