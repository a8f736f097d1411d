"""A long call into numpy is stopped at the time limit."""
# ends: time_limit
# cpu: 0.3

import numpy as np


def attack(facts):
    a = np.ones((1000, 1000))
    while True:
        a = a @ a
        a /= a.max()
