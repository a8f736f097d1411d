"""Facts about the machine that concern the sandbox, collected for advice only, never to decide a level."""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KERNEL_SETTINGS: Final = (
    "kernel.apparmor_restrict_unprivileged_userns",
    "kernel.unprivileged_userns_clone",
    "user.max_user_namespaces",
    "user.max_pid_namespaces",
)


@dataclass(frozen=True)
class HostInfo:
    """Facts about a machine: `settings` are kernel settings by name, "" if missing; `container` is its kind, or "".

    `modules` are the kernel's security modules, as far as it reports them; `filtered` is true if a seccomp filter
    already applies to this process.
    """

    system: str
    release: str
    processor: str
    root: bool
    container: str
    filtered: bool
    modules: tuple[str, ...]
    settings: Mapping[str, str]


def inspect_host() -> HostInfo:
    """Return the facts about this machine."""
    return HostInfo(
        system=platform.system(),
        release=platform.release(),
        processor=platform.machine(),
        root=sys.platform != "win32" and os.geteuid() == 0,
        container=_detect_container(),
        filtered="Seccomp:\t0" not in _read_text("/proc/self/status") and "Seccomp:" in _read_text("/proc/self/status"),
        modules=tuple(filter(None, _read_text("/sys/kernel/security/lsm").strip().split(","))),
        settings={name: _read_text("/proc/sys/" + name.replace(".", "/")).strip() for name in KERNEL_SETTINGS},
    )


def _detect_container() -> str:
    if Path("/run/.containerenv").exists():
        return "podman"
    if Path("/.dockerenv").exists():
        return "docker"
    return os.environ.get("container", "")  # noqa: SIM112  # set by systemd-nspawn and LXC


def _read_text(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
