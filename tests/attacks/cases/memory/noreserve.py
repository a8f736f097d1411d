"""Address space that is only reserved counts towards the limit too."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def attack(facts):
    loot = []
    for flags in (0x4022, 0x4021, 0x22, 0x40022):
        if ctypes.c_long(libc.mmap(None, 4 * facts["memory"], 3, flags, -1, 0)).value != -1:
            loot.append(flags)
    return loot
