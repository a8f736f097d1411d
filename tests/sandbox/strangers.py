"""Starts Python programs as `nobody`, and under a container's restrictions, to test the sandbox for other users.

python -m tests.sandbox.strangers [--nobody] [--deny NAME,...] -- MODULE ARGUMENT...
"""

import ctypes
import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path

from tests.sandbox.containers import deny

NOBODY = 65534
ROOT = Path(__file__).resolve().parents[2]
_CLONE_NEWNS, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x00020000, 4096, 16384, 1 << 18


def run(module: str, *arguments: str, nobody: bool = False, denied: str = "") -> "subprocess.CompletedProcess[str]":
    """Run `python -m module arguments` as another user, or with denied calls, and return its output."""
    options = [*(["--nobody"] if nobody else []), *(["--deny", denied] if denied else [])]
    return subprocess.run(
        [sys.executable, "-m", "tests.sandbox.strangers", *options, "--", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def become_nobody() -> None:
    """Change from root to nobody, after making Python and this checkout accessible if only root can reach them."""
    _make_reachable([Path(os.path.realpath(sys.base_prefix)), ROOT])
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # dumpable again, like a process that was started by nobody


def _find_closed_folder(place: Path) -> Path | None:
    """Return the first folder on the way to a path that only root may enter."""
    return next((p for p in reversed((place, *place.parents)) if not p.stat().st_mode & stat.S_IXOTH), None)


def _make_reachable(places: list[Path]) -> None:
    """Make the paths reachable in a private mount namespace, and nothing else of the closed folders."""
    closed = {place: top for place in places if (top := _find_closed_folder(place))}
    if not closed:
        return
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
        encoded = [text.encode() if text else None for text in (source, target, kind)]
        if libc.mount(*encoded, flags, data.encode() if data else None):
            raise OSError(ctypes.get_errno(), f"mount {target}")

    if libc.unshare(_CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    mount("none", "/mnt", "tmpfs", 0, "mode=755,size=1m")
    kept = {place: Path("/mnt", str(number)) for number, place in enumerate(closed)}
    for place, aside in kept.items():
        aside.mkdir()
        mount(str(place), str(aside), None, _MS_BIND | _MS_REC)
    for top in sorted(set(closed.values())):
        mount("none", str(top), "tmpfs", 0, "mode=755,size=1m")
    for place, aside in kept.items():
        place.mkdir(parents=True, exist_ok=True)
        mount(str(aside), str(place), None, _MS_BIND | _MS_REC)
        place.chmod(place.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)


def main() -> None:
    """Apply the options, then run the module."""
    options, rest = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    if "--nobody" in options:
        become_nobody()
    if "--deny" in options:
        deny(options[options.index("--deny") + 1].split(","))
    sys.argv = rest
    runpy.run_module(rest[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
