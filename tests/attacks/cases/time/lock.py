"""A self-deadlock ends at the wall-time limit."""
# ends: time_limit
# limit: wall
# wall: 0.5

import threading


def attack(facts):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
