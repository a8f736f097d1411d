"""numpy can't open a file."""

import numpy as np


def attack(facts):
    loot = []
    path = facts["secret_path"]
    for way in (np.fromfile, np.loadtxt, np.genfromtxt, np.load, np.memmap):
        try:
            way(path)
            loot.append(way.__name__)
        except (OSError, ImportError):
            pass
    return loot
