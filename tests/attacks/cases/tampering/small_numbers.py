"""Even a changed number 2 affects only the child that changed it."""
# ends: died | done
# value: any
# honest: lost

import ctypes


def attack(facts):
    ctypes.c_int.from_address(id(2) + 24).value = 3
    return 2
