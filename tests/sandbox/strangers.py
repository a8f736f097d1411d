"""Starts Python programs as `nobody`, and under what a container denies: for tests of the wall as others meet it.

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
_CLONE_NEWNS, _MS_BIND, _MS_REC, _MS_PRIVATE, _MS_MOVE = 0x00020000, 4096, 16384, 1 << 18, 8192


def run(module: str, *arguments: str, nobody: bool = False, denied: str = "") -> "subprocess.CompletedProcess[str]":
    """Runs `python -m module arguments` as somebody else, or with less, and returns what it printed."""
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
    """Root becomes nobody; where its Python lies in a folder that only root may enter, a way there opens first."""
    _open_the_way(Path(os.path.realpath(sys.executable)))
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # dumpable again, as a process that nobody had started would be


def _open_the_way(interpreter: Path) -> None:
    closed = [p for p in reversed(interpreter.parents) if not p.stat().st_mode & stat.S_IXOTH]
    if not closed:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    prefix = Path(os.path.realpath(sys.base_prefix))

    def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
        encoded = [text.encode() if text else None for text in (source, target, kind)]
        if libc.mount(*encoded, flags, data.encode() if data else None):
            raise OSError(ctypes.get_errno(), f"mount {target}")

    if libc.unshare(_CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    mount(str(prefix), "/mnt", None, _MS_BIND | _MS_REC)
    mount("none", str(closed[0]), "tmpfs", 0, "mode=755,size=1m")
    prefix.mkdir(parents=True)
    mount("/mnt", str(prefix), None, _MS_MOVE)


def main() -> None:
    """Becomes who it is told to become, then the module."""
    options, rest = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    if "--nobody" in options:
        become_nobody()
    if "--deny" in options:
        deny(options[options.index("--deny") + 1].split(","))
    sys.argv = rest
    runpy.run_module(rest[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
