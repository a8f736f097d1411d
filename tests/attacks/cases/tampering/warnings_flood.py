"""A hundred thousand warnings give a few remarks."""
# cpu: 30

import warnings


def attack(facts):
    for i in range(20_000):
        warnings.warn(f"warning {i}" + "x" * 100, RuntimeWarning)
    return []
