"""docs/instructors.md takes a small class from roster to grades: its commands run in order and print what it says."""

import csv
import re
import shutil
from pathlib import Path

import pytest

from grader.course.loader import bundled_course_folder
from grader.services.documents import load_documents
from tests.docs.shell import Shell

BLOCK = re.compile(r"([^\n]*)\n\n```(\w+)\n(.*?)```", re.S)


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
