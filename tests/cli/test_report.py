"""`grader report`: pages from the records."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.store import Enrolment, Store

Command = Callable[..., Any]
HandIn = Callable[..., Path]


def test_pages_are_written_once(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """There is a page per student and one for the class; a second run changes none."""
    hand_in("ada")
    hand_in("bob", "hello", "doubling.ipynb")
    grader("grade", "class", "--course", course_folder)
    ran = grader("report", "--to", "pages", "--course", course_folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2 pages, 0 unchanged; the class: pages/index.html\n"
    assert "x + x" in Path("pages/ada/doubling.html").read_text()
    assert "is not a notebook" in Path("pages/bob/doubling.html").read_text()
    ran = grader("report", "--to", "pages", "--course", course_folder)
    assert ran.out == "2 pages, 3 unchanged; the class: pages/index.html\n"


def test_the_last_submission_counts(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """Of two submissions the page shows the second."""
    hand_in("ada")
    grader("grade", "class", "--course", course_folder)
    hand_in("ada", "def twice(x):\n    return x * x  # second\n")
    grader("grade", "class", "--course", course_folder)
    grader("report", "--to", "pages", "--course", course_folder, "--student", "ada")
    assert "# second" in Path("pages/ada/doubling.html").read_text()


def test_the_report_of_one_student_has_no_class_page(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """--student writes that student's pages only: no class page, no table, no other's page."""
    for student in ("ada", "bob"):
        hand_in(student)
    grader("grade", "class", "--course", course_folder)
    ran = grader("report", "--to", "pages", "--course", course_folder, "--student", "ada")
    assert ran.out == "1 page, 0 unchanged; below pages/ada\n"
    assert [str(file) for file in Path("pages").rglob("*") if file.is_file()] == ["pages/ada/doubling.html"]
    grader("report", "--to", "pages", "--course", course_folder)
    before = {file: (file.stat().st_ino, file.read_bytes()) for file in Path("pages").rglob("*") if file.is_file()}
    hand_in("ada", "def twice(x):\n    return x * x  # second\n")
    grader("grade", "class", "--course", course_folder)
    assert grader("report", "--to", "pages", "--course", course_folder, "--student", "ada").code == 0
    after = {file: (file.stat().st_ino, file.read_bytes()) for file in Path("pages").rglob("*") if file.is_file()}
    assert {str(file) for file in after if after[file] != before[file]} == {"pages/ada/doubling.html"}
    assert set(after) == set(before)


def test_nothing_graded_is_wrong_use(
    grader: Command, hand_in: HandIn, course_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing or empty database gives one line and exit code 2; nothing is made. A page's line has no command."""
    ran = grader("report", "--to", "pages", "--course", course_folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "grader: sqlite:///grader.db does not exist; check --db; grader grade creates a new database\n"
    assert not Path("grader.db").exists()
    with monkeypatch.context() as on_page:
        on_page.setenv("GRADER_OUTPUT_ON_PAGE", "1")
        ran = grader("report", "--to", "pages", "--course", course_folder)
    assert (ran.code, ran.err) == (2, "sqlite:///grader.db does not exist\n")
    hand_in("ada")
    grader("grade", "class", "--course", course_folder)
    ran = grader("report", "--to", "pages", "--course", course_folder, "--student", "zoe")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "grader: nothing of zoe has been graded yet in this database; run grader grade first\n"
    assert not Path("pages").exists()


def test_an_unwritable_folder_is_one_line(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """A file, or a folder in which nobody may write, root included, is refused in one line."""
    hand_in("ada")
    grader("grade", "class", "--course", course_folder)
    Path("file").touch()
    for place in ("file", "/proc/pages"):
        ran = grader("report", "--to", place, "--course", course_folder)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"grader: {place}")
        assert ran.err.count("\n") == 1
    assert os.path.getsize("file") == 0


def test_the_class_page_names_missing_students(grader: Command, hand_in: HandIn, course_folder: Path, url: str) -> None:
    """Students without a submission are named; tables lie beside the page, and the last attempt counts."""
    hand_in("ada")
    hand_in("bob", "def twice(x):\n    return x * x\n")
    grader("grade", "class", "--course", course_folder)
    with Store.open(url) as store:
        store.people.enroll([Enrolment("zoe", "Zoe")])
        store.record("eve", "doubling", b"def twice(x): ...", "doubling.py")
        store.record("ada", "doubling", b"# later, and not graded yet", "doubling.py")
    ran = grader("report", "--to", "pages", "--course", course_folder)
    assert ran.out.startswith("2 pages, 0 unchanged")
    html = Path("pages/index.html").read_text()
    missing = html[html.index('id="missing"') :].partition("</section>")[0]
    assert "zoe" in missing
    assert "eve" not in missing
    assert "1 submission has" in html
    assert "not been graded yet" in html
    assert "doubling,twice,squared,You squared it.,bob,1" in Path("pages/_class/mistakes.csv").read_text()
