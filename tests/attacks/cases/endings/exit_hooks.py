"""No exit hook runs beyond the job: no atexit, no __del__, no finaliser."""

import atexit
import os
import threading
import weakref


class Last:
    def __del__(self):
        while True:
            pass


keep = Last()


def attack(facts):
    atexit.register(lambda: os.kill(0, 9))
    threading._register_atexit(lambda: os.kill(0, 9))
    weakref.finalize(attack, os.abort)
    return []
