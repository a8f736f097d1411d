"""The grader's environment is not inherited: neither in os.environ nor in the C library's copy."""

import ctypes
import os


def attack(facts):
    loot = [name for name in os.environ if "SECRET" in name or "TOKEN" in name]
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    i = 0
    while environ[i]:
        if b"SECRET" in environ[i] or facts["marker"].encode() in environ[i]:
            loot.append(environ[i])
        i += 1
    return loot
