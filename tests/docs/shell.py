"""Runs the commands of a document, `grader` within this process, which saves its start-up time."""

import contextlib
import io
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.cli import main


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command; `all` is both streams as a terminal shows them."""

    code: int
    out: str
    err: str
    all: str


class Shell:
    """A folder and an environment in which lines of a document run, one after the other."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("GRADER_")]:
            monkeypatch.delenv(name)

    def run(self, line: str) -> str:
        """Run a line, which must succeed, and return what it prints."""
        command, *arguments = shlex.split(line.replace("$PWD", shlex.quote(str(Path.cwd()))))
        if command == "cd":
            self._monkeypatch.chdir(arguments[0])
        elif command == "export":
            for one in arguments:
                self._monkeypatch.setenv(*one.split("=", 1))
        elif command == "grader":
            ran = self.run_grader(*arguments)
            assert ran.code == 0, f"{line}: {ran.all}"
            return ran.all
        else:
            return subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True).stdout
        return ""

    def run_grader(self, *arguments: str) -> Ran:
        """Run `grader` and return its exit code and output."""
        self._monkeypatch.setattr(sys, "argv", ["grader", *arguments])
        both = io.StringIO()
        out, err = _Copied(both), _Copied(both)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Ran(end.value.code, out.getvalue(), err.getvalue(), both.getvalue())


class _Copied(io.StringIO):
    """A stream that also writes to another one."""

    def __init__(self, copy: io.StringIO) -> None:
        super().__init__()
        self._copy = copy

    def write(self, text: str, /) -> int:
        """Write to both."""
        self._copy.write(text)
        return super().write(text)
