"""Endless recursion without Python's limit overflows the stack: only the child ends."""
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
