"""An array of objects stays a name."""
# value: Opaque(type_name='array of dtype object')

import numpy as np


def attack(facts):
    return np.array([{}, print], dtype=object)
