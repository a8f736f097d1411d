"""Only the type name of an object array is sent."""
# value: Opaque(type_name='array of dtype object')

import numpy as np


def attack(facts):
    return np.array([{}, print], dtype=object)
