"""Yielding the CPU a million times still counts as CPU or wall time."""
# ends: time_limit
# cpu: 0.3
# wall: 3

import os


def attack(facts):
    while True:
        os.sched_yield()
