"""The zygote's memory, arranged so that a child has little to copy.

Whatever a child writes to among the zygote's pages is copied first, 4 KiB at a time. What it makes for itself would
fill the small holes that imports have left, each on another page; without holes it lies together on pages of its own.
"""

import ctypes
from typing import Final

_BYTES_PER_SIZE: Final = 24 * 2**10  # bytes: half as much again as is ever free of one after the imports
_SIZES: Final = range(48, 513, 16)  # of Python's small objects, with the 33 bytes that `bytes` adds to its own
_BYTES_OVERHEAD: Final = 33
_PIECE_SIZES: Final = tuple(2**n for n in range(16, 3, -1))
_MAX_PIECES_PER_SIZE: Final = 4096  # pieces of one size

_fillers: list[object] = []  # what fills the holes, for good


def fill_free_lists() -> None:
    """Fills what is free between the objects of this process, in Python's memory and in that of C."""
    for size in _SIZES:
        _fillers.extend(bytes(size - _BYTES_OVERHEAD) for _ in range(_BYTES_PER_SIZE // size))
    _fillers.extend(object() for _ in range(_BYTES_PER_SIZE // 16))
    _fillers.extend(float(number) for number in range(_BYTES_PER_SIZE // 32))
    libc = ctypes.CDLL(None)
    if all(hasattr(libc, name) for name in ("malloc", "free", "sbrk", "malloc_trim")):
        _fill_heap(libc)


def _fill_heap(libc: ctypes.CDLL) -> None:
    """Takes pieces of C's heap, large ones first, until none is left below its end."""
    libc.malloc.argtypes, libc.malloc.restype = (ctypes.c_size_t,), ctypes.c_size_t
    libc.free.argtypes = (ctypes.c_size_t,)
    libc.sbrk.restype = ctypes.c_size_t
    libc.malloc_trim(0)
    end = libc.sbrk(0)
    for size in _PIECE_SIZES:
        for _ in range(_MAX_PIECES_PER_SIZE):
            piece = libc.malloc(size)
            if piece >= end:  # beyond what there was
                libc.free(piece)
                break
    libc.malloc_trim(0)
