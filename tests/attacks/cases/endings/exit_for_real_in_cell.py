"""A cell that ends the process loses only itself; the rest of the notebook is judged without it."""
# cell: died
# raised: missing

import os

os._exit(0)


def attack(facts):
    return []
