"""An endless loop in C, which no exception can interrupt, hits the time limit."""
# ends: time_limit
# cpu: 0.3

import itertools


def attack(facts):
    return sum(1 for _ in ()) + max(itertools.repeat(1))
