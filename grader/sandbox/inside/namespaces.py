"""An empty world: own users, processes, mounts, network, IPC and host name, and an empty read-only root.

The zygote enters once and is process 1 there; each child gets a process namespace of its own below it.
"""

import os

from grader.sandbox.inside import kernel

_NAMESPACE_FLAGS = (
    kernel.CLONE_NEWUSER
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWNS
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWPID
)
INSIDE_UID = 1000


def enter_namespaces() -> None:
    """Enters the empty world. The process that returns is a fork of the caller, process 1 of the new namespace.

    The caller itself stays outside, waits for it, and never returns from here.
    Raises OSError (errno and the step that failed). The uid must be that of an ordinary user already: a mapped uid 0
    could read what only root may.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # setresuid took that away, and with it the right to write one's maps
    kernel.unshare(_NAMESPACE_FLAGS)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{INSIDE_UID} {uid} 1")
    _write("/proc/self/gid_map", f"{INSIDE_UID} {gid} 1")
    _empty_root()
    first = os.fork()
    if first:
        _wait_outside(first)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)


def _write(path: str, text: str) -> None:
    with kernel.step(path):
        fd = os.open(path, os.O_WRONLY)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)


def _empty_root() -> None:
    """Replaces the root by an empty read-only tmpfs; nothing of the old one stays reachable."""
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    place = "/tmp" if os.path.isdir("/tmp") else "/var"
    safe = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("none", place, "tmpfs", safe, "size=4k,nr_inodes=4,mode=555")
    os.chdir(place)
    kernel.pivot_root(".", ".")
    kernel.unmount(".", kernel.MNT_DETACH)
    kernel.mount("none", "/", "", safe | kernel.MS_REMOUNT | kernel.MS_RDONLY)
    os.chdir("/")


def _wait_outside(first: int) -> None:
    """The process that stays outside holds nothing and ends with process 1."""
    try:
        kernel.close_from(0)
    finally:
        while True:
            try:
                os.waitpid(first, 0)
            except ChildProcessError:
                os._exit(0)
            except InterruptedError:
                continue


class ChildNamespaces:
    """Gives each fork a process namespace of its own: `begin` before the fork, `end` after it in the parent."""

    def __init__(self) -> None:
        self._own = kernel.syscall("pidfd_open", os.getpid(), 0)

    def begin(self) -> None:
        """The next fork is process 1 of a new namespace."""
        kernel.unshare(kernel.CLONE_NEWPID)

    def end(self) -> None:
        """Forks stay here again; without it the one after the next fails, for its namespace is dead."""
        kernel.setns(self._own, kernel.CLONE_NEWPID)
