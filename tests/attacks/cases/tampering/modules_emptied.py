"""An emptied sys.modules and a replaced importer don't affect the next job."""
# ends: done | died
# value: any
# honest: lost

import sys


def attack(facts):
    sys.meta_path[:] = []
    sys.modules.clear()
    return []
