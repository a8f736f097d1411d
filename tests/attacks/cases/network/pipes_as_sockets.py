"""The job's pipes are not sockets: no message with a descriptor passes through them."""

import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    for fd in range(5):
        for call in (libc.send, libc.recv):
            if call(fd, b"x", 1, socket.MSG_DONTWAIT) >= 0:
                loot.append(fd)
        if libc.sendmsg(fd, ctypes.create_string_buffer(56), 0) >= 0:
            loot.append(fd)
    return loot
