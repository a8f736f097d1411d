"""Endless recursion with the limit lifted overflows the stack: the child ends, nobody else."""
# ends: died | memory_limit | time_limit
# cpu: 20

import sys


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "")

    def __repr__(self):
        return repr(self)


def attack(facts):
    sys.setrecursionlimit(2**31 - 1)
    return repr(Deep())
