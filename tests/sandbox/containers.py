"""Simulates the restrictions of a container with a seccomp filter that denies single calls.

The filter is installed before the grader's Python starts, and applies to all its descendants.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable

_CLONE_NEWUSER = 0x10000000
_CALLS = {
    "x86_64": {"clone": 56, "clone3": 435, "unshare": 272, "mount": 165, "umount2": 166, "setns": 308}
    | {"pivot_root": 155, "prctl": 157, "seccomp": 317, "landlock_create_ruleset": 444}
    | {"landlock_add_rule": 445, "landlock_restrict_self": 446, "setresuid": 117, "setgroups": 116},
    "aarch64": {"clone": 220, "clone3": 435, "unshare": 97, "mount": 40, "umount2": 39, "setns": 268}
    | {"pivot_root": 41, "prctl": 167, "seccomp": 277, "landlock_create_ruleset": 444}
    | {"landlock_add_rule": 445, "landlock_restrict_self": 446, "setresuid": 147, "setgroups": 159},
}
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_FIRST_ARGUMENT = 16

DENIALS: dict[str, dict[str, int]] = {
    "namespaces": {
        **dict.fromkeys(("unshare", "mount", "umount2", "setns", "pivot_root", "clone-newuser"), errno.EPERM),
        "clone3": errno.ENOSYS,
    },
    "mount": dict.fromkeys(("mount", "umount2"), errno.EACCES),
    "landlock": dict.fromkeys(("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"), errno.ENOSYS),
    "seccomp": {"seccomp": errno.EPERM, "prctl-seccomp": errno.EPERM},
    "identity": dict.fromkeys(("setresuid", "setgroups"), errno.EPERM),
}
"""The denied calls by the layer that needs them, with the error that each one raises.

`namespaces` is what a default container denies, `mount` what Ubuntu's AppArmor leaves of a new user namespace,
`landlock` an older kernel, `seccomp` some virtual ones, `identity` a root that isn't one.
"""


def deny(names: Iterable[str]) -> None:
    """Deny the calls that these layers need, to this process and all its descendants."""
    code = [struct.pack("<HBBI", _LOAD, 0, 0, 0)]
    for name in names:
        for call, error in DENIALS[name].items():
            code += _denial(call, _ERRNO | error)
    code.append(struct.pack("<HBBI", _RETURN, 0, 0, _ALLOW))
    _install(b"".join(code))


def _denial(call: str, verdict: int) -> list[bytes]:
    """Return instructions that deny a call; `clone-newuser` and `prctl-seccomp` only for one first argument."""
    plain, _, argument = call.partition("-")
    number = _CALLS[platform.machine()][plain]
    if not argument:
        return [struct.pack("<HBBI", _EQUAL, 0, 1, number), struct.pack("<HBBI", _RETURN, 0, 0, verdict)]
    test = (_ANY_BIT, _CLONE_NEWUSER) if argument == "newuser" else (_EQUAL, _PR_SET_SECCOMP)
    return [
        struct.pack("<HBBI", _EQUAL, 0, 4, number),
        struct.pack("<HBBI", _LOAD, 0, 0, _FIRST_ARGUMENT),
        struct.pack("<HBBI", test[0], 0, 1, test[1]),
        struct.pack("<HBBI", _RETURN, 0, 0, verdict),
        struct.pack("<HBBI", _LOAD, 0, 0, 0),
    ]


def _install(code: bytes) -> None:
    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
