"""Exit status 0 proves nothing: without an answer there are no points."""
# ends: died

import os


def attack(facts):
    os._exit(0)
