"""`grader demo`: the whole path on a sample class, run once for all tests of a session, from an installed wheel.

Covers `services/demo.py`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.core.results.grading import Grading
from grader.course.demo_class import DEMO_STUDENTS
from grader.course.loader import bundled_course_folder, load_course
from grader.store import Store
from tests.installed_program import ROOT, FillOnce

Command = Callable[..., Any]
pytestmark = pytest.mark.timeout(900)  # whichever test comes first waits for the demo


@dataclass(frozen=True)
class Demo:
    """The folder of the demo, and the output of its first and second run."""

    folder: Path
    first: str
    second: str


@pytest.fixture(scope="session")
def demo(fill_once: FillOnce, installed_program: Path) -> Demo:
    """Run `grader demo` twice in one folder, once for all test processes: from an installed wheel, from the clone."""

    def make(folder: Path) -> None:
        (folder / "place").mkdir()
        for name, program in (("first", installed_program), ("second", ROOT)):
            (folder / name).write_text(_run(folder / "place", program), "utf-8")

    made = fill_once("demo", make)
    return Demo(made / "place", *((made / name).read_text("utf-8") for name in ("first", "second")))


def _run(place: Path, program: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(program)}
    command = [sys.executable, "-m", "grader", "demo"]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, encoding="utf-8", timeout=400)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_table_has_everybody(demo: Demo) -> None:
    """The table has 30 students and a score for each exercise; the first ones have full marks, less pending points."""
    course = load_course(bundled_course_folder())
    head, *rows = demo.first.split("\n\n")[0].splitlines()
    assert head.split() == ["student", *(e.name for e in course.exercises)]
    assert [row.split()[0] for row in rows] == sorted(DEMO_STUDENTS)
    scores = re.findall(r"([\d.]+) / ([\d.]+)(?: \(([\d.]+) pending\))?", rows[0])
    assert [float(score) + float(pending or 0) for score, _, pending in scores] == [
        e.max_score for e in course.exercises
    ]
    assert [float(full) for _, full, _ in scores] == [e.max_score for e in course.exercises]


def test_the_output_names_the_pages(demo: Demo) -> None:
    """The last lines name the class page and a student's page, and both exist."""
    *_, count, class_page, student_page = demo.first.splitlines()
    submissions = len(DEMO_STUDENTS) * len(load_course(bundled_course_folder()).exercises)
    assert count.startswith(f"{submissions} submissions of {len(DEMO_STUDENTS)} students, run at sandbox level ")
    for line, word in ((class_page, "class"), (student_page, "student")):
        name, path = line.split(maxsplit=1)
        assert name == word
        assert (demo.folder / path).read_text("utf-8").startswith("<!doctype html>")


def test_nothing_is_written_elsewhere(demo: Demo) -> None:
    """Everything is below `grader-demo/`: the class, the records, the pages."""
    assert os.listdir(demo.folder) == ["grader-demo"]
    assert {"grader.db", "report", "submissions"} <= set(os.listdir(demo.folder / "grader-demo"))


def test_a_second_run_grades_nothing(demo: Demo) -> None:
    """A second run, which the clone does, prints the same, and each submission has one grading."""
    assert demo.second == demo.first
    with Store.open(f"sqlite:///{demo.folder / 'grader-demo' / 'grader.db'}") as store:
        info = store.read_info()
    assert info.gradings == info.submissions == len(DEMO_STUDENTS) * len(load_course(bundled_course_folder()).exercises)


def test_hostile_submissions_get_their_verdicts(demo: Demo) -> None:
    """The endless loop, the reader of /etc/passwd and the patcher of numpy get their verdicts; nothing is pending."""
    verdicts: dict[str, set[str]] = {student: set() for student in DEMO_STUDENTS}
    with Store.open(f"sqlite:///{demo.folder / 'grader-demo' / 'grader.db'}") as store:
        for graded in store.iterate_graded():
            assert isinstance(graded.result, Grading)
            found = {str(check.verdict) for question in graded.result.questions for check in question.checks}
            verdicts[graded.submission.student] |= found
    assert "time_limit" in verdicts["noam"]
    assert "runtime_error" in verdicts["kurt"]
    assert "wrong_answer" in verdicts["yann"]
    assert verdicts["timnit"] == {"not_attempted"}
    assert verdicts["ada"] == {"passed"}
    assert not any("grader_error" in found for found in verdicts.values())


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("full", "full exists already and is not a demo: choose another folder with --to"),
        ("full/file", "full/file exists already and is not a demo: choose another folder with --to"),
        ("/proc/demo", "/proc/demo can't be written (No such file or directory): choose another place with --to"),
    ],
)
def test_a_folder_with_other_content_is_left_alone(grader: Command, place: str, complaint: str) -> None:
    """A folder with other content gives exit code 2 and one line, and stays as it was."""
    Path("full").mkdir()
    Path("full/file").write_text("mine")
    ran = grader("demo", "--to", place)
    assert (ran.code, ran.out, ran.err) == (2, "", f"grader: {complaint}\n")
    assert os.listdir("full") == ["file"]
