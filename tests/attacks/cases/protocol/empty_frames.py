"""A flood of empty frames is one broken answer."""
# honest: lost
# ends: died
# cpu: 20

import os


def attack(facts):
    while True:
        os.write(4, b"\x00" * 65536)
