"""Data files of an exercise: read by the course's code and by students' code, released, and limited.

Covers `core/wire/data_file.py`.
"""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from grader.core.errors import CourseError
from grader.core.judging.reference_data import PUBLIC_SECRET, compute_reference_data
from grader.core.wire.data_file import MAX_DATA_FILE_BYTES, DataFile
from grader.course.bundle.read_bundle import load_bundle
from grader.course.bundle.write_bundle import render_bundle, select_exercise
from grader.course.data_files import WorkingFolder
from grader.course.loader import load_course
from grader.course.templates import build_templates, make_solved_submission
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox

_SOLUTION = """# %%
import numpy as np

table = np.loadtxt("data/x.csv")
np.save("seen.npy", table)

# %% question="total"
def total(path):
    \"\"\"The sum of a file.\"\"\"
    return np.loadtxt(path).sum()  # blank: the sum
"""
_CHECKS = """import numpy as np
from grader.authoring import code_question
from . import solution

PATHS = ["data/x.csv"] * int(np.loadtxt("data/x.csv").size)
total = code_question("total", title="Total", points=1, reference=solution.total)

@total.check(points=1)
def a_file(rng):
    \"\"\"A file.\"\"\"
    np.load("seen.npy")
    return PATHS[0]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a course with a data file."""
    add_exercise(tmp_path, "sums", "1 2 4\n")
    (tmp_path / "reference" / "course.toml").write_text('title = "T"\nexercises = ["sums"]\n')
    return tmp_path


def add_exercise(course: Path, name: str, data: str) -> None:
    """Write an exercise with a data file."""
    (course / "reference" / name / "data").mkdir(parents=True)
    (course / "reference" / name / "solution.py").write_text(_SOLUTION)
    (course / "reference" / name / "checks.py").write_text(_CHECKS)
    (course / "reference" / name / "data" / "x.csv").write_text(data)


def test_the_course_reads_its_data_by_the_students_paths(folder: Path) -> None:
    """Solution, checks and references read `data/x.csv`, at any time, and write nothing into the course."""
    before, here = sorted(folder.rglob("*")), os.getcwd()
    exercise = load_course(folder).exercises[0]
    reference_data = compute_reference_data(exercise, PUBLIC_SECRET)
    assert reference_data.cases["total", "a_file"][0].expected == 7
    assert (sorted(folder.rglob("*")), os.getcwd()) == (before, here)


def test_a_submission_reads_the_same_data(folder: Path) -> None:
    """The solution earns full marks in the sandbox."""
    course = load_course(folder)
    solution = make_solved_submission(course.exercises[0])
    with Sandbox() as sandbox:
        grading = Judge(course, sandbox, PUBLIC_SECRET).judge(course.exercises[0], solution)
    assert [check.verdict for check in grading.questions[0].checks] == ["passed"]


def test_data_is_handed_out_beside_the_notebook(folder: Path, tmp_path: Path) -> None:
    """Templates, the release of the course and that of an exercise have it; a release is checked against its own."""
    course = load_course(folder)
    assert build_templates(course)["exercises/data/x.csv"] == b"1 2 4\n"
    files = render_bundle(course, PUBLIC_SECRET)
    assert select_exercise(course, course.exercises[0], files)["data/x.csv"] == b"1 2 4\n" == files["data/x.csv"]
    release = tmp_path / "release"
    for name, data in files.items():
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_bytes(data)
    read = load_bundle(release).course.exercises[0]
    assert read.data_files == (DataFile("data/x.csv", release / "data/x.csv", 6),)
    (release / "data/x.csv").unlink()
    assert load_bundle(release).course.exercises[0].data_files == ()


def test_one_exercise_has_its_own_data_only(folder: Path) -> None:
    """The release of one exercise lacks the data of another."""
    add_exercise(folder, "other", "9\n")
    (folder / "reference/other/data/x.csv").rename(folder / "reference/other/data/y.csv")
    for file in ("solution.py", "checks.py"):
        path = folder / "reference/other" / file
        path.write_text(path.read_text().replace("x.csv", "y.csv"))
    (folder / "reference" / "course.toml").write_text('title = "T"\nexercises = ["sums", "other"]\n')
    course = load_course(folder)
    files = render_bundle(course, PUBLIC_SECRET)
    chosen = [select_exercise(course, exercise, files) for exercise in course.exercises]
    assert [[name for name in one if name.startswith("data/")] for one in chosen] == [["data/x.csv"], ["data/y.csv"]]


def test_two_exercises_may_share_a_name_for_equal_files_only(folder: Path) -> None:
    """Students have the files of all exercises in one folder: a clash is an error, a copy isn't."""
    add_exercise(folder, "other", "1 2 4\n")
    (folder / "reference" / "course.toml").write_text('title = "T"\nexercises = ["sums", "other"]\n')
    assert len(load_course(folder).exercises) == 2
    (folder / "reference/other/data/x.csv").write_text("1 2 5\n")
    with pytest.raises(CourseError, match=r"other/data/x\.csv: .*sums/data/x\.csv is another file of this name"):
        load_course(folder)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("X.csv", "differs from data/X.csv in case only"),
        ("a:b", "not every system allows"),
        ("a\nb", "not every system"),
    ],
)
def test_a_name_that_students_can_not_have_is_an_error(folder: Path, name: str, message: str) -> None:
    """Names that differ in case only, or that some system refuses, are told with the file."""
    (folder / "reference" / "sums" / "data" / name).write_text("1")
    with pytest.raises(CourseError, match=message):
        load_course(folder)


def test_a_file_that_is_too_large_is_an_error(folder: Path) -> None:
    """The limit is in the message, and hidden files don't count."""
    with (folder / "reference/sums/data/.cache").open("wb") as file:
        file.truncate(MAX_DATA_FILE_BYTES + 1)
    assert [file.name for file in load_course(folder).exercises[0].data_files] == ["data/x.csv"]
    (folder / "reference/sums/data/.cache").rename(folder / "reference/sums/data/big")
    with pytest.raises(CourseError, match="big: a data file has at most 64 MB"):
        load_course(folder)


def test_other_threads_keep_their_folder(tmp_path: Path) -> None:
    """While the course's code runs in one thread, relative paths of the others lead where they did."""
    (tmp_path / "x").write_text("1")
    entered, looked = threading.Event(), threading.Event()
    seen: list[str] = []

    def run() -> None:
        with WorkingFolder((DataFile("data/x", tmp_path / "x", 1),)).enter():
            seen.append(str(np.loadtxt("data/x")))
            entered.set()
            looked.wait(10)

    here = os.getcwd()
    thread = threading.Thread(target=run)
    thread.start()
    assert entered.wait(10)
    assert (os.getcwd(), seen) == (here, ["1.0"])
    looked.set()
    thread.join()
