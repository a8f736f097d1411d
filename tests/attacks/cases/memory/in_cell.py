"""A cell that takes too much memory costs that cell; the questions before and behind it keep their answers."""
# cell: memory_limit
# raised: missing

import numpy as np

hoard = np.ones(2**28)


def attack(facts):
    return []
