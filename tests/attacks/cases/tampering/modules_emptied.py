"""sys.modules emptied, the importer replaced: the next job doesn't know of it."""
# ends: done | died
# value: any
# honest: lost

import sys


def attack(facts):
    sys.meta_path[:] = []
    sys.modules.clear()
    return []
