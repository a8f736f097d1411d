"""What a machine says of itself that bears on the sandbox: looked up for advice only, never to decide a level."""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SETTINGS: Final = (
    "kernel.apparmor_restrict_unprivileged_userns",
    "kernel.unprivileged_userns_clone",
    "user.max_user_namespaces",
    "user.max_pid_namespaces",
)


@dataclass(frozen=True)
class Machine:
    """Facts: `settings` are kernel settings by name, "" where there is none; `container` its kind, "" outside of one.

    `modules` are the kernel's security modules, as far as it tells; `filtered`: a seccomp filter is on us already.
    """

    system: str
    release: str
    processor: str
    root: bool
    container: str
    filtered: bool
    modules: tuple[str, ...]
    settings: Mapping[str, str]


def look() -> Machine:
    """The facts of this machine."""
    return Machine(
        system=platform.system(),
        release=platform.release(),
        processor=platform.machine(),
        root=sys.platform != "win32" and os.geteuid() == 0,
        container=_container(),
        filtered="Seccomp:\t0" not in _text("/proc/self/status") and "Seccomp:" in _text("/proc/self/status"),
        modules=tuple(filter(None, _text("/sys/kernel/security/lsm").strip().split(","))),
        settings={name: _text("/proc/sys/" + name.replace(".", "/")).strip() for name in SETTINGS},
    )


def _container() -> str:
    if Path("/run/.containerenv").exists():
        return "podman"
    if Path("/.dockerenv").exists():
        return "docker"
    return os.environ.get("container", "")  # noqa: SIM112  # systemd-nspawn and LXC set it so


def _text(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
