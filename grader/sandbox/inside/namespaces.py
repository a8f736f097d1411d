"""Isolated namespaces: own users, processes, mounts, network, IPC and host name, and an empty read-only root.

The zygote enters them once and is process 1 there; each child gets a process namespace of its own below that.
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
    """Enter new namespaces. The process that returns is a fork of the caller, process 1 of its namespace.

    The caller itself stays outside, waits for it, and never returns from this function. Raises OSError with the errno
    and the step that failed. The uid must already be that of an ordinary user: a mapped uid 0 could read files that
    only root may read.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # setresuid cleared it, which would prevent writing the id maps
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
    """Replace the root by an empty read-only tmpfs; nothing of the old one stays reachable."""
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
    """Wait outside for process 1, holding nothing, and end with it."""
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
        """Make the next fork process 1 of a new namespace."""
        kernel.unshare(kernel.CLONE_NEWPID)

    def end(self) -> None:
        """Return to the own namespace for forks; otherwise the next fork would fail in a dead namespace."""
        kernel.setns(self._own, kernel.CLONE_NEWPID)
