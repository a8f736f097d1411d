"""Data made with version 0.1.0 still works: its records, its release, a course written for it.

All is done from outside, by the command line. Expected values are in `expected/`; messages of the program aren't part
of it, because their wording may improve. `snapshot.py` compares those too.
"""

import ast
import csv
import hashlib
import json
import lzma
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
COURSE = HERE / "course"
SUBMISSIONS = HERE / "submissions"
WORDED = ("message", "remarks", "says", "hint", "explanations")
"""Keys of a check's result that hold sentences."""
VARYING = ("elapsed_ms", "sandbox", "saved")
"""Keys of a grading that depend on the machine."""


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    @property
    def gradings(self) -> dict[str, Any]:
        """The gradings in its JSON lines, by `student/exercise/submission`."""
        made = [json.loads(line) for line in self.out.splitlines()]
        found = {f"{one['student']}/{one['exercise']}/{one['submission']}": essence(one) for one in made}
        assert len(found) == len(made)
        return found


Command = Callable[..., Ran]


def essence(grading: dict[str, Any]) -> dict[str, Any]:
    """Return a grading without sentences and without values that depend on the machine."""
    if "error" in grading:
        grading = {**grading, "error": bool(grading["error"])}
    questions = [
        {**question, "checks": [unworded(check) for check in question["checks"]]} for question in grading["questions"]
    ]
    return {key: value for key, value in grading.items() if key not in VARYING} | {"questions": questions}


def unworded(check: dict[str, Any]) -> dict[str, Any]:
    """Return a check's result without sentences, but with the decimal numbers in its message."""
    kept = {key: value for key, value in check.items() if key not in WORDED}
    return kept | {"numbers": sorted(re.findall(r"-?\d+\.\d+", check["message"]))}


def expected(name: str) -> Any:
    """Return the result of version 0.1.0."""
    return json.loads((HERE / "expected" / f"{name}.json").read_text("utf-8"))


def unpacked(name: str, to: Path) -> Path:
    """Return a copy of a database made by version 0.1.0."""
    to.write_bytes(lzma.decompress((HERE / f"{name}.db.xz").read_bytes()))
    return to


def totals(database: Path) -> dict[tuple[str, str, int], list[tuple[float, float, float]]]:
    """Return score, highest score and pending points of each recorded grading, by attempt, in order."""
    found: dict[tuple[str, str, int], list[tuple[float, float, float]]] = {}
    asked = """SELECT name, exercise, number, score, max_score, pending
        FROM gradings JOIN submissions ON submissions.id = submission_id JOIN students ON students.id = student_id
        ORDER BY gradings.id"""
    with closing(sqlite3.connect(database)) as connection:
        for student, exercise, number, *points in connection.execute(asked):
            found.setdefault((student, exercise, number), []).append((points[0], points[1], points[2]))
    return found


@pytest.fixture
def grader(tmp_path: Path) -> Command:
    """Run `grader` as a process of its own: `grader(*arguments, course=…, database=…)`."""

    def run(*arguments: object, course: Path = COURSE, database: Path | None = None) -> Ran:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_")}
        url = f"sqlite:///{database or tmp_path / 'none.db'}"
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=tmp_path,
            env={**environment, "GRADER_COURSE": str(course), "GRADER_DB": url},
            capture_output=True,
            encoding="utf-8",
            timeout=200,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def records(tmp_path: Path, grader: Command) -> Path:
    """Return the small class's database of version 0.1.0, upgraded."""
    database = unpacked("class", tmp_path / "class.db")
    upgraded = grader("db", "upgrade", database=database)
    assert upgraded.code == 0, upgraded.err
    return database


def test_old_records_are_opened_whole(records: Path, grader: Command) -> None:
    """After the upgrade, the row counts, the marks and the log's events are the same as before."""
    told = json.loads(grader("db", "info", "--json", database=records).out)
    assert {key: told[key] for key in expected("info")} == expected("info")
    marks = [
        json.loads(line)
        for line in grader("marks", "queue", "--json", "--marked", "--all-attempts", database=records).out.splitlines()
    ]
    assert marks == expected("marks")
    log = [json.loads(line) for line in grader("db", "log", "--json", database=records).out.splitlines()]
    assert [(one["what"], one["student"]) for one in log] == [tuple(one) for one in expected("log")]


def test_regrading_old_records_keeps_the_points(records: Path, grader: Command, tmp_path: Path) -> None:
    """Another version of the course changes no points: each check of every attempt gets its recorded result."""
    before = totals(records)
    assert len(before) == 12
    changed = tmp_path / "changed"
    shutil.copytree(COURSE, changed)
    with (changed / "reference" / "numbers" / "checks.py").open("a") as checks:
        checks.write("\n# a later version\n")
    again = grader("grade", "--regrade", "--json", course=changed, database=records)
    assert again.code == 3, again.err  # eve's notebook can't be read
    gradings = again.gradings
    assert gradings.keys() == expected("regrade").keys()
    assert {one.pop("change") for one in gradings.values()} == {None}
    versions = {one.pop("course_version") for one in gradings.values()} - {""}
    assert len(versions) == 1
    assert gradings == expected("regrade")
    after = totals(records)
    assert {key: points[:-1] for key, points in after.items()} == before
    assert {key: points[-1] for key, points in after.items()} == {key: points[-1] for key, points in before.items()}


