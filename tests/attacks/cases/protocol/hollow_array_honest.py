"""An honestly returned array of no bytes but billions of rows is too large to be an answer."""
# ends: output_limit

import numpy as np


def attack(facts):
    return np.zeros((2**31, 0))
