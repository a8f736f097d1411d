"""docs/marking.md names the columns of a table of marks, and says what a mark does."""

import json
import re
from pathlib import Path

import pytest

from grader.formats.marks_table import MARKS_COLUMNS
from grader.services.documents import load_documents
from tests.docs.shell import Shell

MARKDOWN = load_documents()["marking"].markdown


def test_every_column_of_the_table_is_listed() -> None:
    """The table has the columns of `grader marks export`, in their order; three of them are to be filled in."""
    rows = re.findall(r"^\| `(\w+)` \| .* \| (yes|no) \|$", MARKDOWN, re.M)
    assert [column for column, _ in rows] == list(MARKS_COLUMNS)
    assert [column for column, fill_in in rows if fill_in == "yes"] == ["points", "items", "comment"]


def test_a_mark_corrects_a_graded_question(
    course_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark of a code question replaces the points of its checks, and survives a regrade."""
    assert "A mark may also correct\n  a question that the program graded" in MARKDOWN
    shell = Shell(tmp_path, monkeypatch)
    monkeypatch.setenv("GRADER_COURSE", str(course_folder))
    Path("class", "ada").mkdir(parents=True)
    Path("class", "ada", "doubling.py").write_text("def twice(x):\n    return x * x\n")
    shell.run("grader grade class")
    shell.run('grader marks set 1 twice 2.5 --comment "The idea is right."')
    (course_folder / "reference" / "course.toml").open("a").write("\n[limits]\ncpu = 9\n")
    shell.run("grader grade --regrade")
    (line,) = shell.run_grader("grade", "--json").out.splitlines()
    assert json.loads(line)["score"] == 2.5
