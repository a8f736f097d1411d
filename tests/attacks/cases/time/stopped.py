"""A child can't stop itself with a signal."""

import os
import signal


def attack(facts):
    loot = []
    for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN):
        try:
            os.kill(os.getpid(), number)
            loot.append(int(number))
        except OSError:
            pass
    return loot
