"""Which parts of the wall this machine gives: each is tried whole, in a process that is thrown away.

Versions and configuration files are not asked: a kernel may offer a call and deny what it is for (Ubuntu lets one
unshare and then takes the capabilities away; a container's filter denies single calls).
"""

import os
import sys
import traceback
from collections.abc import Callable

from grader.sandbox.inside import kernel, landlock, limits, namespaces, seccomp

NOBODY = 65534


def probe() -> dict[str, str]:
    """The parts of the wall by name, each with "" where it works and else with what failed, as `step: reason`."""
    return {
        "namespaces": _tried(_namespaces),
        "landlock": _tried(_landlock),
        "seccomp": _tried(_seccomp),
        "limits": _tried(_limits),
    }


def become_ordinary() -> None:
    """Root becomes `nobody`, for good; an ordinary user stays who they are. Raises OSError."""
    if os.geteuid() == 0 or os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _tried(part: Callable[[], None]) -> str:
    """Runs a part in a fork of this process and returns what went wrong there, or ""."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        try:
            part()
            os.write(writable, b"ok")
        except OSError as error:
            os.write(writable, f"!{error.args[-1] if len(error.args) > 1 else error}".encode()[:300])
        except BaseException:
            os.write(writable, f"!{traceback.format_exc().splitlines()[-1]}".encode()[:300])
        os._exit(0)
    os.close(writable)
    said = os.read(readable, 400).decode("utf-8", "replace")
    os.close(readable)
    os.waitpid(child, 0)
    if said == "ok":
        return ""
    return said.removeprefix("!") or "the probe died without a word"


def _namespaces() -> None:
    become_ordinary()
    namespaces.enter()
    children = namespaces.ChildNamespaces()
    for _ in range(2):  # the second fails where the first one's namespace is not left again
        children.begin()
        child = os.fork()
        if child == 0:
            os._exit(0 if os.getpid() == 1 else 9)
        children.end()
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise OSError(0, "process namespace: the child is not its first process")
    if os.listdir("/"):
        raise OSError(0, "mount namespace: the root is not empty")


def _landlock() -> None:
    fd = landlock.ruleset()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(fd)
    _must_be_denied("landlock", lambda: os.close(os.open(sys.executable, os.O_RDONLY)))


def _seccomp() -> None:
    if kernel.MACHINE not in seccomp.ALLOWED:
        raise OSError(38, f"seccomp: no table of system calls for {kernel.MACHINE}")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(seccomp.program(kernel.MACHINE))
    _must_be_denied("seccomp", lambda: os.close(os.open("/", os.O_RDONLY)))


def _limits() -> None:
    become_ordinary()
    limits.apply(limits.address_space() + 2**26, 10)
    _must_be_denied("limits", lambda: os._exit(0) if os.fork() == 0 else None)


def _must_be_denied(part: str, act: Callable[[], object]) -> None:
    try:
        act()
    except OSError:
        return
    raise OSError(0, f"{part}: in force, but what it forbids was possible")


def strongest(report: dict[str, str]) -> str:
    """The name of the strongest level that a report allows (see `grader.sandbox.level`)."""
    if report["limits"] or report["seccomp"]:
        return "none"
    if report["landlock"]:
        return "seccomp"
    return "landlock" if report["namespaces"] else "full"
