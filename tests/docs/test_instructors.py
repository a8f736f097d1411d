"""docs/instructors.md takes a small class from roster to grades: its commands run in order and print what it says."""

import contextlib
import csv
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import main
from grader.course.loader import bundled_course_folder
from grader.services.documents import load_documents

BLOCK = re.compile(r"([^\n]*)\n\n```(\w+)\n(.*?)```", re.S)


class Shell:
    """Runs the lines of a document: `grader` in this process, which saves its start-up time, the rest in bash."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("GRADER_")]:
            monkeypatch.delenv(name)

    def run(self, line: str) -> str:
        """Run a line, which must succeed, and return what it prints."""
        command, *arguments = shlex.split(os.path.expandvars(line.replace("$PWD", os.getcwd())))
        if command == "cd":
            self._monkeypatch.chdir(arguments[0])
        elif command == "export":
            for one in arguments:
                self._monkeypatch.setenv(*one.split("=", 1))
        elif command == "grader":
            return self._run_grader(arguments)
        else:
            return subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True).stdout
        return ""

    def _run_grader(self, arguments: list[str]) -> str:
        self._monkeypatch.setattr(sys, "argv", ["grader", *arguments])
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0, f"grader {shlex.join(arguments)}: {printed.getvalue()}"
        return printed.getvalue()


def matches(shown: str, printed: str) -> bool:
    """Return whether a text is what was printed; `…` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, printed, re.S) is not None


def test_a_class_from_roster_to_grades(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Followed word for word, the page gives rules, a roster, a release, marks, pages, a regrade and the scores."""
    reference = bundled_course_folder() / "reference"
    shutil.copytree(reference, tmp_path / "reference", ignore=shutil.ignore_patterns("__pycache__"))
    shell, printed = Shell(tmp_path, monkeypatch), ""
    for before, language, block in BLOCK.findall(load_documents()["instructors"].markdown):
        if language == "sh":
            printed = "".join(shell.run(line) for line in block.splitlines())
        elif language == "text":
            assert matches(block, printed), f"the page shows\n{block}\nbut printed is\n{printed}"
        else:
            (name,) = re.findall(r"`([\w./-]+)`:$", before)
            Path(name).write_text(block, "utf-8")
    assert Path("for-students.zip").is_file()
    with Path("scores.csv").open(encoding="utf-8-sig", newline="") as file:
        scores = {row["student"]: (row["score"], row["attempts"], row["days_late"]) for row in csv.DictReader(file)}
    assert scores == {"ada": ("24", "1", "0"), "emmy": ("23.5", "1", "0"), "grace": ("23", "2", "0")}
