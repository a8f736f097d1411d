"""A jump into the child's own data ends only the child."""
# ends: died

import ctypes


def attack(facts):
    code = ctypes.create_string_buffer(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(code))()
    return ["ran"]
