"""`grader export`: the scores of a class in files for other systems.

Covers `cli/safe_write.py` and `cli/export_options.py`.
"""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.formats.export.registry import EXPORT_FORMATS
from grader.store import Enrolment, Store

Command = Callable[..., Any]
HandIn = Callable[..., Path]

HALF = "import numpy as np\ndef twice(x):\n    return x + x if np.ndim(x) == 1 else x\n"
TEMPLATE = "Student,ID,SIS Login ID,Section,Doubling (7)\n    Points Possible,,,,3\nAda,1,ada,A,\nZoe,9,zoe,A,2\n"


@pytest.fixture
def graded(grader: Command, hand_in: HandIn, course_folder: Path) -> Path:
    """Grade ada, who is right, and bob, who is partly right. Return the course's folder."""
    hand_in("ada")
    hand_in("bob", HALF)
    assert grader("grade", "class", "--course", course_folder).code == 0
    return course_folder


def test_a_table_overwrites_other_content_only_with_force(grader: Command, graded: Path, hand_in: HandIn) -> None:
    """The same content changes nothing; other content is refused without --force; nothing else is written."""
    call = ("export", "--format", "csv", "--to", "out/scores.csv", "--course", graded)
    ran = grader(*call)
    assert (ran.code, ran.out, ran.err) == (0, "out/scores.csv: 2 students\n", "")
    rows = list(csv.DictReader(Path("out/scores.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["student"], row["score"], row["max_score"]) for row in rows] == [("ada", "3", "3"), ("bob", "1", "3")]
    assert grader(*call).out == "out/scores.csv: 2 students, unchanged\n"
    before = Path("out/scores.csv").read_bytes()
    hand_in("cleo")
    grader("grade", "class", "--course", graded)
    ran = grader(*call)
    assert (ran.code, ran.out) == (2, "")
    assert "exists already with other contents" in ran.err
    assert Path("out/scores.csv").read_bytes() == before
    assert grader(*call, "--force").code == 0
    assert [path.name for path in Path("out").iterdir()] == ["scores.csv"]


def test_json_has_every_attempt_and_the_rules(grader: Command, graded: Path, hand_in: HandIn) -> None:
    """The score is that of the attempt that counts, under the rules; the other attempts are listed beside it."""
    toml = graded / "reference" / "course.toml"
    toml.write_text(toml.read_text() + '[policy]\ncounts = "best"\n')
    hand_in("ada", HALF)
    grader("grade", "class", "--course", graded)
    grader("export", "--format", "json", "--to", "scores.json", "--course", graded)
    document = json.loads(Path("scores.json").read_text("utf-8"))
    assert document["exercises"][0]["policy"]["counts"] == "best"
    (score,) = document["students"][0]["scores"]
    assert (score["score"], score["attempt"]) == (3.0, 1)
    assert [(a["points"], a["counts"]) for a in score["attempts"]] == [(3.0, True), (1.0, False)]


def test_a_gradebook_of_canvas_is_filled_in(grader: Command, graded: Path) -> None:
    """Ada's score is filled in; students in only one of the two are named on standard error."""
    Path("gradebook.csv").write_text(TEMPLATE)
    ran = grader("export", "--format", "canvas", "--template", "gradebook.csv", "--to", "up.csv", "--course", graded)
    assert (ran.code, ran.out) == (
        0,
        "up.csv: 1 score; 3 rows read: 1 filled, 2 left out (1 not a student's, 1 not in the records)\n",
    )
    assert "Zoe of the template" in ran.err
    assert "bob: no row" in ran.err
    assert Path("up.csv").read_text().splitlines()[1:] == ["    Points Possible,,,,3", "Ada,1,ada,A,3"]


def test_moodle_takes_names_from_the_roster(grader: Command, graded: Path, url: str) -> None:
    """Without a template, the result is a table for the grade import, with comments."""
    with Store.open(url) as store:
        store.people.enroll([Enrolment("ada", email="a@x.org"), Enrolment("bob", email="b@x.org"), Enrolment("dora")])
    ran = grader("export", "--format", "moodle", "--to", "up.csv", "--course", graded)
    assert (ran.code, ran.out, ran.err) == (0, "up.csv: 2 scores\n", "")
    rows = list(csv.reader(Path("up.csv").read_text("utf-8").splitlines()))
    assert rows[0][:3] == ["username", "email", "Doubling"]
    assert rows[2][:3] == ["bob", "b@x.org", "1"]
    assert rows[2][3].startswith("Points: 1 of 3<br>Twice: 1 of 3.")


def test_gradescope_has_a_file_for_every_submission(grader: Command, graded: Path) -> None:
    """Hidden checks keep their visibility, and their values are not in the file."""
    ran = grader("export", "--format", "gradescope", "--to", "results", "--hidden", "hidden", "--course", graded)
    assert ran.out == "results: 2 submissions, 2 new or changed\n"
    document = json.loads(Path("results/bob/doubling/1/results.json").read_text())
    assert document["score"] == 1.0
    visible, hidden = document["tests"]
    assert (visible["visibility"], visible["status"]) == ("visible", "passed")
    assert (hidden["visibility"], hidden["status"], hidden["score"]) == ("hidden", "failed", 0.0)
    assert not any(character.isdigit() for character in hidden["output"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--format", "xls"), f"choose one of {', '.join(EXPORT_FORMATS)}"),
        (("--format", "csv", "--template", "a.csv"), "--template is only for canvas and moodle"),
        (("--format", "json", "--column", "doubling=x"), "--column is only for canvas"),
        (("--format", "canvas", "--column", "x"), "write EXERCISE=NAME"),
        (("--format", "canvas", "--template", "none.csv"), "name the file that was downloaded"),
        (("--format", "moodle", "--template", "none.csv"), "name the exercise with --exercise"),
        (("--format", "gradescope", "--hidden", "visible"), "choose one of after_published, hidden"),
        (("--format", "csv", "--exercise", "nothing"), "there is no exercise 'nothing'"),
    ],
)
def test_contradictory_options_are_wrong_use(
    grader: Command, graded: Path, arguments: tuple[str, ...], says: str
) -> None:
    """Contradictory options give one line, exit code 2 and no file."""
    ran = grader("export", "--to", "out.csv", "--course", graded, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not Path("out.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "--to", "x"),
        ("export", "--format", "csv", "--to", "x"),
        ("marks", "queue"),
        ("marks", "export"),
        ("marks", "show", "1"),
        ("db", "info"),
        ("db", "log"),
        ("grade",),
        ("grade", "--regrade", "--dry-run"),
        ("user", "erase", "ada", "--yes"),
    ],
)
def test_a_mistyped_database_is_not_created(grader: Command, elsewhere: Path, arguments: tuple[str, ...]) -> None:
    """Commands that only read records say that the database doesn't exist."""
    ran = grader(*arguments, "--db", "sqlite:///graeder.db")
    assert (ran.code, ran.out) == (2, "")
    remedy = "check --db; grader grade creates a new database"
    if arguments[0] == "grade":
        remedy = "name the folder of what was handed in: grader grade DIR; or name other records with --db"
    assert ran.err == f"grader: sqlite:///graeder.db does not exist; {remedy}\n"
    assert not list(elsewhere.iterdir())


def test_a_table_of_marks_is_not_overwritten(grader: Command, graded: Path) -> None:
    """A table that a person has filled in is only overwritten with --force."""
    call = ("marks", "export", "--to", "marks.csv", "--course", graded)
    assert grader(*call).code == 0
    Path("marks.csv").write_text("filled in\n")
    ran = grader(*call)
    assert (ran.code, Path("marks.csv").read_text()) == (2, "filled in\n")
    assert grader(*call, "--force").code == 0
    assert Path("marks.csv").read_text("utf-8-sig").startswith("submission,student,")
