"""No shared library can be loaded."""

import ctypes


def attack(facts):
    loot = []
    for name in ("libcrypt.so.1", "libutil.so.1", "/lib/x86_64-linux-gnu/libnsl.so.1", facts["secret_path"], "libpython3.so"):
        try:
            ctypes.CDLL(name)
            loot.append(name)
        except OSError:
            pass
    return [name for name in loot if name not in ("libutil.so.1",)]
