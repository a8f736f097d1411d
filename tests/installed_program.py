"""The program as it is installed from a wheel, built and installed once for all test processes."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.version import WHEEL_NAME

ROOT = Path(__file__).parents[1]

FillOnce = Callable[[str, Callable[[Path], object]], Path]
"""Fills a folder of a name once for all test processes, and returns the folder."""


@pytest.fixture(scope="session")
def fill_once(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> FillOnce:
    """Return a function that fills a folder once for all test processes; the others wait for the first."""
    own = tmp_path_factory.getbasetemp()
    base = own.parent if hasattr(request.config, "workerinput") else own

    def fill(name: str, make: Callable[[Path], object]) -> Path:
        folder = base / f"once-{name}"
        with (base / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                unfinished = base / f"once-{name}.unfinished"
                shutil.rmtree(unfinished, ignore_errors=True)  # of a process that failed
                unfinished.mkdir()
                make(unfinished)
                unfinished.rename(folder)
        return folder

    return fill


@pytest.fixture(scope="session")
def full_wheel(fill_once: FillOnce) -> Path:
    """The wheel that `pip wheel` builds from this clone."""

    def build(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT], check=True)

    return fill_once("wheel", build) / WHEEL_NAME


@pytest.fixture(scope="session")
def installed_program(fill_once: FillOnce, full_wheel: Path) -> Path:
    """The folder in which that wheel is installed: as PYTHONPATH it hides the clone."""
    return fill_once("installed", lambda folder: install_wheel(full_wheel, folder))


def install_wheel(wheel: Path, folder: Path) -> None:
    """Install a wheel into a folder of its own; its dependencies are those of this environment."""
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder, wheel], check=True)
