"""Code that sleeps uses no CPU time, and ends at the wall-time limit."""
# ends: time_limit
# limit: wall
# wall: 0.5

import time


def attack(facts):
    time.sleep(1000)
