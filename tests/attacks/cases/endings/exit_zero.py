"""Exit status 0 proves nothing: no answer is no marks."""
# ends: died

import os


def attack(facts):
    os._exit(0)
