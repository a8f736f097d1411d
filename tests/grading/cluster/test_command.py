"""Tests of `grader grade --scheduler`: its output and records, also if the command itself is killed."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.store import Store
from tests.grading.cluster.ground import RIGHT, SOURCES, Ground, wait_until

SLOW = b"import time\ntime.sleep(0.3)\n"


def _command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "grader", "grade", *map(str, arguments)]


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_")}
    return subprocess.run(_command(*arguments), capture_output=True, text=True, timeout=250, env=environment)


def _timeless(out: str) -> str:
    return re.sub(r'"elapsed_ms": [0-9.e-]+', '"elapsed_ms": 0', out)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rounds", [1, pytest.param(25, marks=pytest.mark.long)])
def test_a_killed_coordinator_can_be_restarted(
    ground: Ground, course_folder: Path, tmp_path: Path, rounds: int
) -> None:
    """After SIGKILL the same command continues; the result equals that of this machine, without duplicates."""
    for number, source in enumerate((*SOURCES.values(), *[RIGHT] * 12)):
        file = tmp_path / "class" / f"s{number:02}" / "doubling.py"
        file.parent.mkdir(parents=True)
        file.write_bytes(SLOW + source + b"\n# %d\n" % number if source else source)
    here = tmp_path / "here.db"
    with Store.open(f"sqlite:///{here}") as store:
        store.secret()
    databases = [tmp_path / f"there{number}.db" for number in range(rounds)]
    for there in databases:
        shutil.copy(here, there)
    common = (tmp_path / "class", "--course", course_folder, "--json", "--db")
    alone = _run(*common, f"sqlite:///{here}")
    ground.start_worker()
    for there in databases:
        options = (*common, f"sqlite:///{there}", "--scheduler", ground.address)
        again = _run_kill_and_rerun(options, f"sqlite:///{there}", random.randint(0, 10) if rounds > 1 else 2)
        assert (again.returncode, again.stderr) == (3, alone.stderr)
        assert _timeless(again.stdout) == _timeless(alone.stdout)
        assert len(again.stdout.splitlines()) == 20


def _run_kill_and_rerun(options: Sequence[str | Path], url: str, gradings: int) -> subprocess.CompletedProcess[str]:
    """Run a command, kill it once this many are graded, and run it again."""
    first = subprocess.Popen(_command(*options), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with Store.open(url) as store:
        wait_until(lambda: store.read_info().gradings >= gradings or first.poll() is not None)
        first.kill()
        first.wait()
        before = store.read_info().gradings
        again = _run(*options)
        assert (store.read_info().gradings, len(list(store.iterate_graded()))) == (20, 20)
    assert gradings <= before < 20
    return again


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--scheduler", "tcp://192.0.2.7:8786"], "is another machine, and tcp:// is not encrypted"),
        (["--scheduler", "tls://192.0.2.7:8786"], "needs certificates"),
        (["--scheduler", "192.0.2.7"], "is not the address of a scheduler"),
        (["--scheduler", "tcp://127.0.0.1:8786", "--workers", "2"], "--workers does not apply to a cluster"),
    ],
)
def test_an_unsafe_scheduler_is_a_usage_error(options: list[str], line: str, tmp_path: Path) -> None:
    """An unsafe scheduler gives exit code 2 and one line, before anything is connected or recorded."""
    ran = _run(tmp_path, "--db", f"sqlite:///{tmp_path / 'grader.db'}", *options)
    assert ran.returncode == 2
    assert line in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "grader.db").exists()
