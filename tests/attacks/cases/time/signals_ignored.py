"""Ignoring and blocking every signal doesn't prevent the kill."""
# ends: time_limit
# cpu: 0.3

import signal


def attack(facts):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_SETMASK, range(1, 65))
    while True:
        pass
