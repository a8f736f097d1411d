"""Uncollected garbage counts towards the memory limit."""
# ends: memory_limit
# limit: memory
# cpu: 60

import gc


class Node:
    pass


def attack(facts):
    gc.disable()
    while True:
        a, b = Node(), Node()
        a.other, b.other = b, a
        a.ballast = bytearray(100_000)
