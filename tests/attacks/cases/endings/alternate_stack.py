"""Signals handled on an invalid stack end the child."""
# ends: died | time_limit
# cpu: 0.5

import ctypes
import signal

libc = ctypes.CDLL(None)


def attack(facts):
    stack = (ctypes.c_void_p * 3)(0x10000, 0, 8192)
    libc.sigaltstack(stack, None)
    signal.signal(signal.SIGSEGV, lambda *_: None)
    ctypes.string_at(0)
