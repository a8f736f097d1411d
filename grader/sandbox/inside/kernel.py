"""System calls that the sandbox needs and Python 3.11 lacks, made through ctypes; errors raise OSError."""

import contextlib
import ctypes
import os
import platform
from collections.abc import Callable, Iterator
from typing import Final

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_fork = ctypes.PyDLL(None, use_errno=True).fork  # keeps the global interpreter lock

MACHINE: Final = platform.machine()
_SYSCALL_NUMBERS: Final = {
    "x86_64": {"pivot_root": 155, "prctl": 157, "capset": 126, "seccomp": 317},
    "aarch64": {"pivot_root": 41, "prctl": 167, "capset": 91, "seccomp": 277},
}
_COMMON_SYSCALL_NUMBERS: Final = {
    "pidfd_open": 434,
    "close_range": 436,
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
}

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 16384, 1 << 18
MNT_DETACH = 2


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Put the name of the step before the message of an OSError raised in it: "name: reason"."""
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        raise OSError(number, f"{name}: {os.strerror(number)}") from error


def _check_result(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(name: str, *args: object) -> int:
    """Make a system call by name. Raises OSError, also if its number on this machine is unknown."""
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in (_get_syscall_number(name), *args)]
    return _check_result(_libc.syscall(*longs), name)


def _get_syscall_number(name: str) -> int:
    number = _COMMON_SYSCALL_NUMBERS.get(name) or _SYSCALL_NUMBERS.get(MACHINE, {}).get(name)
    if number is None:
        raise OSError(38, f"{name}: not known on {MACHINE}")
    return number


def prepare_syscall(name: str, *args: object) -> Callable[[], None]:
    """Prepare a system call by name with its arguments, so that making it touches little memory. Raises OSError."""
    call = [ctypes.c_long(a) if isinstance(a, int) else a for a in (_get_syscall_number(name), *args)]

    def make() -> None:
        _check_result(_libc.syscall(*call), name)

    return make


def fork() -> int:
    """Call `fork(2)` for a process with one thread, without the work that Python adds in `os.fork`.

    That work would write to some 200 pages, renewing locks and random generators; such a child shares no locks, and
    every job is seeded anyway. Raises OSError.
    """
    return _check_result(_fork(), "fork")


def prctl(option: int, *args: int) -> int:
    """Call `prctl(2)`."""
    padded = [ctypes.c_ulong(a) for a in (*args, 0, 0, 0, 0)[:4]]
    return _check_result(_libc.prctl(ctypes.c_int(option), *padded), f"prctl({option})")


def unshare(flags: int) -> None:
    """Call `unshare(2)`."""
    _check_result(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(fd: int, flags: int) -> None:
    """Call `setns(2)`."""
    _check_result(_libc.setns(ctypes.c_int(fd), ctypes.c_int(flags)), "setns")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Call `mount(2)`."""
    done = _libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode())
    _check_result(done, f"mount {kind or target}")


def unmount(target: str, flags: int) -> None:
    """Call `umount2(2)`."""
    _check_result(_libc.umount2(target.encode(), ctypes.c_int(flags)), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """Call `pivot_root(2)`."""
    syscall("pivot_root", ctypes.c_char_p(new.encode()), ctypes.c_char_p(old.encode()))


def close_from(first_fd: int) -> None:
    """Close every file descriptor from `first_fd` on."""
    syscall("close_range", first_fd, 2**31 - 1, 0)


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapData(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def prepare_capability_drop() -> Callable[[], None]:
    """Return a function that drops every capability of the calling process, except in its bounding set."""
    return prepare_syscall("capset", ctypes.pointer(_CapHeader(0x20080522, 0)), ctypes.pointer((_CapData * 2)()))


def drop_bounding_set() -> None:
    """Empty the bounding set, so that the process can never gain a capability again. Needs CAP_SETPCAP."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno == 22:  # EINVAL: beyond the last capability that this kernel knows
                return
            raise
