"""Closing and reopening all descriptors gives no others: the answer may count, later ones are lost."""
# ends: died | done
# value: ['alive']
# honest: lost

import os


def attack(facts):
    for fd in range(2000):
        try:
            os.close(fd)
        except OSError:
            pass
    for _ in range(10):
        try:
            os.open("/dev/null", os.O_RDWR)
        except OSError:
            pass
    return ["alive"]
