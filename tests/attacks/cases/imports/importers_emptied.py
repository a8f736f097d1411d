"""A module that takes away all importers costs nothing but its own imports."""

import harm


def attack(facts):
    return list(harm.left)


# file: harm.py
import importlib
import sys

left = []
sys.meta_path[:] = []
sys.path_hooks[:] = []
importlib.import_module = importlib.reload = None
# file: second.py
import harm
