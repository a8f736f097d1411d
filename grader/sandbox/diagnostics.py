"""Turns the results of the probes into words that an administrator can act on. Pure: nothing is tried here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from grader.sandbox.host_info import HostInfo
from grader.sandbox.level import Level

SANDBOX_LAYERS: Final = ("namespaces", "landlock", "seccomp", "limits")


@dataclass(frozen=True)
class LayerStatus:
    """One layer of the sandbox. `failed_step` and `remedy` say what failed and how to mend it; "" if it works."""

    name: str
    works: bool
    failed_step: str
    meaning: str
    remedy: str


_MEANINGS: Final[Mapping[str, str]] = {
    "namespaces": "Student code sees no other processes, no network, no mounts and no files: level full.",
    "landlock": "The kernel denies student code every path, in addition to the system call filter.",
    "seccomp": "Student code can make only the few system calls that numpy needs. Without it there is no sandbox.",
    "limits": "Time, memory and processes of student code are bounded, and it isn't root. "
    "Without it there is no sandbox.",
}


def diagnose_layers(report: Mapping[str, str], machine: HostInfo) -> tuple[Level, list[LayerStatus]]:
    """Return the level that a report of `probe_sandbox` allows on a machine, and the status of each layer."""
    parts = [
        LayerStatus(
            name=name,
            works=not report[name],
            failed_step=report[name],
            meaning=_MEANINGS[name],
            remedy=" ".join(_REMEDIES[name](report[name], machine)) if report[name] else "",
        )
        for name in SANDBOX_LAYERS
    ]
    return _get_allowed_level(report), parts


def _get_allowed_level(report: Mapping[str, str]) -> Level:
    if report["limits"] or report["seccomp"]:
        return Level.NONE
    if report["landlock"]:
        return Level.SECCOMP
    return Level.LANDLOCK if report["namespaces"] else Level.FULL


def _advise_on_namespaces(step: str, machine: HostInfo) -> Iterator[str]:
    if not _is_linux(machine):
        yield _LINUX_ADVICE
        return
    settings, before = machine.settings, ""
    if settings.get("kernel.apparmor_restrict_unprivileged_userns") == "1" and not machine.container:
        yield (
            "AppArmor takes the rights out of new user namespaces (Ubuntu 23.10 and later): "
            f"`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`{_PERSIST_HINT}, or give this Python "
            "an AppArmor profile with `userns,`."
        )
        before = "Also: "
    if settings.get("kernel.unprivileged_userns_clone") == "0":
        yield f"{before}`sudo sysctl kernel.unprivileged_userns_clone=1`{_PERSIST_HINT} (Debian's switch)."
        before = "Also: "
    for name in ("user.max_user_namespaces", "user.max_pid_namespaces"):
        if settings.get(name) == "0":
            yield f"{before}`sudo sysctl {name}=10000`{_PERSIST_HINT}."
            before = "Also: "
    if before:
        return
    if machine.container or machine.filtered:
        yield (
            "A container's own filter denies it: start the container with `--security-opt seccomp=FILE`, FILE being "
            "the engine's default profile with unshare, setns, mount, umount2, pivot_root and clone allowed, and with "
            "`--security-opt systempaths=unconfined`; on AppArmor hosts also `--security-opt apparmor=unconfined`. "
            "Or run the grader outside: level landlock is safe too."
        )
    elif "No space left" in step:
        yield f"Too many namespaces are in use: raise `user.max_user_namespaces`{_PERSIST_HINT}."
    elif "Function not implemented" in step or "Invalid argument" in step:
        yield "The kernel lacks a namespace (CONFIG_USER_NS, CONFIG_PID_NS, CONFIG_NET_NS): use another."
    else:
        yield "Ask the administrator of this machine to allow unprivileged user namespaces."


def _advise_on_landlock(step: str, machine: HostInfo) -> Iterator[str]:
    if not _is_linux(machine):
        yield _LINUX_ADVICE
    elif "Operation not supported" in step:
        yield (
            "Landlock is built in but switched off: add it to the boot parameter, "
            f"`lsm=landlock,{','.join(m for m in machine.modules if m != 'landlock') or 'lockdown,yama,apparmor'}`, "
            "and reboot."
        )
    elif "Function not implemented" in step and (machine.container or machine.filtered):
        yield (
            "The kernel has no Landlock, or the container's engine is too old to let it through: bring the engine up "
            "to date (Docker 20.10.10, Podman 4), or use a kernel of 5.13 or later with CONFIG_SECURITY_LANDLOCK=y."
        )
    elif "Function not implemented" in step:
        yield (
            f"Linux {machine.release} has no Landlock: use 5.13 or later, built with CONFIG_SECURITY_LANDLOCK=y and "
            "with landlock in CONFIG_LSM or in the boot parameter `lsm=`."
        )
    else:
        yield "Something denies the landlock_* system calls: allow them in the container's seccomp profile."


def _advise_on_seccomp(step: str, machine: HostInfo) -> Iterator[str]:
    if not _is_linux(machine):
        yield _LINUX_ADVICE
    elif "no table" in step:
        yield "There is a filter for x86_64 and aarch64 only: use such a machine."
    elif "set" in step.split(":")[0]:
        yield _ROOT_ADVICE
    elif "Function not implemented" in step or "Invalid argument" in step:
        yield "The kernel needs CONFIG_SECCOMP_FILTER=y; some simulated kernels (gVisor, WSL 1) have none."
    else:
        yield "Something denies the seccomp system call: allow it, and prctl, in the container's seccomp profile."


def _advise_on_limits(step: str, machine: HostInfo) -> Iterator[str]:
    if not _is_linux(machine):
        yield _LINUX_ADVICE
    elif "set" in step.split(":")[0]:
        yield _ROOT_ADVICE
    elif "in force" in step:
        yield "Limits do not apply to this user: run the grader as an ordinary user, or as root with CAP_SETUID."
    else:
        yield "The limits of this process are lower than those of a child: raise them (`ulimit -Ha`)."


_PERSIST_HINT: Final = " (and in /etc/sysctl.d/ to keep it)"
_ROOT_ADVICE: Final = (
    "The grader runs as root and can't become an ordinary user: run it as one, or give the container CAP_SETUID and "
    "CAP_SETGID back."
)
_LINUX_ADVICE: Final = (
    "The sandbox needs Linux: grade on a Linux machine, in a virtual one or in WSL 2. `grader check` runs your own "
    "code here without a sandbox."
)
_REMEDIES: Final[Mapping[str, Callable[[str, HostInfo], Iterator[str]]]] = {
    "namespaces": _advise_on_namespaces,
    "landlock": _advise_on_landlock,
    "seccomp": _advise_on_seccomp,
    "limits": _advise_on_limits,
}


def _is_linux(machine: HostInfo) -> bool:
    return machine.system == "Linux"
