"""An answer beyond its limit hits the output limit."""
# ends: output_limit
# limit: output

import numpy as np


def attack(facts):
    return np.zeros(100_000)
