"""A child that closes its pipes counts as ended."""
# ends: died

import os


def attack(facts):
    os.close(3)
    os.close(4)
    while True:
        pass
