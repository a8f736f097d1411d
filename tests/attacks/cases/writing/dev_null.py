"""Only the pipes accept data: the three standard descriptors lead to /dev/null and can't grow a file."""

import os


def attack(facts):
    for fd in (0, 1, 2):
        try:
            os.write(fd, b"x" * 10000)
        except OSError:
            pass
    loot = []
    for fd in range(5):
        for way in (lambda f: os.ftruncate(f, 1), lambda f: os.fchmod(f, 0o777), lambda f: os.fchdir(f), os.fsync):
            try:
                way(fd)
                loot.append(fd)
            except OSError:
                pass
    return loot
