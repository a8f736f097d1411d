"""Pages are written into a folder."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.report.report import Report
from grader.feedback.write_pages import RENDER_THREADS, write_all_pages

COURSE = "Deep learning, day 1"
TABLES = (
    *("scores", "questions", "checks", "mistakes", "limits", "refusals", "pending", "unreadable", "missing", "late"),
    "students",
)


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, by their relative path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_all_pages_are_written(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """There is one page per student and exercise, in the order of the reports, `index.html` and its tables."""
    written = write_all_pages(reports.values(), tmp_path / "new" / "pages", COURSE)
    assert written.class_page == tmp_path / "new" / "pages" / "index.html"
    names = [str(p.relative_to(tmp_path / "new" / "pages")) for p in written.pages]
    people = ("ada", "ben", "fay", "cleo", "eve", "gil", "dan", "_anonymous")
    assert names == [str(Path(who, "overview.html" if who == "eve" else "losses.html")) for who in people]
    tables = {str(Path("_class", f"{name}.csv")) for name in TABLES}
    assert set(files(tmp_path / "new" / "pages")) == {*names, "index.html"} | tables
    assert written.unchanged == 0


def test_unchanged_pages_are_left_alone(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """A second run rewrites only changed files, which the files' identity shows."""
    first = write_all_pages(reports.values(), tmp_path, COURSE)
    before = {p: p.stat().st_ino for p in (*first.pages, first.class_page)}
    changed = {**reports, "partly": replace(reports["partly"], submission=3)}
    again = write_all_pages(changed.values(), tmp_path, COURSE)
    after = {p: p.stat().st_ino for p in (*again.pages, again.class_page)}
    assert [p.parent.name for p in before if before[p] != after[p]] == ["ada"]
    assert again.unchanged == len(before) - 1


def test_reports_are_not_held(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """Writing is at most a few reports behind reading, so that a large class does not fill the memory."""

    def one_by_one() -> Iterator[Report]:
        for i in range(12):
            assert len(list(tmp_path.rglob("*.html"))) >= i - RENDER_THREADS - 1
            yield replace(reports["partly"], student=f"s{i}")

    assert len(write_all_pages(one_by_one(), tmp_path, COURSE).pages) == 12


def test_hostile_names_stay_inside_and_apart(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """No student's or exercise's name leads out of the folder or to another's page, in any case."""
    names = [
        "../../evil",
        "/abs",
        "Ada",
        "ada",
        "ADA",
        "a\x00b",
        "con",
        "..",
        "",
        "a/b",
        "a\\b",
        "é",
        "\ud800",
        "x" * 999,
    ]
    hostile = [replace(reports["partly"], student=n, exercise=e) for n in names for e in ("losses", "../x")]
    written = write_all_pages(hostile, tmp_path / "pages", COURSE)
    assert len({str(p).lower() for p in written.pages}) == len(hostile)
    assert os.listdir(tmp_path) == ["pages"]
    assert all(p.resolve().is_relative_to(tmp_path / "pages") for p in written.pages)


def test_the_last_report_of_a_students_exercise_stays(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """Two reports of one student's exercise make one page, that of the later report."""
    written = write_all_pages([reports["partly"], replace(reports["partly"], submission=7)], tmp_path, COURSE)
    assert len(written.pages) == 1
    assert "submission 7" in written.pages[0].read_text("utf-8")


def test_links_of_the_class_page_lead_to_pages(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """The class page links to every student's page by its relative path."""
    written = write_all_pages(reports.values(), tmp_path, COURSE)
    html = written.class_page.read_text("utf-8")
    for page in written.pages:
        assert f'href="{page.relative_to(tmp_path).as_posix()}"' in html


def test_a_file_in_the_folders_place_is_wrong_use(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """If a file is in the folder's place, one clear message says so before any report is requested."""
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(UsageError, match="taken is a file; pages need a folder"):
        write_all_pages(reports.values(), tmp_path / "taken", COURSE)
    with pytest.raises(UsageError, match="can't be written"):
        write_all_pages(reports.values(), tmp_path / "taken" / "below", COURSE)
    assert files(tmp_path) == {"taken": b"mine"}


def test_a_failed_write_leaves_the_old_page(tmp_path: Path, reports: Mapping[str, Report]) -> None:
    """If a page can't be replaced, no partial page and no temporary file is left."""
    (tmp_path / "ada" / "losses.html").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"losses\.html can't be written"):
        write_all_pages([reports["partly"]], tmp_path, COURSE)
    assert files(tmp_path) == {}
