"""Which parts of the wall this machine gives: each is tried whole, in a process that is thrown away.

Versions and configuration files are not asked: a kernel may offer a call and deny what it is for (Ubuntu lets one
unshare and then takes the capabilities away; a container's filter denies single calls). Each part is tried together
with those below it, in the order in which a child takes them, and then what it forbids is tried too.
"""

import os
import traceback
from collections.abc import Callable

from grader.sandbox.inside import kernel, landlock, limits, namespaces, seccomp
from grader.sandbox.inside.identity import become_ordinary

_MEMORY = 2**26
_SECONDS = 10


def probe() -> dict[str, str]:
    """The parts of the wall by name, each with "" where it works and else with what failed, as `step: reason`."""
    report = {"limits": _tried(_limits), "seccomp": _tried(_seccomp), "landlock": _tried(_landlock)}
    with_landlock = not report["landlock"]
    return {"namespaces": _tried(lambda: _namespaces(with_landlock)), **report}


def strongest(report: dict[str, str]) -> str:
    """The name of the strongest level that a report allows (see `grader.sandbox.level`)."""
    if report["limits"] or report["seccomp"]:
        return "none"
    if report["landlock"]:
        return "seccomp"
    return "landlock" if report["namespaces"] else "full"


def _tried(part: Callable[[], None]) -> str:
    """Runs a part in a fork of this process and returns what went wrong there, or ""."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        os.write(writable, _said(part))
        os._exit(0)
    os.close(writable)
    said = os.read(readable, 400).decode("utf-8", "replace")
    os.close(readable)
    os.waitpid(child, 0)
    if said == "ok":
        return ""
    return said.removeprefix("!") or "the probe died without a word"


def _said(part: Callable[[], None]) -> bytes:
    try:
        part()
    except OSError as error:
        return f"!{error.args[-1] if len(error.args) > 1 else error}".encode()[:300]
    except BaseException:
        return f"!{traceback.format_exc().splitlines()[-1]}".encode()[:300]
    return b"ok"


def _limits() -> None:
    become_ordinary()
    _limit(limits.address_space())
    _must_be_denied("limits", _fork)


def _limit(base: int) -> None:
    limits.apply_common()
    limits.apply(base + _MEMORY, _SECONDS)


def _seccomp() -> None:
    become_ordinary()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    _under_filter(limits.address_space())


def _under_filter(base: int) -> None:
    """The lower half of the wall, in a child's order."""
    if kernel.MACHINE not in seccomp.TABLES:
        raise OSError(38, f"seccomp: no table of system calls for {kernel.MACHINE}")
    _limit(base)
    kernel.capability_drop()()
    seccomp.installation(seccomp.program(kernel.MACHINE))()
    _must_be_denied("seccomp", lambda: os.getpgid(0))  # which nothing else would deny


def _landlock() -> None:
    become_ordinary()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    base = limits.address_space()
    os.listdir("/")
    landlock.restriction(landlock.ruleset())()
    _must_be_denied("landlock", lambda: os.listdir("/"))
    _under_filter(base)


def _namespaces(with_landlock: bool) -> None:
    become_ordinary()
    base = limits.address_space()
    namespaces.enter()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    ruleset = landlock.ruleset() if with_landlock else None
    if os.listdir("/"):
        raise OSError(0, "mount namespace: the root is not empty")
    children = namespaces.ChildNamespaces()
    for _ in range(2):  # the second fails where the first one's namespace is not left again
        children.begin()
        why = _tried(lambda: _first_process(base, ruleset))
        children.end()
        if why:
            raise OSError(0, f"in a child's namespaces: {why}")


def _first_process(base: int, ruleset: int | None) -> None:
    if os.getpid() != 1:
        raise OSError(0, "process namespace: the child is not its first process")
    if ruleset is not None:
        landlock.restriction(ruleset)()
    _under_filter(base)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _must_be_denied(part: str, act: Callable[[], object]) -> None:
    try:
        act()
    except OSError:
        return
    raise OSError(0, f"{part}: in force, but what it forbids was possible")
