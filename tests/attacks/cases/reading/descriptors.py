"""Exactly five descriptors are open: /dev/null three times and the job's two pipes."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    opened = []
    for fd in range(2000):
        libc.lseek(fd, 0, 1)
        if ctypes.get_errno() != 9:
            opened.append(fd)
        ctypes.set_errno(0)
        libc.lseek(fd, 0, 1)
        if ctypes.get_errno() == 9 and fd in opened:
            opened.remove(fd)
    return [fd for fd in opened if fd > 4]
