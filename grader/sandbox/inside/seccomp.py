"""The system calls that student code may make, as a classic BPF program.

The program is an allow-list. Warm numpy needs memory, locks, signals to itself, clocks, and read and write on open
descriptors. No allowed call opens, creates, connects, signals another process, or starts one. Two are restricted
further: memory may not become executable, so that no new machine code enters; and only the simple futex operations are
allowed, because the others have been used in attacks on kernels. Every other call fails with EACCES, so that Python
raises PermissionError and the cell continues. Calls of another architecture and x32 calls kill the process.

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
class SyscallTable:
    """One architecture: its audit number, allowed calls, calls whose memory protection is checked, and futex."""

    arch: int
    allowed: frozenset[int]
    protection_calls: tuple[int, int]
    futex: int


SYSCALL_TABLES: Final = {
    "x86_64": SyscallTable(
        arch=0xC000003E,
        protection_calls=(9, 10),  # mmap mprotect
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
    "aarch64": SyscallTable(
        arch=0xC00000B7,
        protection_calls=(222, 226),
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
_FUTEX_COMMAND: Final = 0x7F  # the command without the private and clock flags
_FUTEX_SIMPLE: Final = (0, 1, 3, 4, 5, 9, 10)  # wait wake requeue cmp_requeue wake_op wait_bitset wake_bitset


def assemble_filter(machine: str) -> bytes:
    """Return the BPF program for a machine, 8 bytes per instruction. Raises KeyError for an unknown machine."""
    table = SYSCALL_TABLES[machine]
    code = [
        _pack_instruction(_LOAD, 0, 0, _ARCH_AT),
        _pack_instruction(_EQUAL, 1, 0, table.arch),
        _pack_instruction(_RETURN, 0, 0, KILL),
        _pack_instruction(_LOAD, 0, 0, _NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [_pack_instruction(_AT_LEAST, 0, 1, X32_BIT), _pack_instruction(_RETURN, 0, 0, KILL)]
    for number in table.protection_calls:
        code += _match_number(number, _deny_executable())
    code += _match_number(table.futex, _allow_simple_futex())
    code += _allow_listed(sorted(table.allowed))
    return b"".join(code)


def _match_number(number: int, block: list[bytes]) -> list[bytes]:
    """Return a block that ends in a return, for one system call; others jump over it."""
    return [_pack_instruction(_EQUAL, 0, len(block), number), *block]


def _deny_executable() -> list[bytes]:
    return [
        _pack_instruction(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * 2),
        _pack_instruction(_ANY_BIT, 0, 1, _PROT_EXEC),
        _pack_instruction(_RETURN, 0, 0, DENY),
        _pack_instruction(_RETURN, 0, 0, ALLOW),
    ]


def _allow_simple_futex() -> list[bytes]:
    return [
        _pack_instruction(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * 1),
        _pack_instruction(_AND, 0, 0, _FUTEX_COMMAND),
        *_allow_listed(_FUTEX_SIMPLE),
    ]


def _allow_listed(values: Sequence[int]) -> list[bytes]:
    """Allow the call if the loaded value is one of these, else deny it."""
    tests = [_pack_instruction(_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [*tests, _pack_instruction(_RETURN, 0, 0, DENY), _pack_instruction(_RETURN, 0, 0, ALLOW)]


def _pack_instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def prepare_filter(code: bytes) -> Callable[[], None]:
    """Return a function that puts the calling process under a program, permanently. Needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    described = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_char_p))
    return kernel.prepare_syscall("seccomp", 1, 0, ctypes.pointer(described))
