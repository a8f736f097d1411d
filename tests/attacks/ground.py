"""The targets of attacks, and traces of success: listeners, files, a bystander process, secrets."""

import contextlib
import ctypes
import os
import platform
import secrets
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from grader.core.wire.data_file import DataFile
from grader.core.wire.values import Value

_ROOT = str(Path(__file__).resolve().parents[2])
_PLACES = ("/tmp", "/dev/shm", "/var/tmp", "/", _ROOT, os.path.expanduser("~"))
_SUBREAPER = 36  # prctl: this process adopts orphans of its descendants, so that none is overlooked


def masked(data: bytes) -> npt.NDArray[np.uint8]:
    """Return bytes in a masked form, so that finding that form proves nothing."""
    return np.frombuffer(data, np.uint8) ^ np.uint8(0x55)


@dataclass
class Ground:
    """Everything that must be the same after an attack as before it."""

    folder: Path
    marker: str
    expected: npt.NDArray[np.float64]
    hidden: npt.NDArray[np.float64]
    secret: bytes
    listeners: Mapping[str, socket.socket]
    bystander: "subprocess.Popen[bytes]"
    strangers: set[int]
    """Processes of other tests, which start and end at any time."""

    @property
    def data_files(self) -> tuple[DataFile, ...]:
        """The data files of the exercise that the attacker hands in."""
        file = self.folder / "numbers.csv"
        return (DataFile("data/numbers.csv", file, file.stat().st_size),)

    def facts(self, zygote: int, memory: int) -> dict[str, Value]:
        """Return the facts given to an attacker, more than a real one would know."""
        return {
            "root": _ROOT,
            "folder": str(self.folder),
            "secret_path": str(self.folder / "secret"),
            "marker": self.marker,
            "tcp": self.listeners["tcp"].getsockname()[1],
            "udp": self.listeners["udp"].getsockname()[1],
            "unix": str(self.folder / "socket"),
            "abstract": self.marker,
            "grader_pid": os.getpid(),
            "zygote_pid": zygote,
            "bystander_pid": self.bystander.pid,
            "machine": platform.machine(),
            "memory": memory,
            "masked_tensor": masked(self.expected.tobytes()),
            "masked_hidden": masked(self.hidden.tobytes()),
            "masked_secret": masked(self.secret),
            "masked_own": masked(secrets.token_bytes(32)),
        }

    def snapshot(self) -> dict[str, object]:
        """Return the state of everything in which an attack could leave a trace."""
        return {
            "files": sorted(_marked(self.folder, self.marker)),
            "secret": (self.folder / "secret").read_bytes(),
            "mode": (self.folder / "secret").stat().st_mode,
            "mounts": Path("/proc/self/mountinfo").read_text(),
            "processes": descendants(self.strangers),
            "descriptors": sorted(os.listdir("/proc/self/fd")),
            "bystander": _state(self.bystander.pid),
            "heard": [name for name, listener in self.listeners.items() if _heard(name, listener)],
            "segments": "1196573000" in Path("/proc/sysvipc/shm").read_text(),
        }


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Yield a separate ground. It must exist before the sandbox starts, which could then inherit its secrets."""
    strangers = set(descendants())
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    marker = f"grader-attack-{secrets.token_hex(6)}"
    with contextlib.ExitStack() as stack:
        stack.callback(ctypes.CDLL(None).prctl, _SUBREAPER, 0, 0, 0, 0)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-ground-")))
        folder.chmod(0o755)
        (folder / "secret").write_bytes(b"print('all expected values')")
        np.savetxt(folder / "numbers.csv", np.arange(2000.0))
        os.environ["GRADER_SECRET"] = marker
        stack.callback(os.environ.pop, "GRADER_SECRET")
        bystander = subprocess.Popen(["sleep", "100000"])
        stack.callback(bystander.wait)
        stack.callback(bystander.kill)
        random = np.random.default_rng()
        yield Ground(
            folder=folder,
            marker=marker,
            expected=random.normal(size=64),
            hidden=random.normal(size=64),
            secret=secrets.token_bytes(64),
            listeners={name: stack.enter_context(s) for name, s in _listeners(folder, marker).items()},
            bystander=bystander,
            strangers=strangers,
        )


def descendants(strangers: "set[int] | frozenset[int]" = frozenset()) -> list[int]:
    """Return all living processes below this one, except `strangers` among its children and their descendants."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                if fields[0] != "Z" and int(entry) not in strangers:
                    parents[int(entry)] = int(fields[1])
    below, more = {os.getpid()}, True
    while more:
        found = {pid for pid, parent in parents.items() if parent in below} - below
        below |= found
        more = bool(found)
    return sorted(below - {os.getpid()})


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _marked(folder: Path, marker: str) -> Iterator[str]:
    for place in (*_PLACES, os.getcwd(), str(folder)):
        with contextlib.suppress(OSError):
            yield from (f"{place}/{name}" for name in os.listdir(place) if marker in name)
    yield from os.listdir(folder)


def _listeners(folder: Path, marker: str) -> dict[str, socket.socket]:
    listeners = {
        "tcp": socket.create_server(("127.0.0.1", 0)),
        "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "unix": socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "abstract": socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
    }
    listeners["udp"].bind(("127.0.0.1", 0))
    listeners["unix"].bind(str(folder / "socket"))
    listeners["unix"].listen()
    listeners["abstract"].bind("\0" + marker)
    for listener in listeners.values():
        listener.setblocking(False)
    return listeners


def _heard(name: str, listener: socket.socket) -> bool:
    try:
        if name in ("tcp", "unix"):
            listener.accept()[0].close()
        else:
            listener.recv(100)
    except BlockingIOError:
        return False
    return True
