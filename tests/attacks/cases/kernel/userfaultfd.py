"""The calls that kernel exploits use are denied."""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "x86_64": (323, 425, 426, 427, 321, 298, 319, 248, 250, 272, 165, 317, 155, 313, 175, 246, 304, 303, 159, 172, 154, 447, 429, 442),
    "aarch64": (282, 425, 426, 427, 280, 241, 279, 217, 219, 97, 40, 277, 41, 273, 105, 104, 265, 264, 171, 447, 429, 442),
}


def attack(facts):
    return [n for n in CALLS[facts["machine"]] if libc.syscall(n, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() != 13]
