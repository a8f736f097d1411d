"""`grader collect`: downloads of an LMS and folders are recorded; uncertain files are listed, decided, recorded.

Covers `cli/adopt.py`.
"""

import csv
import io
import json
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.store import Store

Command = Callable[..., Any]
HandIn = Callable[..., Path]

PAST = "[policy]\ndeadline = 2020-05-20T12:00:00\n"
DUE = datetime(2020, 5, 20, 12, tzinfo=UTC)
METADATA = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: ada
    :email: ada@example.org
  :created_at: 2020-05-20 13:30:00.000000000 +01:30
submission_2:
  :submitters:
  - :name: Grace Hopper
    :sid: grace
  - :name: Emmy Noether
    :sid: emmy
  :created_at: 2020-05-21 12:00:00.500000000 Z
"""


def work(number: int = 1) -> str:
    """Return a script for the small course, one of many."""
    return f"def twice(x):\n    return x + x  # {number}\n"


def notebook(source: str, exercise: str | None = "doubling") -> str:
    """Return a notebook, with or without the name of its exercise."""
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
    metadata = {"grader": {"exercise": exercise}} if exercise else {}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [cell]})


def zipped(name: str, files: Mapping[str, str | bytes]) -> Path:
    """Write an archive into the current folder."""
    path = Path(name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for member, data in files.items():
            opened.writestr(member, data)
    return path


@pytest.fixture
def collect(grader: Command, course_folder: Path) -> Command:
    """Run `grader collect` for the small course."""

    def run(*arguments: str | Path) -> Any:
        return grader("collect", *arguments, "--course", course_folder)

    return run


@pytest.fixture
def rules(course_folder: Path) -> Callable[[str], None]:
    """Add rules to the small course."""

    def add(text: str) -> None:
        with (course_folder / "reference" / "course.toml").open("a") as file:
            file.write(text)

    return add


def on_record(url: str) -> set[tuple[str, str, int]]:
    """Return student, exercise and attempt of all submissions."""
    with Store.open(url) as store:
        return {(one.student, one.exercise, one.number) for one in store.submissions()}


@pytest.fixture(params=["zip", "folder"])
def given(request: pytest.FixtureRequest) -> Callable[[Mapping[str, str]], Path]:
    """Write a download, as an archive or unpacked."""

    def make(files: Mapping[str, str]) -> Path:
        path = zipped("download.zip", files)
        if request.param == "zip":
            return path
        with zipfile.ZipFile(path) as opened:
            opened.extractall("unpacked")
        return Path("unpacked")

    return make


def test_canvas(collect: Command, given: Callable[..., Path], database_url: str) -> None:
    """Students are found by Canvas id, which is recorded; repeats add nothing; a later attempt is the second."""
    files = {
        "lovelaceada_4711_1_doubling.py": work(1),
        "hoppergrace_4712_2_my work.ipynb": notebook(work(2)),
        "noetheremmy_4713_3_report.pdf": "%PDF",
    }
    ran = collect(given(files), "--db", database_url)
    assert (ran.code, ran.out) == (3, "recorded 2, 1 refused\n")
    assert "canvas, 2 notebooks and scripts; 1 other file is ignored" in ran.err
    assert "of noetheremmy: nothing that can be graded, only noetheremmy_4713_3_report.pdf" in ran.err
    assert collect(given(files), "--db", database_url).out == "recorded 0, 2 already recorded, 1 refused\n"
    again = {"lovelaceada_4711_9_doubling-1.py": work(3), "countessof_4711_8_doubling.py": work(1)}
    assert collect(given(again), "--db", database_url, "--from", "canvas").out.startswith("recorded ")
    assert on_record(database_url) == {
        ("lovelaceada", "doubling", 1),
        ("lovelaceada", "doubling", 2),
        ("hoppergrace", "doubling", 1),
    }


def test_moodle(collect: Command, given: Callable[..., Path], url: str) -> None:
    """Students are found by full name; two with one name are undecided until the grading worksheet tells them apart."""
    files = {
        "Ada Lovelace_11_assignsubmission_file/doubling.py": work(1),
        "Li Wei_12_assignsubmission_file/deep/doubling (2).py": work(2),
        "Li Wei_13_assignsubmission_file/doubling.py": work(3),
        "Li Wei_13_assignsubmission_onlinetext/onlinetext.html": "<p>",
    }
    ran = collect(given(files))
    assert ran.code == 3
    assert ran.out.startswith("recorded 1, 2 undecided\n")
    Path("worksheet.csv").write_text(
        "Identifier,Full name,Email address\nParticipant 12,Li Wei,li1@x.org\nParticipant 13,Li Wei,li2@x.org\n"
        "Participant 11,Ada Lovelace,ada@x.org\n"
    )
    ran = collect(given(files), "--roster", "worksheet.csv")
    assert ran.code == 0
    assert {("li1@x.org", "doubling", 1), ("li2@x.org", "doubling", 1)} <= on_record(url)


def test_gradescope(
    collect: Command, given: Callable[..., Path], rules: Callable[[str], None], database_url: str
) -> None:
    """A group's file is recorded for each member; the time is the metadata's, and lateness follows from it."""
    rules(PAST)
    root = "assignment_8_export/"
    files = {
        f"{root}submission_metadata.yml": METADATA,
        f"{root}submission_1/doubling.py": work(1),
        f"{root}submission_1/helper.py": "x = 1\n",
        f"{root}submission_2/any name.ipynb": notebook(work(2)),
    }
    ran = collect(given(files), "--db", database_url, "--json")
    assert ran.code == 0
    told = {one["student"]: one for one in ran.lines if one["status"] == "recorded"}
    assert {name: one["late"] for name, one in told.items()} == {"ada": False, "grace": True, "emmy": True}
    assert [one["status"] for one in ran.lines if "helper" in one["file"]] == ["left_out"]
    with Store.open(database_url) as store:
        moments = {one.student: one.received_at for one in store.submissions()}
    assert moments["ada"] == DUE
    assert moments["emmy"] == moments["grace"] == DUE + timedelta(days=1, seconds=0.5)
    assert told["emmy"]["received_at"] == "2020-05-21T12:00:00.500000+00:00"


def test_nbgrader(collect: Command, given: Callable[..., Path], rules: Callable[[str], None], url: str) -> None:
    """Student and exercise come from the folders, the time from the timestamp.

    CEST has one meaning and is understood; a time in IST, which has three, waits for a person.
    """
    rules(PAST)
    files = {
        "submitted/ada/doubling/problem.ipynb": notebook(work(1), None),
        "submitted/ada/doubling/timestamp.txt": "2020-05-20 11:59:59.5 UTC",
        "submitted/bob/doubling/problem.ipynb": notebook(work(2), None),
        "submitted/eve/doubling/problem.ipynb": notebook(work(4), None),
        "submitted/eve/doubling/timestamp.txt": "2020-05-20 13:59:59.5 CEST",
        "submitted/kim/doubling/problem.ipynb": notebook(work(5), None),
        "submitted/kim/doubling/timestamp.txt": "2020-05-20 13:59:59.5 IST",
        "source/doubling/problem.ipynb": notebook(work(3)),
    }
    ran = collect(given(files), "--json")
    ada, bob, eve, kim = ran.lines
    assert (ada["student"], ada["status"], ada["late"]) == ("ada", "recorded", False)
    assert (bob["student"], bob["status"]) == ("bob", "undecided")
    assert "time of submission" in bob["why"]
    assert (eve["status"], eve["received_at"]) == ("recorded", "2020-05-20T11:59:59.500000+00:00")
    assert (kim["status"], "IST" in kim["why"]) == ("undecided", True)
    assert on_record(url) == {("ada", "doubling", 1), ("eve", "doubling", 1)}


def test_folders(collect: Command, hand_in: HandIn, url: str) -> None:
    """A folder per student and single files with both names are read; an archive of a folder gives the same."""
    hand_in("ada", work(1))
    hand_in("bob", work(2), "doubling (1).py")
    hand_in("bob", work(3), "doubling.py")
    hand_in(".", work(4), "eve__doubling.py")
    assert collect("class").out == "recorded 4\n"
    expected = {("ada", "doubling", 1), ("bob", "doubling", 1), ("bob", "doubling", 2), ("eve", "doubling", 1)}
    assert on_record(url) == expected
    packed = zipped(
        "class.zip", {f"class/{p.relative_to('class')}": p.read_bytes() for p in Path("class").rglob("*.py")}
    )
    assert collect(packed).out == "recorded 0, 4 already recorded\n"
    with Store.open(url) as store:
        assert [store.read_content(one.id).decode() for one in store.submissions(student="bob")] == [work(3), work(2)]


def test_undecided_files_are_decided_in_a_table(collect: Command, url: str) -> None:
    """The table contains the known values, is filled in, and is read; lines left empty stay undecided."""
    Path("roster.csv").write_text("id;name\nada;Ada Lovelace\ngrace;Grace Hopper\n")
    path = zipped(
        "download.zip",
        {
            "lovelaceada_1_1_homework.py": "answer = 1\n",
            "hoppergracem_2_2_doubling.py": work(2),
            "unknown_3_3_doubling.py": work(3),
            "test_4_4_doubling.py": work(4),
        },
    )
    ran = collect(path, "--roster", "roster.csv", "--undecided", "undecided.csv")
    assert ran.code == 3
    assert ran.out.startswith("recorded 0, 4 undecided\nfile ")
    assert "--decisions undecided.csv" in ran.err
    with open("undecided.csv", encoding="utf-8-sig", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    assert rows["download.zip/lovelaceada_1_1_homework.py"]["student"] == "ada"
    assert rows["download.zip/hoppergracem_2_2_doubling.py"]["exercise"] == "doubling"
    rows["download.zip/lovelaceada_1_1_homework.py"]["exercise"] = "doubling"
    rows["download.zip/hoppergracem_2_2_doubling.py"]["student"] = "grace"
    rows["download.zip/test_4_4_doubling.py"]["student"] = "-"
    with open("decided.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows["download.zip/test_4_4_doubling.py"]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows.values())
    ran = collect(path, "--decisions", "decided.csv", "--json")
    assert re.search(r"^decisions: \d+ rows? read, \d+ taken, \d+ left out.*\s*\Z", ran.err, re.M)
    assert ran.code == 3
    statuses = sorted(one["status"] for one in ran.lines)
    assert statuses == ["left_out", "recorded", "recorded", "undecided"]
    assert on_record(url) == {("ada", "doubling", 1), ("grace", "doubling", 1)}
    later = zipped("later.zip", {"hoppergracem_2_9_doubling-1.py": work(9)})
    assert collect(later).out == "recorded 1\n"
    assert ("grace", "doubling", 2) in on_record(url)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("x.py,adda,,", "line 2 of the decisions: 'adda' is not on the roster"),
        ("x.py,Ada,,", "the student 'Ada' is unknown, but 'ada' exists"),
        ("x.py,ada,nothing,", "the exercise 'nothing' does not exist"),
        ("x.py,ada,,yesterday", "is not a date and time"),
    ],
)
def test_mistakes_in_decisions(collect: Command, hand_in: HandIn, url: str, row: str, why: str) -> None:
    """A mistyped student, exercise or time is reported, and nothing is recorded."""
    Path("roster.csv").write_text("id,name\nada,Ada Lovelace\n")
    assert collect("--roster", "roster.csv").code == 0
    Path("decisions.csv").write_text(f"file,student,exercise,received_at\n{row}\n")
    hand_in("ada", work(1))
    ran = collect("class", "--decisions", "decisions.csv")
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert on_record(url) == set()


def test_files_without_a_time_after_the_deadline(
    collect: Command, hand_in: HandIn, rules: Callable[[str], None], url: str
) -> None:
    """After the deadline, files without a time are undecided until `--received` gives one, which is kept."""
    rules(PAST)
    hand_in("ada", work(1))
    ran = collect("class")
    assert (ran.code, on_record(url)) == (3, set())
    assert "--received" in ran.out
    assert collect("class", "--received", "2020-05-20 12:00").out == "recorded 1\n"
    (said,) = collect("class", "--json").lines
    assert (said["status"], said["is_new"], said["late"]) == ("recorded", False, False)
    assert said["received_at"] == "2020-05-20T12:00:00+00:00"


def test_lateness_in_canvas(collect: Command, rules: Callable[[str], None], url: str) -> None:
    """Files in time by Canvas are in time; late ones wait for a time, which can't be before the deadline."""
    rules(PAST)
    path = zipped("a.zip", {"a_1_1_doubling.py": work(1), "b_LATE_2_2_doubling.py": work(2)})
    ran = collect(path, "--json")
    told = {one["student"]: one for one in ran.lines}
    assert (told["a"]["late"], told["a"]["received_at"]) == (False, "2020-05-20T12:00:00+00:00")
    assert told["b"]["status"] == "undecided"
    assert collect(path, "--received", "2020-05-20 11:00").code == 3
    ran = collect(path, "--received", "2020-05-20 13:00")
    assert (ran.code, ran.out) == (0, "recorded 1 (1 late), 1 already recorded\n")


