"""No program can be executed from memory: there is no memfd, and no exec of a descriptor."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    if libc.memfd_create(b"x", 0) >= 0:
        loot.append("memfd")
    for fd in range(5):
        try:
            os.execve(fd, ["x"], {})
        except OSError:
            continue
    if libc.syscall(322 if facts["machine"] == "x86_64" else 281, 0, b"", 0, 0, 0x1000) != -1:
        loot.append("execveat")
    return loot
