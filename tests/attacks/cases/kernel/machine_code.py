"""Memory can't become executable, so no machine code of the attacker's runs (including int 0x80)."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p


def attack(facts):
    loot = []
    for protection in (7, 5, 4):
        address = libc.mmap(None, 4096, protection, 0x22, -1, 0)
        if ctypes.c_long(address).value != -1:
            loot.append(("mmap", protection))
    plain = libc.mmap(None, 4096, 3, 0x22, -1, 0)
    ctypes.memmove(plain, b"\xb8\x14\x00\x00\x00\xcd\x80\xc3", 8)  # mov eax, 20; int 0x80; ret
    for protection in (4, 5, 7, 0x01000004):
        if libc.mprotect(ctypes.c_void_p(plain), 4096, protection) == 0:
            loot.append(("mprotect", protection))
    if libc.syscall(329, ctypes.c_void_p(plain), 4096, 5, 0) == 0:
        loot.append("pkey_mprotect")
    return loot
