"""Giving up the processor a million times is still using it, or the clock ends it."""
# ends: time_limit
# cpu: 0.3
# wall: 3

import os


def attack(facts):
    while True:
        os.sched_yield()
