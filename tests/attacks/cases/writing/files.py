"""No file of the machine can be written, created, renamed, linked or removed anywhere."""

import ctypes
import io
import os
import posix
import shutil
import tempfile

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def attack(facts):
    loot = []
    name = facts["marker"]
    ways = []
    for place in ("/tmp", "/dev/shm", "/var/tmp", facts["folder"], ".", "/", "/proc/self", os.path.expanduser("~")):
        path = f"{place}/{name}"
        ways += [
            lambda p=path: io.FileIO(p, "w").write(b"x"),
            lambda p=path: posix.open(p, os.O_CREAT | os.O_WRONLY),
            lambda p=path: posix.mkdir(p),
            lambda p=path: open(p, "w").write("x") and posix.stat(p),
            lambda p=path: libc.mkdir(p.encode(), 0o777) and posix.stat(p),
            lambda p=path: os.symlink("/etc/passwd", p),
            lambda p=path: os.link(facts["secret_path"], p),
            lambda p=path: os.mkfifo(p),
            lambda p=path: os.mknod(p),
            lambda p=path: np.save(p, np.ones(3)) or posix.stat(p + ".npy"),
            lambda p=path: os.rename(facts["secret_path"], p),
            lambda p=path: posix.rename(facts["secret_path"], p),
        ]
    ways += [
        lambda: os.remove(facts["secret_path"]),
        lambda: os.truncate(facts["secret_path"], 0),
        lambda: os.chmod(facts["secret_path"], 0o777),
        lambda: os.utime(facts["secret_path"]),
        lambda: posix.unlink(facts["secret_path"]),
        lambda: posix.truncate(facts["secret_path"], 0),
        lambda: posix.chmod(facts["secret_path"], 0o777),
        lambda: posix.utime(facts["secret_path"]),
        lambda: os.chown(facts["secret_path"], 0, 0),
        lambda: os.setxattr(facts["secret_path"], "user.x", b"x"),
        lambda: posix.stat(tempfile.mkdtemp()),
        lambda: posix.stat(tempfile.NamedTemporaryFile().name),
        lambda: shutil.rmtree(facts["folder"]),
        lambda: os.umask(0) if os.umask(0) > 0 else posix.mkdir(name),
    ]
    for i, way in enumerate(ways):
        try:
            way()
            loot.append(i)
        except OSError:
            pass
    return loot
