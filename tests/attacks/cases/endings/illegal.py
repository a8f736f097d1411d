"""A handler for an illegal instruction that returns only loops until the limit."""
# ends: died | time_limit
# cpu: 0.5

import ctypes
import signal


def attack(facts):
    signal.signal(signal.SIGSEGV, signal.SIG_IGN)
    ctypes.string_at(0)
