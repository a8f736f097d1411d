"""A deadlock with oneself ends at the wall clock's limit."""
# ends: time_limit
# limit: wall
# wall: 0.5

import threading


def attack(facts):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
