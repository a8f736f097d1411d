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
        **{"mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "madvise": 28},
        # what is open already: the two pipes and /dev/null
        **{"read": 0, "write": 1, "close": 3, "lseek": 8, "readv": 19, "writev": 20},
        # locks, and the interpreter's own signal handling
        **{"futex": 202, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "sigaltstack": 131},
        # who and when
        **{"getpid": 39, "gettid": 186, "getuid": 102, "geteuid": 107, "getgid": 104, "getegid": 108},
        **{"clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "nanosleep": 35, "gettimeofday": 96},
        **{"time": 201, "times": 100, "getrusage": 98, "sched_yield": 24, "getrandom": 318},
        # the end
        **{"exit": 60, "exit_group": 231, "restart_syscall": 219},
    },
    "aarch64": {
        **{"mmap": 222, "mprotect": 226, "munmap": 215, "brk": 214, "mremap": 216, "madvise": 233},
        **{"read": 63, "write": 64, "close": 57, "lseek": 62, "readv": 65, "writev": 66},
        **{"futex": 98, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "sigaltstack": 132},
        **{"getpid": 172, "gettid": 178, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177},
        **{"clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "nanosleep": 101, "gettimeofday": 169},
        **{"times": 153, "getrusage": 165, "sched_yield": 124, "getrandom": 278},
        **{"exit": 93, "exit_group": 94, "restart_syscall": 128},
    },
}

KILL: Final = 0x80000000
DENY: Final = 0x00050000 | errno.EACCES
ALLOW: Final = 0x7FFF0000

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCH_AT = 0, 4  # offsets in struct seccomp_data


def program(machine: str) -> bytes:
    """The BPF program for a machine, 8 bytes an instruction. Raises KeyError for a machine without a table."""
    numbers = sorted(ALLOWED[machine].values())
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
