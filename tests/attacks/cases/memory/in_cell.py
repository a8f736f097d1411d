"""A cell that takes too much memory loses only itself; the questions before and after it keep their answers."""
# cell: memory_limit
# raised: missing

import numpy as np

hoard = np.ones(2**28)


def attack(facts):
    return []
