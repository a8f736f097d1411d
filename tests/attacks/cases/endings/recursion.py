"""Endless recursion in Python is an exception."""
# raised: RecursionError


def attack(facts):
    return attack(facts)
