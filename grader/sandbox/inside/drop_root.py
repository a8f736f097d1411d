"""The user that student code runs as: never root."""

import os
from typing import Final

from grader.sandbox.inside import kernel

_FIRST, _COUNT = 60706, 478  # ids that neither distributions nor systemd assign
NOBODY_UID: Final = 65534


def drop_root() -> None:
    """Change from root to an unnamed user, permanently; an ordinary user stays unchanged. Raises OSError.

    Each zygote takes a different id where possible, so that two zygotes cannot access each other; where the machine
    maps few ids (a container in a user namespace), it becomes `nobody`.
    """
    if os.geteuid() != 0 and os.getuid() != 0:
        return
    with kernel.step("setgroups"):
        os.setgroups([])
    own = _FIRST + os.getpid() % _COUNT
    try:
        _set_identity(own)
    except OSError:
        with kernel.step("setresuid"):
            _set_identity(NOBODY_UID)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _set_identity(uid: int) -> None:
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
