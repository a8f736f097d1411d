"""Arranges the zygote's memory so that a child has little to copy.

When a child writes to one of the zygote's pages, the page is copied first, 4 KiB at a time. New objects would fill the
small gaps left by imports, each on another page; without gaps they lie together on new pages.
"""

import ctypes
from typing import Final

_BYTES_PER_SIZE: Final = 24 * 2**10  # bytes; 1.5 times the largest amount of one size that is free after the imports
_SIZES: Final = range(48, 513, 16)  # sizes of Python's small objects, including the 33 bytes of a `bytes` header
_BYTES_OVERHEAD: Final = 33
_PIECE_SIZES: Final = tuple(2**n for n in range(16, 3, -1))
_MAX_PIECES_PER_SIZE: Final = 4096  # objects of one size

_fillers: list[object] = []  # the objects that fill the gaps, permanently


def fill_free_lists() -> None:
    """Fill the free gaps between the objects of this process, in the memory of Python and of C."""
    for size in _SIZES:
        _fillers.extend(bytes(size - _BYTES_OVERHEAD) for _ in range(_BYTES_PER_SIZE // size))
    _fillers.extend(object() for _ in range(_BYTES_PER_SIZE // 16))
    _fillers.extend(float(number) for number in range(_BYTES_PER_SIZE // 32))
    libc = ctypes.CDLL(None)
    if all(hasattr(libc, name) for name in ("malloc", "free", "sbrk", "malloc_trim")):
        _fill_heap(libc)


def _fill_heap(libc: ctypes.CDLL) -> None:
    """Allocate pieces of C's heap, large ones first, until nothing is left below its end."""
    libc.malloc.argtypes, libc.malloc.restype = (ctypes.c_size_t,), ctypes.c_size_t
    libc.free.argtypes = (ctypes.c_size_t,)
    libc.sbrk.restype = ctypes.c_size_t
    libc.malloc_trim(0)
    end = libc.sbrk(0)
    for size in _PIECE_SIZES:
        for _ in range(_MAX_PIECES_PER_SIZE):
            piece = libc.malloc(size)
            if piece >= end:  # beyond the former end of the heap
                libc.free(piece)
                break
    libc.malloc_trim(0)
