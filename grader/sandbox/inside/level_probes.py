"""Probes the layers of the sandbox on this machine: each is tried completely, in a process that is thrown away.

Versions and configuration files are not consulted, because a kernel may offer a call and deny its purpose (Ubuntu
permits unshare and then removes the capabilities; a container's filter denies single calls). Each layer is tried
together with those below it, in the order in which a child applies them, and then the accesses that it forbids are
tried too.
"""

import os
import traceback
from collections.abc import Callable

from grader.sandbox.inside import kernel, landlock, limits, namespaces, seccomp
from grader.sandbox.inside.drop_root import drop_root

_MEMORY_BYTES = 2**26
_CPU_SECONDS = 10


def probe_layers() -> dict[str, str]:
    """Return the layers of the sandbox by name, each with "" if it works, else the failure as `step: reason`."""
    report = {
        "limits": _try_in_fork(_try_limits),
        "seccomp": _try_in_fork(_try_seccomp),
        "landlock": _try_in_fork(_try_landlock),
    }
    with_landlock = not report["landlock"]
    return {"namespaces": _try_in_fork(lambda: _try_namespaces(with_landlock)), **report}


def choose_strongest_level(report: dict[str, str]) -> str:
    """Return the name of the strongest level that a report allows (see `grader.sandbox.level`)."""
    if report["limits"] or report["seccomp"]:
        return "none"
    if report["landlock"]:
        return "seccomp"
    return "landlock" if report["namespaces"] else "full"


def _try_in_fork(part: Callable[[], None]) -> str:
    """Run a probe in a fork of this process and return its failure, or ""."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        os.write(writable, _try_and_report(part))
        os._exit(0)
    os.close(writable)
    report = os.read(readable, 400).decode("utf-8", "replace")
    os.close(readable)
    os.waitpid(child, 0)
    if report == "ok":
        return ""
    return report.removeprefix("!") or "the probe died without a word"


def _try_and_report(part: Callable[[], None]) -> bytes:
    try:
        part()
    except OSError as error:
        return f"!{error.args[-1] if len(error.args) > 1 else error}".encode()[:300]
    except BaseException:
        return f"!{traceback.format_exc().splitlines()[-1]}".encode()[:300]
    return b"ok"


def _try_limits() -> None:
    drop_root()
    _apply_limits(limits.measure_address_space())
    _require_denied("limits", _fork)


def _apply_limits(base: int) -> None:
    limits.apply_common_limits()
    limits.apply_child_limits(base + _MEMORY_BYTES, _CPU_SECONDS)


def _try_seccomp() -> None:
    drop_root()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    _try_under_filter(limits.measure_address_space())


def _try_under_filter(base: int) -> None:
    """Try the lower layers, in the order of a child."""
    if kernel.MACHINE not in seccomp.SYSCALL_TABLES:
        raise OSError(38, f"seccomp: no table of system calls for {kernel.MACHINE}")
    _apply_limits(base)
    kernel.prepare_capability_drop()()
    seccomp.prepare_filter(seccomp.assemble_filter(kernel.MACHINE))()
    _require_denied("seccomp", lambda: os.getpgid(0))  # getpgid is denied by nothing else


def _try_landlock() -> None:
    drop_root()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    base = limits.measure_address_space()
    os.listdir("/")
    landlock.prepare_restriction(landlock.create_ruleset())()
    _require_denied("landlock", lambda: os.listdir("/"))
    _try_under_filter(base)


def _try_namespaces(with_landlock: bool) -> None:
    drop_root()
    base = limits.measure_address_space()
    namespaces.enter_namespaces()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    ruleset = landlock.create_ruleset() if with_landlock else None
    if os.listdir("/"):
        raise OSError(0, "mount namespace: the root is not empty")
    children = namespaces.ChildNamespaces()
    for _ in range(2):  # the second fails if the first one's namespace is not left again
        children.begin()
        why = _try_in_fork(lambda: _try_as_first_process(base, ruleset))
        children.end()
        if why:
            raise OSError(0, f"in a child's namespaces: {why}")


def _try_as_first_process(base: int, ruleset: int | None) -> None:
    if os.getpid() != 1:
        raise OSError(0, "process namespace: the child is not its first process")
    if ruleset is not None:
        landlock.prepare_restriction(ruleset)()
    _try_under_filter(base)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _require_denied(part: str, act: Callable[[], object]) -> None:
    try:
        act()
    except OSError:
        return
    raise OSError(0, f"{part}: in force, but what it forbids was possible")
