"""No system call of any number opens, creates, connects or requests anything: forbidden ones fail with EACCES."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
PROBES = {335, 336}  # x86-64: newer kernels let these two past every filter, and kill whoever is no probe
HARMLESS = {
    "x86_64": {0, 1, 3, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 24, 25, 28, 35, 39, 60, 96, 98, 100, 102, 104, 107, 108, 131, 186, 201, 202}
    | {219, 228, 229, 230, 231, 318},
    "aarch64": {57, 62, 63, 64, 65, 66, 93, 94, 98, 101, 113, 114, 115, 124, 128, 132, 134, 135, 139, 153, 165, 169, 172, 174, 175, 176}
    | {177, 178, 214, 215, 216, 222, 226, 233, 278},
}


def attack(facts):
    loot = []
    for number in sorted(set(range(600)) - PROBES - HARMLESS[facts["machine"]]):
        ctypes.set_errno(0)
        if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 13:
            loot.append(number)
    return loot
