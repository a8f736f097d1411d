"""The system calls that student code may make, as a classic BPF program.

An allow-list: warm numpy needs memory, locks, signals to itself, clocks, and read and write on what is open already.
There is no call here that opens, creates, connects, signals another process, or makes one. Whatever is not listed
answers EACCES, so that Python raises PermissionError and the cell goes on. Another architecture's calls and x32 kill.

The program is assembled for x86-64 and aarch64; `tests/sandbox/inside/test_seccomp.py` evaluates both over all numbers.
"""

import ctypes
import errno
import struct
from typing import Final

from grader.sandbox.inside import kernel

AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT: Final = 0x40000000

ALLOWED: Final = {
    "x86_64": {
        # memory
        *(9, 10, 11, 12, 25, 28),  # mmap mprotect munmap brk mremap madvise
        # what is open already: the two pipes and /dev/null
        *(0, 1, 3, 8, 19, 20),  # read write close lseek readv writev
        # locks, and the interpreter's own signal handling
        *(202, 13, 14, 15, 131),  # futex rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
        # who and when
        *(39, 186, 102, 107, 104, 108),  # getpid gettid getuid geteuid getgid getegid
        *(228, 229, 230, 35, 96),  # clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday
        *(201, 100, 98, 24, 318),  # time times getrusage sched_yield getrandom
        # the end
        *(60, 231, 219),  # exit exit_group restart_syscall
    },
    "aarch64": {
        *(222, 226, 215, 214, 216, 233),  # mmap mprotect munmap brk mremap madvise
        *(63, 64, 57, 62, 65, 66),  # read write close lseek readv writev
        *(98, 134, 135, 139, 132),  # futex rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
        *(172, 178, 174, 175, 176, 177),  # getpid gettid getuid geteuid getgid getegid
        *(113, 114, 115, 101, 169),  # clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday
        *(153, 165, 124, 278),  # times getrusage sched_yield getrandom
        *(93, 94, 128),  # exit exit_group restart_syscall
    },
}

KILL: Final = 0x80000000
DENY: Final = 0x00050000 | errno.EACCES
ALLOW: Final = 0x7FFF0000

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCH_AT = 0, 4  # offsets in struct seccomp_data


def program(machine: str) -> bytes:
    """The BPF program for a machine, 8 bytes an instruction. Raises KeyError for a machine without a table."""
    numbers = sorted(ALLOWED[machine])
    code = [
        _instruction(_LOAD, 0, 0, _ARCH_AT),
        _instruction(_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        _instruction(_RETURN, 0, 0, KILL),
        _instruction(_LOAD, 0, 0, _NUMBER_AT),
    ]
    if machine == "x86_64":
        code += [_instruction(_AT_LEAST, 0, 1, X32_BIT), _instruction(_RETURN, 0, 0, KILL)]
    for i, number in enumerate(numbers):
        code.append(_instruction(_EQUAL, len(numbers) - i, 0, number))  # jumps over the rest and the denial
    code += [_instruction(_RETURN, 0, 0, DENY), _instruction(_RETURN, 0, 0, ALLOW)]
    return b"".join(code)


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install(code: bytes) -> None:
    """Puts this process under a program, for good. Needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    described = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_char_p))
    kernel.syscall("seccomp", 1, 0, ctypes.byref(described))
