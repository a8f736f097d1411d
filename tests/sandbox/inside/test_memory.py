"""Tests of the placement of new objects after the free gaps are filled, in a separate process."""

import subprocess
import sys

PROGRAM = """
import ctypes, sys
import numpy
from grader.sandbox.inside import memory

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_size_t

def pages():
    small = [bytes(size - 33) for size in range(48, 513, 16) for _ in range(8)]
    pieces = [libc.malloc(size) for size in range(520, 3000, 40)]
    return len({id(one) >> 12 for one in small}), len({piece >> 12 for piece in pieces})

scattered = [object() for _ in range(20000)], [libc.malloc(1000) for _ in range(2000)]
for piece in scattered[1][::2]:
    libc.free(ctypes.c_size_t(piece))
before = pages()
memory.fill_free_lists()
print(*before, *pages())
"""


def test_new_objects_lie_together() -> None:
    """Objects made after the gaps are filled lie on fewer pages, in the memory of Python and of C."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    small_before, c_before, small, c = map(int, done.stdout.split())
    assert small < small_before
    assert 1.2 * c < c_before
