"""The system calls that student code may make, as a classic BPF program.

An allow-list: warm numpy needs memory, locks, signals to itself, clocks, and read and write on what is open already.
There is no call here that opens, creates, connects, signals another process, or makes one. Two are looked at closer:
memory may not become executable, so that no new machine code comes in; and of the futex operations only the simple ones
remain, for the others have been the way into kernels before. Whatever is not listed answers EACCES, so that Python
raises PermissionError and the cell goes on. Another architecture's calls and x32 kill.

The program is assembled for x86-64 and aarch64; `tests/sandbox/inside/test_seccomp.py` evaluates both over all numbers.
"""

import ctypes
import errno
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.sandbox.inside import kernel

X32_BIT: Final = 0x40000000


@dataclass(frozen=True)
class Table:
    """One architecture: its audit number, calls allowed as they are, those that take a protection, and futex."""

    arch: int
    allowed: frozenset[int]
    protecting: tuple[int, int]
    futex: int


TABLES: Final = {
    "x86_64": Table(
        arch=0xC000003E,
        protecting=(9, 10),  # mmap mprotect
        futex=202,
        allowed=frozenset(
            (
                *(11, 12, 25, 28),  # munmap brk mremap madvise
                *(0, 1, 3, 8, 19, 20),  # read write close lseek readv writev: two pipes and /dev/null are open
                *(13, 14, 15, 131),  # rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack: its own signals
                *(39, 186, 102, 107, 104, 108),  # getpid gettid getuid geteuid getgid getegid
                *(228, 229, 230, 35, 96),  # clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday
                *(201, 100, 98, 24, 318),  # time times getrusage sched_yield getrandom
                *(60, 231, 219),  # exit exit_group restart_syscall
            )
        ),
    ),
    "aarch64": Table(
        arch=0xC00000B7,
        protecting=(222, 226),
        futex=98,
        allowed=frozenset(
            (
                *(215, 214, 216, 233),  # munmap brk mremap madvise
                *(63, 64, 57, 62, 65, 66),  # read write close lseek readv writev
                *(134, 135, 139, 132),  # rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
                *(172, 178, 174, 175, 176, 177),  # getpid gettid getuid geteuid getgid getegid
                *(113, 114, 115, 101, 169),  # clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday
                *(153, 165, 124, 278),  # times getrusage sched_yield getrandom
                *(93, 94, 128),  # exit exit_group restart_syscall
            )
        ),
    ),
}

KILL: Final = 0x80000000
DENY: Final = 0x00050000 | errno.EACCES
ALLOW: Final = 0x7FFF0000

_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16  # offsets in struct seccomp_data
_PROT_EXEC: Final = 4
_FUTEX_COMMAND: Final = 0x7F  # without the flags for private and for the clock
_FUTEX_SIMPLE: Final = (0, 1, 3, 4, 5, 9, 10)  # wait wake requeue cmp_requeue wake_op wait_bitset wake_bitset


def program(machine: str) -> bytes:
    """The BPF program for a machine, 8 bytes an instruction. Raises KeyError for a machine without a table."""
    table = TABLES[machine]
    code = [
        _instruction(_LOAD, 0, 0, _ARCH_AT),
        _instruction(_EQUAL, 1, 0, table.arch),
        _instruction(_RETURN, 0, 0, KILL),
        _instruction(_LOAD, 0, 0, _NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [_instruction(_AT_LEAST, 0, 1, X32_BIT), _instruction(_RETURN, 0, 0, KILL)]
    for number in table.protecting:
        code += _only_for(number, _not_executable())
    code += _only_for(table.futex, _futex())
    code += _one_of(sorted(table.allowed))
    return b"".join(code)


def _only_for(number: int, block: list[bytes]) -> list[bytes]:
    """A block that ends in a return, for one system call; the others jump over it."""
    return [_instruction(_EQUAL, 0, len(block), number), *block]


def _not_executable() -> list[bytes]:
    return [
        _instruction(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * 2),
        _instruction(_ANY_BIT, 0, 1, _PROT_EXEC),
        _instruction(_RETURN, 0, 0, DENY),
        _instruction(_RETURN, 0, 0, ALLOW),
    ]


def _futex() -> list[bytes]:
    return [
        _instruction(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * 1),
        _instruction(_AND, 0, 0, _FUTEX_COMMAND),
        *_one_of(_FUTEX_SIMPLE),
    ]


def _one_of(values: Sequence[int]) -> list[bytes]:
    """Allows what is loaded if it is one of these, else denies."""
    tests = [_instruction(_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [*tests, _instruction(_RETURN, 0, 0, DENY), _instruction(_RETURN, 0, 0, ALLOW)]


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def installation(code: bytes) -> Callable[[], None]:
    """What puts the process that calls it under a program, for good. Needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    described = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_char_p))
    return kernel.prepared("seccomp", 1, 0, ctypes.pointer(described))
