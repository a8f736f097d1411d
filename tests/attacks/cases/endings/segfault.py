"""A segmentation fault ends the child."""
# ends: died

import ctypes


def attack(facts):
    ctypes.string_at(0)
