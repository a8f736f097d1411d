"""No path, no TCP port, no abstract socket, no signal beyond oneself: a Landlock ruleset without a single exception.

A second wall behind seccomp, which already leaves no call that takes a path. What the running kernel's ABI knows is
denied; ABI 1 is the least accepted.
"""

import ctypes
import struct
from collections.abc import Callable

from grader.sandbox.inside import kernel

_ACCESS_FS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # ABI -> number of file-system rights that it knows


def get_abi_version() -> int:
    """The version of Landlock that this kernel offers. Raises OSError where there is none."""
    return kernel.syscall("landlock_create_ruleset", ctypes.c_void_p(None), 0, 1)


def create_ruleset() -> int:
    """A file descriptor of a ruleset which handles everything and allows nothing."""
    version = get_abi_version()
    filesystem = (1 << _ACCESS_FS[min(version, 5)]) - 1
    network = 0b11 if version >= 4 else 0
    scoped = 0b11 if version >= 6 else 0
    attributes = struct.pack("<QQQ", filesystem, network, scoped)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    return kernel.syscall("landlock_create_ruleset", ctypes.c_char_p(attributes), size, 0)


def prepare_restriction(fd: int) -> Callable[[], None]:
    """What puts the process that calls it under a ruleset, for good. Needs no_new_privs."""
    return kernel.prepare_syscall("landlock_restrict_self", fd, 0)
