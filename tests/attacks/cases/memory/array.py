"""An array beyond the budget hits the memory limit, numpy's own exception included."""
# ends: memory_limit
# limit: memory

import numpy as np


def attack(facts):
    return float(np.ones(facts["memory"] // 4).sum())
