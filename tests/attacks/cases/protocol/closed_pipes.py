"""A child that closes its pipes has ended, for us."""
# ends: died

import os


def attack(facts):
    os.close(3)
    os.close(4)
    while True:
        pass
