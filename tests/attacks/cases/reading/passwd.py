"""No file can be opened by any function of Python, not even the list of users."""

import ctypes
import io
import os
import posix

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    ways = [
        lambda: open("/etc/passwd").read(),
        lambda: io.FileIO("/etc/passwd").read(),
        lambda: os.open("/etc/passwd", os.O_RDONLY),
        lambda: os.open(b"/etc/passwd", os.O_PATH),
        lambda: os.stat("/etc/passwd"),
        lambda: os.listdir("/etc"),
        lambda: set(os.listdir("/")) - {"data"} or 1 / 0,
        lambda: posix.stat("/etc/passwd"),
        lambda: posix.listdir("/"),
        lambda: posix.open("/etc/passwd", os.O_RDONLY),
        lambda: list(os.scandir("/etc")),
        lambda: os.readlink("/proc/self/exe"),
        lambda: libc.getcwd(ctypes.create_string_buffer(4096), 4096) or 1 / 0,
        lambda: libc.chdir(b"/") and 1 / 0,
        lambda: os.access("/etc/passwd", os.R_OK) or 1 / 0,
    ]
    for i, way in enumerate(ways):
        try:
            way()
            loot.append(i)
        except (OSError, ZeroDivisionError):
            pass
    return loot
