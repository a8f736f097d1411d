"""A module that never ends stops the cell that imports it."""
# cell: time_limit
# cell_cpu: 0.3
# raised: missing

import endless


def attack(facts):
    return []


# file: endless.py
while True:
    pass
