"""Tests of students' folders: archives are opened one level deep, and who has nothing to grade is named."""

import zipfile
from pathlib import Path

import pytest

from grader.core.errors import UnreadableSubmission
from grader.formats.collect import archive
from grader.formats.discover import HAND_IN_SUFFIXES, FoundFile, find_submissions
from grader.formats.student_folders import MAX_ANSWERS, find_empty_handed, open_archives

EXERCISES = ("overview", "losses")


def write(root: Path, *names: str) -> None:
    """Write small files; a name that ends in `/` is an empty folder."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).mkdir() if name.endswith("/") else (root / name).write_text("x = 1\n")


def pack(path: Path, *names: str) -> None:
    """Write an archive of small files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as opened:
        for name in names:
            opened.writestr(name, "x = 1\n")


def find(root: Path) -> list[FoundFile]:
    """Return everything that is found in a folder, as `grader grade` does."""
    found = open_archives(find_submissions([root], EXERCISES, HAND_IN_SUFFIXES), EXERCISES)
    return [*found, *find_empty_handed(root, found, EXERCISES)]


def describe(root: Path) -> list[tuple[str, str | None, str | None]]:
    """Return path, student and exercise of each file; none has a problem."""
    found = find(root)
    assert [one.problem for one in found] == [None] * len(found)
    return [(str(one.path.relative_to(root)), one.student, one.stem_exercise) for one in found]


def test_an_archive_in_a_students_folder(tmp_path: Path) -> None:
    """Its notebooks and named scripts are the student's, helper modules are not; a single file may be named by it."""
    pack(tmp_path / "ada" / "work.zip", "w/losses.py", "w/helper.py", "w/any.ipynb", "__MACOSX/w/._losses.py")
    pack(tmp_path / "bob" / "overview.zip", "main.py")
    pack(tmp_path / "eve__losses.zip", "a.ipynb")
    assert describe(tmp_path) == [
        ("ada/work.zip/w/losses.py", "ada", "losses"),
        ("ada/work.zip/w/any.ipynb", "ada", None),
        ("bob/overview.zip/main.py", "bob", "overview"),
        ("eve__losses.zip/a.ipynb", "eve", "losses"),
    ]
    assert find(tmp_path)[0].read() == b"x = 1\n"


def test_an_archive_that_cannot_be_read(tmp_path: Path) -> None:
    """It is a problem of its student; a file that vanishes meanwhile can't be read."""
    pack(tmp_path / "ada" / "losses.zip", "losses.py")
    write(tmp_path, "bob/losses.zip")
    good, bad = find(tmp_path)
    assert bad.problem is not None
    assert bad.student == "bob"
    assert "not a complete zip archive" in bad.problem
    (tmp_path / "ada" / "losses.zip").write_text("gone")
    with pytest.raises(UnreadableSubmission, match="has changed meanwhile"):
        good.read()


def test_an_archive_of_very_many_files(tmp_path: Path) -> None:
    """Modules beside an answer don't count; one with too many answers is a problem of its student, and none counts."""
    modules = [f"m{i}.py" for i in range(MAX_ANSWERS + 1)]
    pack(tmp_path / "ada" / "work.zip", "losses.py", *modules)
    pack(tmp_path / "bob" / "work.zip", *modules)
    first, second = find(tmp_path)
    assert (first.path.name, first.problem) == ("losses.py", None)
    assert second.student == "bob"
    assert "101 notebooks and scripts, more than 100" in str(second.problem)


def test_one_students_archive_leaves_nobody_elses_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits are those of each student."""
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    pack(tmp_path / "ada" / "1.zip", "a.txt", "b.txt", "losses.py")
    pack(tmp_path / "bob" / "1.zip", "losses.py")
    first, second = find(tmp_path)
    assert "3 members, more than 2" in str(first.problem)
    assert (second.student, second.problem) == ("bob", None)


def test_archives_of_data_are_not_hand_ins(tmp_path: Path) -> None:
    """Beside a student's own work, an archive without a notebook or script is no problem."""
    write(tmp_path / "ada", "losses.py")
    pack(tmp_path / "ada" / "data" / "mnist.zip", "train.csv")
    assert describe(tmp_path / "ada") == [("losses.py", "ada", "losses")]
    assert describe(tmp_path) == [("ada/losses.py", "ada", "losses")]


def test_an_archive_of_nobody(tmp_path: Path) -> None:
    """An archive beside the students' folders, or alone in a folder, may be a whole class: nobody gets its files."""
    pack(tmp_path / "class" / "all.zip", "ada/losses.py", "bob/losses.py")
    (alone,) = find(tmp_path / "class")
    assert (alone.student, "the student is unknown" in str(alone.problem)) == (None, True)
    write(tmp_path / "class", "ada/losses.py")
    assert [one.student for one in find(tmp_path / "class")] == [None, "ada"]


@pytest.mark.parametrize("others", [(), ("zoe/losses.py",)], ids=["alone", "in a class"])
def test_students_without_anything_to_grade(tmp_path: Path, others: tuple[str, ...]) -> None:
    """Whoever handed in only other kinds of file, or nothing, is named with what is there."""
    write(
        tmp_path,
        "ada/losses.ipynb.txt",
        "bob/",
        "bob/.cache",
        "kurt__losses.pdf",
        "roster__x.csv",
        "notes.txt",
        *others,
    )
    write(tmp_path, *(f"eve/{n}.html" for n in range(5)))
    pack(tmp_path / "kim" / "losses.zip", "report.pdf")
    told = {one.student: str(one.problem) for one in find(tmp_path) if one.problem}
    assert set(told) == {"ada", "bob", "eve", "kim", "kurt"}
    assert "only losses.ipynb.txt: ask for" in told["ada"]
    assert "the folder is empty" in told["bob"]
    assert "0.html, 1.html, 2.html and 2 more" in told["eve"]
    assert "losses.zip without a notebook or script in it" in told["kim"]


def test_one_students_folder_names_nobody(tmp_path: Path) -> None:
    """Folders beside a student's own files are that student's; without any, only the student is named."""
    write(tmp_path / "bob", "losses.pdf")
    write(tmp_path / "other", "notes.txt")
    assert [one.student for one in find(tmp_path / "bob")] == ["bob"]
    assert find(tmp_path / "other") == []
    write(tmp_path / "ada", "losses.py", "figures/a.png", "empty/")
    assert describe(tmp_path / "ada") == [("losses.py", "ada", "losses")]
