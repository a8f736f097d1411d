"""Fixtures of the command line's tests: the command, called as a process or in this one, and notebooks."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.course.loader import bundled_course_folder

RIGHT = "def twice(x):\n    return x + x\n"


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output parsed as JSON, one object per line; fails for anything else."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Ran]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every test in an empty folder of its own, outside of a checkout, without settings in the environment."""
    folder = tmp_path / "cwd"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("GRADER_COURSE", "GRADER_DB", "GRADER_LANG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch) -> str:
    """Name the bundled course in the environment, and return the line that `grader check` says of it."""
    monkeypatch.setenv("GRADER_COURSE", str(bundled_course_folder()))
    return "checked against the bundled course, Deep learning, day 1\n"


@pytest.fixture
def process() -> Command:
    """Run `grader` as a process of its own."""

    def run(*arguments: str | Path, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, **environment},
            timeout=200,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def grader(monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `grader` in this process, which saves its start-up time."""

    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["grader", *map(str, arguments)])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Ran(end.value.code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def hand_in(elsewhere: Path) -> Callable[..., Path]:
    """Write a file of a class, `class/STUDENT/NAME`."""

    def write(student: str, data: str | bytes = RIGHT, name: str = "doubling.py") -> Path:
        file = elsewhere / "class" / student / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        return file

    return write


@pytest.fixture
def filled(elsewhere: Path) -> Callable[..., Path]:
    """Fill in softmax in the losses template: start of a line -> the line; `first` is a cell before it."""

    def fill(lines: dict[str, str], first: str = "") -> Path:
        document = json.loads((bundled_course_folder() / "exercises" / "losses.ipynb").read_text("utf-8"))
        left = dict(lines)
        for cell in document["cells"]:
            source = "".join(cell["source"])
            for start, line in lines.items() if "def softmax(" in source else ():
                pattern = re.compile(rf"^ *{re.escape(start)}.*$", re.M)
                source, count = pattern.subn(f"    {line}", source)
                if count:
                    left.pop(start)
            cell["source"] = source
        assert not left, f"the template has no line {left}"
        if first:
            cell = {"cell_type": "code", "id": "first", "metadata": {}, "source": first, "outputs": []}
            document["cells"].insert(0, cell | {"execution_count": None})
        file = elsewhere / "losses.ipynb"
        file.write_text(json.dumps(document))
        return file

    return fill


@pytest.fixture
def url(elsewhere: Path) -> str:
    """Return the database that a command uses by default."""
    return f"sqlite:///{elsewhere / 'grader.db'}"