def test_old_records_are_reported(records: Path, grader: Command, tmp_path: Path) -> None:
    """Every attempt that counts has a page with its points, and the class's tables are unchanged."""
    to = tmp_path / "report"
    assert grader("report", "--to", to, database=records).code == 0
    made = sorted(file.relative_to(to).as_posix() for file in to.rglob("*.html"))
    assert made == expected("pages")
    page = (to / "bob" / "answers.html").read_text("utf-8")
    assert "16.65" in page
    assert "Not quite" in page
    rows = [[*row[:-1], bool(row[-1])] for row in table(to / "_class" / "students.csv")[1:]]
    assert rows == expected("students")  # the last column is a sentence


def test_old_records_are_exported(records: Path, grader: Command, tmp_path: Path) -> None:
    """The tables for Canvas, Moodle and spreadsheets have the same cells, and the JSON document the same numbers.

    Only the feedback in Moodle's table, which is prose, may differ.
    """
    for kind, options in (("canvas", ()), ("csv", ()), ("moodle", ("--exercise", "numbers"))):
        to = tmp_path / f"{kind}.csv"
        ran = grader("export", "--format", kind, "--to", to, *options, database=records)
        assert ran.code == 0, ran.err
        kept = -1 if kind == "moodle" else None
        before, after = (table(file) for file in (HERE / "expected" / f"{kind}.csv", to))
        assert len(before) > 4
        assert [row[:kept] for row in after] == [row[:kept] for row in before]
    to = tmp_path / "scores.json"
    assert grader("export", "--format", "json", "--to", to, database=records).code == 0
    assert json.loads(to.read_text("utf-8")) == expected("scores")


def table(file: Path) -> list[list[str]]:
    """Return the rows of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_an_old_release_is_checked_against(kind: str, grader: Command, tmp_path: Path) -> None:
    """With a release of version 0.1.0 alone, each visible check of a submission gets the same verdict as then."""
    with zipfile.ZipFile(HERE / "release.zip") as archive:
        archive.extractall(tmp_path / "release")
    files = sorted((SUBMISSIONS / kind).glob("*.py"))
    assert len(files) == 2
    checked = grader("check", *files, "--json", course=tmp_path / "release")
    assert checked.code == (0 if kind == "right" else 1), checked.err
    assert checked.gradings == expected(f"check_{kind}")


def test_an_old_course_is_verified(grader: Command) -> None:
    """`build --check` accepts a course that uses every name of `grader.authoring`, kind of question and setting."""
    proved = grader("build", "--check")
    assert proved.code == 0, proved.err
    assert "2 exercises, 15 questions, 9 known mistakes" in proved.out


def test_an_old_course_uses_all_that_authors_have() -> None:
    """The course imports each public name that `grader.authoring` had in version 0.1.0, and uses it."""
    imported, used = set(), set()
    for name in ("numbers", "answers"):
        for node in ast.walk(ast.parse((COURSE / "reference" / name / "checks.py").read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "grader.authoring":
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Name):
                used.add(node.id)
    assert len(imported) == 26
    assert imported == set(expected("authoring"))
    assert imported <= used


def test_an_old_course_gives_the_same_notebooks(grader: Command, tmp_path: Path) -> None:
    """The files for students are built again, byte for byte as version 0.1.0 built them, but for blanks in prose.

    These have a backslash now, because a line of underscores alone is shown as a horizontal rule.
    """
    copy = tmp_path / "copy"
    shutil.copytree(COURSE / "reference", copy / "reference")
    built = grader("build", course=copy)
    assert built.code == 0, built.err
    before, after = (digests(folder / "exercises") for folder in (COURSE, copy))
    assert len(before) == 3
    assert after == before
    assert b'"\\\\____"' in (copy / "exercises" / "answers.ipynb").read_bytes()


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a folder, by name."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): hash_file(file) for file in files}


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file, without the backslash before a blank in prose."""
    return hashlib.sha256(file.read_bytes().replace(b"\\\\____", b"____")).hexdigest()


def test_answers_to_an_old_course_are_graded_as_then(grader: Command, tmp_path: Path) -> None:
    """Right and wrong submissions get, with the same secret, the same results as then.

    One of them, `seeded`, is right only for the inputs that this secret gave in version 0.1.0.
    """
    database = unpacked("empty", tmp_path / "grading.db")
    assert grader("db", "upgrade", database=database).code == 0
    graded = grader("grade", SUBMISSIONS, "--json", database=database)
    assert graded.code == 0, graded.err
    assert graded.gradings == expected("grade")
    scores = {key: one["score"] for key, one in graded.gradings.items()}
    assert scores["right/numbers/1"] == 15
    assert scores["wrong/numbers/1"] < 5
    checks = {c["name"]: c for q in graded.gradings["seeded/numbers/1"]["questions"] for c in q["checks"]}
    assert checks["d_cube_of_a_cube"]["verdict"] == checks["a_batch"]["verdict"] == "passed"
