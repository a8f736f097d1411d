"""Whoever sleeps uses no processor time; the clock on the wall ends it."""
# ends: time_limit
# limit: wall
# wall: 0.5

import time


def attack(facts):
    time.sleep(1000)
