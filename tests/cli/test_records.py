"""`grader db`, `grader user` and `grader extend`, and the rules on the page.

Covers `cli/db.py`, `cli/extend.py`, `cli/user.py`, `store/db/upgrade.py` and `store/tables/events.py`.
"""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.core.results.policy import Policy
from grader.feedback.file_names import page_name
from grader.store import Store, get_revisions
from grader.store.db.engine import Database
from grader.store.db.schema import migrate_schema

Command = Callable[..., Any]
HandIn = Callable[..., Path]

RULES = """
time_zone = "Europe/Berlin"
[policy]
late_penalty = 0.25
counts = "best"
[exercise.doubling.policy]
deadline = 2031-05-20T23:59:00
"""
DUE = datetime(2031, 5, 20, 21, 59, tzinfo=UTC)


def test_info_describes_the_database(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """`db info` works for people and as JSON; a missing database is not created."""
    ran = grader("db", "info")
    assert (ran.code, ran.out) == (2, "")
    assert "does not exist; check --db" in ran.err
    assert not Path("grader.db").exists()
    hand_in("ada")
    grader("grade", "class", "--course", course_folder)
    data = json.loads(grader("db", "info", "--json").out)
    assert (data["students"], data["submissions"], data["gradings"]) == (1, 1, 1)
    lines = dict(line.split(maxsplit=1) for line in grader("db", "info").out.splitlines())
    assert (lines["url"], lines["students"]) == ("sqlite:///grader.db", "1")


def test_an_older_database_is_reported_and_upgraded(grader: Command, url: str) -> None:
    """`info` changes nothing and names `grader db upgrade`, which upgrades; a second upgrade has nothing to do."""
    database = Database(url)
    migrate_schema(database, "0002")
    database.close()
    ran = grader("db", "info")
    assert ran.out == "revision     0002\n"
    assert "run grader db upgrade" in ran.err
    _, needed = get_revisions(url)
    assert grader("db", "upgrade").out == f"revision 0002 → {needed}\n"
    assert grader("db", "upgrade").out == f"revision {needed}, unchanged\n"
    assert grader("db", "info").err == ""


@pytest.mark.parametrize("command", ["info", "upgrade", "log"])
def test_a_database_from_the_future_is_refused(grader: Command, url: str, command: str) -> None:
    """Every command refuses it in one line, with exit code 3."""
    from sqlalchemy import text

    with Store.open(url):
        pass
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("UPDATE grader_revision SET version_num = '9999'"))
    database.close()
    ran = grader("db", command)
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "written by a newer version of grader (revision '9999'" in ran.err


def test_backup_and_restore(grader: Command, hand_in: HandIn, course_folder: Path, url: str) -> None:
    """Each is one command; later changes are not in the backup, and nothing is overwritten."""
    hand_in("ada")
    grader("grade", "class", "--course", course_folder)
    assert grader("db", "backup", "kept.db").out.startswith("kept.db: ")
    assert grader("db", "backup", "kept.db").code == 3
    hand_in("bob")
    grader("grade", "class", "--course", course_folder)
    assert "exists already: move it" in grader("db", "restore", "kept.db").err
    for file in Path().glob("grader.db*"):
        file.unlink()
    assert grader("db", "restore", "kept.db").code == 0
    with Store.open(url) as store:
        assert [g.submission.student for g in store.iterate_graded()] == ["ada"]