def test_exercises(collect: Command, url: str) -> None:
    """Files that don't name their exercise get the one of `--exercise`; a file that names another is undecided.

    A file that defines what only one exercise asks for is recognized, whatever it is called.
    """
    assert collect(zipped("recognized.zip", {"d_4_4_homework.py": work(1)})).code == 0
    assert on_record(url) == {("d", "doubling", 1)}
    path = zipped(
        "a.zip",
        {
            "a_1_1_homework.py": "answer = 1\n",
            "b_2_2_x.ipynb": notebook("x = 1", "other"),
            "c_3_3_y.ipynb": "no notebook",
        },
    )
    assert collect(path).code == 3
    assert on_record(url) == {("d", "doubling", 1)}
    ran = collect(path, "--exercise", "doubling", "--json")
    assert ran.code == 3
    told = {one["student"]: one for one in ran.lines}
    assert told["a"]["status"] == "recorded"
    assert "'other', which does not exist" in told["b"]["why"]
    assert told["c"]["status"] == "recorded"
    assert "is not a notebook" in told["c"]["why"]


def test_hostile_members_never_stop_the_others(collect: Command, url: str) -> None:
    """Each bad file gets one line with its name and the reason; exit code 3; nothing is written to disk."""
    path = zipped(
        "a.zip",
        {
            "../../evil_9_9_doubling.py": work(0),
            "bomb_8_8_doubling.py": b"#" * 9_000_000,
            "lovelaceada_1_1_doubling.py": work(1),
            "x\x1b]0;_7_7_doubling.zip": b"PK",
        },
    )
    before = set(Path("..").rglob("*"))
    ran = collect(path)
    assert (ran.code, ran.out) == (3, "recorded 1, 3 refused\n")
    lines = ran.err.splitlines()
    words = ("out of the archive", "bomb", "archive")
    assert [word in line for word, line in zip(words, lines[1:], strict=True)] == [True] * 3
    assert all(line.startswith("refused: a.zip/") and line.isprintable() for line in lines[1:])
    assert {file.name for file in set(Path("..").rglob("*")) - before} <= {
        "grader.db",
        "grader.db-wal",
        "grader.db-shm",
    }
    assert on_record(url) == {("lovelaceada", "doubling", 1)}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "name a folder"),
        (["nowhere"], "does not exist"),
        (["class", "--from", "blackboard"], "choose one of: gradescope"),
        (["class", "--exercise", "nothing"], "no exercise"),
        (["class", "--received", "soon"], "is not a date and time"),
        (["class", "--roster", "nowhere"], "can't be read"),
        (["empty"], "empty contains no notebook"),
    ],
)
def test_wrong_use(collect: Command, hand_in: HandIn, arguments: list[str], why: str) -> None:
    """Wrong use gives one line and exit code 2."""
    hand_in("ada")
    Path("empty").mkdir()
    ran = collect(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert ran.err.splitlines()[-1].startswith("grader: ")


def test_a_table_that_is_filled_in_is_never_overwritten(collect: Command, hand_in: HandIn) -> None:
    """`--undecided` accepts new files only."""
    hand_in("ada")
    Path("mine.csv").write_text("file,student\n")
    assert collect("class", "--undecided", "mine.csv").code == 2
    assert Path("mine.csv").read_text() == "file,student\n"


def test_an_interrupted_run_is_continued(course_folder: Path, grader: Command, url: str) -> None:
    """Files recorded before a kill are kept; the next run records the rest, and nothing twice."""
    count = 1500
    path = zipped("a.zip", {f"s{i:04}/doubling.py": work(i) for i in range(count)})
    call = [sys.executable, "-m", "grader", "collect", str(path), "--course", str(course_folder)]
    process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not (Path("grader.db").exists() and _count(url)):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(100)
    before = _count(url)
    assert before > 0
    ran = grader("collect", path, "--course", course_folder)
    assert ran.code == 0
    assert f"recorded {count - before}" in ran.out
    assert on_record(url) == {(f"s{i:04}", "doubling", 1) for i in range(count)}


def _count(url: str) -> int:
    """Return the number of recorded submissions; none while the tables are being made."""
    import sqlite3

    with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'submissions'").fetchone():
            return 0
        return int(connection.execute("SELECT COUNT(*) FROM submissions").fetchone()[0])


def test_collected_files_are_graded(collect: Command, grader: Command, course_folder: Path) -> None:
    """`grader grade` without paths grades the collected files."""
    collect(zipped("a.zip", {"lovelaceada_1_1_doubling.py": work(1)}))
    ran = grader("grade", "--course", course_folder, "--json")
    (said,) = ran.lines
    assert (said["student"], said["score"]) == ("lovelaceada", 3.0)


@pytest.fixture
def later_roster(collect: Command, hand_in: HandIn) -> Path:
    """Collect four students by name, and write the roster that comes later."""
    for student in ("Ada Lovelace", "Liz Meyer", "kurt", "Hopper Grace"):
        hand_in(student, work(1))
    assert collect("class").out == "recorded 4\n"
    roster = Path("roster.csv")
    roster.write_text("id,name\na1,ada lovelace\ne1,Elisabeth Meyer\nz1,Zoe\ng1,Grace Hopper\n")
    return roster


def test_a_later_roster_adopts_or_says_how(collect: Command, later_roster: Path, url: str) -> None:
    """The same name is adopted; for a similar one the command is printed that settles it; nothing is doubled."""
    ran = collect("--roster", later_roster)
    assert ran.code == 3
    assert "adopted: Ada Lovelace is a1 now" in ran.err
    assert "--adopt 'Liz Meyer=e1'" in ran.err
    assert ran.err.splitlines()[-1].endswith("4 rows read, 2 taken, 2 left out (waiting for a decision)")
    assert {who for who, *_ in on_record(url)} == {"a1", "Liz Meyer", "kurt", "Hopper Grace"}
    ran = collect("--roster", later_roster, "--adopt", "Liz Meyer=e1", "--adopt", "Hopper Grace=")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "on the roster: 4 students; 4 rows read, 4 taken, 0 left out")
    assert {who for who, *_ in on_record(url)} == {"a1", "e1", "kurt", "Hopper Grace"}
    assert collect("--roster", later_roster, "--adopt", "Liz Meyer=e1").code == 0
    assert collect("class", "--adopt", "kurt=z1").code == 2
    assert collect("class").out == "recorded 0, 4 already recorded\n"  # the folders have the names of before


def test_questions_of_a_later_roster_are_asked_in_a_terminal(
    grader: Command, course_folder: Path, later_roster: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number chooses, 0 is nobody, anything else asks again; Enter leaves the question open."""

    monkeypatch.setattr(sys, "stdin", io.StringIO("9\nx\n1\n\n"))
    monkeypatch.setattr("grader.cli.adopt.is_terminal", lambda: True)
    ran = grader("collect", "--roster", later_roster, "--course", course_folder)
    assert ran.code == 3
    assert ran.err.count("Number, or Enter") == 4
    names = {who for who, *_ in on_record(url)}
    assert ("g1" in names) != ("e1" in names)
    monkeypatch.setattr(sys, "stdin", io.StringIO("0\n"))
    assert grader("collect", "--roster", later_roster, "--course", course_folder).code == 0
