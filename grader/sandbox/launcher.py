"""What starts children: the protocol that a zygote (`process`) and a plain subprocess (`plain`) share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from grader.sandbox import channel
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
    """What the system says of a child that has ended: how, its processor time (s), its peak memory (bytes).

    `status` is an exit code, or minus the number of the signal that ended it.
    """

    status: int
    cpu: float
    peak: int


class ChildProcess(channel.ChildConnection, Protocol):
    """A running child."""

    def finish(self) -> ChildExit:
        """Kills it and everything below it, if it still runs, and tells how it ended. Raises SandboxFault."""


class Launcher(Protocol):
    """What starts children, one at a time."""

    @property
    def level(self) -> Level:
        """How strong the wall around the children is."""

    def launch(self, memory: int, cpu_seconds: int) -> ChildProcess:
        """A child with `memory` bytes beside the warm interpreter. The one before must have been finished.

        Raises SandboxFault.
        """

    def close(self) -> None:
        """Ends everything that was started."""


def build_python_arguments(module: str, before: str = "") -> list[str]:
    """The interpreter's arguments which run `main()` of a module in `grader.sandbox.inside`.

    It is this very `grader`, wherever else one is installed. The user's own packages and the current folder are no
    places to import from (`-s`, `-P`).
    """
    this = f"import sys; sys.path.insert(0, {_ROOT!r}); import grader; sys.path.append(sys.path.pop(0)); "
    return ["-s", "-P", "-c", f"{before}{this}from grader.sandbox.inside.{module} import main; main()"]