def test_a_student_is_erased_and_it_is_on_record(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """Erasing needs --yes; then all records are gone, and the log says so without the name."""
    hand_in("Lovelace")
    hand_in("bob")
    grader("grade", "class", "--course", course_folder)
    ran = grader("user", "erase", "Lovelace")
    assert (ran.code, ran.out) == (2, "")
    assert "'Lovelace' with 1 submission," in ran.err
    assert "permanently: add --yes" in ran.err
    ran = grader("user", "erase", "Lovelace", "--yes", "--reason", "on request")
    assert ran.out.startswith("erased: 1 submission, 1 grading, 0 marks; on record as student ")
    assert f"delete {page_name('Lovelace', '').parent}/ there, and run grader report again" in ran.err
    (line,) = grader("db", "log", "--json").lines
    assert (line["what"], line["student"]) == ("erased", None)
    assert b"Lovelace" not in Path("grader.db").read_bytes()
    assert grader("user", "erase", "Lovelace", "--yes").code == 3
    assert [x["student"] for x in grader("grade", "--course", course_folder, "--json").lines] == ["bob"]


def test_an_extension_counts_and_is_shown(grader: Command, hand_in: HandIn, course_folder: Path, url: str) -> None:
    """A day late costs a quarter, with an extension nothing; the page shows the calculation on the course's clocks."""
    toml = course_folder / "reference" / "course.toml"
    toml.write_text(toml.read_text() + RULES)
    with Store.open(url) as store:
        for student in ("ada", "bob"):
            late = DUE + timedelta(hours=5)
            store.record(student, "doubling", b"def twice(x):\n    return x + x\n", "doubling.py", late)
    grader("grade", "--course", course_folder)
    ran = grader("extend", "ada", "doubling", "--until", "2031-05-21 12:00", "--course", course_folder)
    assert (ran.code, ran.out) == (0, "ada: doubling until 2031-05-21 12:00 CEST\n")
    grader("report", "--to", "pages", "--course", course_folder)
    ada, bob = (Path(f"pages/{name}/doubling.html").read_text() for name in ("ada", "bob"))
    assert "<b>3</b> of 3 points, from attempt 1" in ada
    assert "Your own deadline was 2031-05-21 12:00 CEST." in ada
    assert "<b>2.25</b> of 3 points, from attempt 1" in bob
    assert "<td>2031-05-21 04:59 CEST</td><td>5 h</td>" in bob
    assert "2.25" in Path("pages/index.html").read_text()
    assert grader("extend", "ada", "doubling", "--withdraw", "--course", course_folder).out.startswith("ada: doubling")
    with Store.open(url) as store:
        rules = {"doubling": Policy(DUE, late_penalty=0.25)}
        assert [s.score for s in store.scores(rules)] == [2.25, 2.25]
    assert [line["what"] for line in grader("db", "log", "--student", "ada", "--json").lines] == ["extended"] * 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ada", "doubling"], "name the new deadline with --until"),
        (["ada", "doubling", "--until", "2031-05-21 12:00", "--withdraw"], "name the new deadline"),
        (["ada", "doubling", "--until", "tomorrow"], "'tomorrow' is not a date and time"),
        (["ada", "doubling", "--until", "0001-01-01 00:00+14:00"], "is out of range"),
        (["ada", "doubling", "--until", "9999-12-31 23:59-12:00"], "is out of range"),
        (["ada", "doubling", "--until", "2031-05-21"], "lacks the time of day"),
        (["ada", "tripling", "--until", "2031-05-21 12:00"], "there is no exercise 'tripling'"),
    ],
)
def test_a_mistyped_extension_is_refused(grader: Command, course_folder: Path, arguments: list[str], says: str) -> None:
    """A mistyped name or time gives one line and exit code 2."""
    ran = grader("extend", *arguments, "--course", course_folder)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err


def test_a_copy_of_the_database_opens(grader: Command, hand_in: HandIn, course_folder: Path) -> None:
    """A backup is a database like any other, and can be named with --db."""
    hand_in("ada")
    grader("grade", "class", "--course", course_folder)
    grader("db", "backup", "kept.db")
    shutil.copy("kept.db", "copy.db")
    assert json.loads(grader("db", "info", "--db", "sqlite:///copy.db", "--json").out)["submissions"] == 1


def test_the_table_shows_the_score_under_the_rules(
    grader: Command, hand_in: HandIn, course_folder: Path, url: str
) -> None:
    """The table shows how a score differs from the points: late, best of two, too many; JSON keeps the points."""
    toml = course_folder / "reference" / "course.toml"
    toml.write_text(toml.read_text() + RULES.replace("[policy]", "[policy]\nattempts = 2"))
    right, wrong = b"def twice(x):\n    return x + x\n", b"def twice(x):\n    return x * x\n"
    early, late = DUE - timedelta(hours=1), DUE + timedelta(hours=5)
    with Store.open(url) as store:
        for student, data, when in (
            ("ada", right, early),
            ("bob", right, late),
            ("cleo", right, early),
            ("cleo", wrong, early),
            ("dora", wrong, early),
            ("dora", wrong + b"#", early),
            ("dora", right, early),
        ):
            store.record(student, "doubling", data, "doubling.py", when)
    table = grader("grade", "--course", course_folder).out
    cells = dict(line.split(maxsplit=1) for line in table.splitlines()[1:])
    assert {student: cell.strip() for student, cell in cells.items()} == {
        "ada": "3 / 3",
        "bob": "2.25 / 3 (1 day late, 3 × 75 %)",
        "cleo": "3 / 3 (attempt 1 of 2)",
        "dora": "0 / 3 (attempt 1 of 3)",
    }
    scores = [line["score"] for line in grader("grade", "--course", course_folder, "--json").lines]
    assert scores == [3.0, 3.0, 3.0, 0.0, 0.0, 0.0, 3.0]
