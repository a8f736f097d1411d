"""Starting children: the protocol that the zygote (`zygote_client`) and the plain subprocess (`unsandboxed`) share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from grader.sandbox import channel
from grader.sandbox.data_store import DataStore
from grader.sandbox.level import Level

_ROOT: Final = str(Path(__file__).resolve().parents[2])
DETERMINISTIC_ENV: Final[Mapping[str, str]] = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
}
"""Environment variables under which every interpreter for student code starts."""


@dataclass(frozen=True)
class ChildExit:
    """The system's report on a child that has ended: exit status, CPU time (s), peak memory (bytes).

    `status` is an exit code, or minus the number of the signal that ended it.
    """

    status: int
    cpu: float
    peak: int


class ChildProcess(channel.ChildConnection, Protocol):
    """A running child."""

    def finish(self) -> ChildExit:
        """Kill the child and its descendants, if they still run, and return its exit. Raises SandboxFault."""


class Launcher(Protocol):
    """Starts children, one at a time."""

    @property
    def level(self) -> Level:
        """The strength of the isolation of the children."""

    def launch(self, memory: int, cpu_seconds: int, data: DataStore | None = None) -> ChildProcess:
        """Start a child with `memory` bytes beyond the warm interpreter, after the previous one was finished.

        It can read the files in `data`. Raises SandboxFault.
        """

    def close(self) -> None:
        """End every process that was started."""


def build_python_arguments(module: str, before: str = "") -> list[str]:
    """Return the interpreter's arguments that run `main()` of a module in `grader.sandbox.inside`.

    They import this `grader`, even if another one is installed. The user's own packages and the current folder are not
    on the import path (`-s`, `-P`).
    """
    this = f"import sys; sys.path.insert(0, {_ROOT!r}); import grader; sys.path.append(sys.path.pop(0)); "
    return ["-s", "-P", "-c", f"{before}{this}from grader.sandbox.inside.{module} import main; main()"]
