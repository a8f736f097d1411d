"""No other user, namespace, root or capability can be obtained."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = [] if os.getuid() and os.geteuid() else ["root"]
    ways = [
        lambda: os.setuid(0),
        lambda: os.setgid(0),
        lambda: os.setgroups([0]),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.chroot("/"),
        lambda: libc.unshare(0x10000000) == 0 or [][0],
        lambda: libc.setns(3, 0) == 0 or [][0],
        lambda: libc.mount(b"none", b"/", b"tmpfs", 0, None) == 0 or [][0],
        lambda: libc.umount2(b"/", 2) == 0 or [][0],
        lambda: libc.syscall(126, ctypes.create_string_buffer(8), ctypes.create_string_buffer(24)) == 0 or [][0],
        lambda: libc.sethostname(b"x", 1) == 0 or [][0],
        lambda: libc.reboot(0) == 0 or [][0],
        lambda: libc.personality(0x0400000) >= 0 or [][0],
        lambda: libc.prctl(38, 0, 0, 0, 0) == 0 or [][0],
    ]
    for i, way in enumerate(ways):
        try:
            way()
            loot.append(i)
        except (OSError, IndexError):
            pass
    return loot
