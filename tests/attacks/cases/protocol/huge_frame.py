"""A frame that announces 4 GB is not awaited."""
# honest: lost
# ends: died

import os
import time


def attack(facts):
    os.write(4, b"\xff\xff\xff\xff")
    time.sleep(1000)
