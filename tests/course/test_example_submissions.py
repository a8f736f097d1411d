"""Each example submission beside an exercise gets the verdict of its folder, or verification reports the difference.

Covers `core/text/source_location.py`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.core.results.verdict import Verdict
from grader.course.example_submissions import read_example_submissions
from grader.course.loader import bundled_course_folder, load_course
from grader.course.verify.course import collect_exercise_findings
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.sandbox import Sandbox

Put = Callable[[str, str], None]
RIGHT = "def twice(x):\n    return x + x\n"
WRONG = "def twice(x):\n    return x + 2\n"
RAISES = "def twice(x):\n    return x[100]\n"


@pytest.fixture
def put(course_folder: Path) -> Put:
    """Return a function that writes an example submission: `put("passed/twice.py", source)`."""

    def write(name: str, source: str) -> None:
        file = course_folder / "reference" / "doubling" / "submissions" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)

    return write


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return the strongest sandbox of this machine."""
    with Sandbox() as running:
        yield running


def problems(folder: Path, sandbox: Sandbox) -> list[str]:
    """Return the problems that verification finds in the small course's exercise."""
    course = load_course(folder)
    return list(collect_exercise_findings(course.exercises[0], SandboxJudge(course, sandbox, b"samples")).problems)


def test_examples_with_the_required_verdict(course_folder: Path, put: Put, sandbox: Sandbox) -> None:
    """Right examples pass, wrong ones are wrong and raising ones raise: verification finds no problem."""
    put("passed/twice__sum.py", RIGHT)
    put("wrong_answer/twice.py", WRONG)
    put("runtime_error/twice__far.py", RAISES)
    put("not_attempted/twice.py", "x = 1\n")
    assert problems(course_folder, sandbox) == []


@pytest.mark.parametrize(
    ("name", "source", "got"),
    [("passed/twice.py", WRONG, "wrong_answer"), ("wrong_answer/twice.py", RIGHT, "passed")],
)
def test_an_example_with_another_verdict(
    course_folder: Path, put: Put, sandbox: Sandbox, name: str, source: str, got: str
) -> None:
    """The problem names the file, the verdict and the points."""
    put(name, source)
    (problem,) = problems(course_folder, sandbox)
    assert name in problem
    assert got in problem


@pytest.mark.parametrize("name", ["right/twice.py", "passed/thrice.py", "twice.py"])
def test_an_example_in_a_wrong_place(course_folder: Path, put: Put, name: str) -> None:
    """A folder that isn't a verdict, or a file without a question, is an error that lists the right names."""
    put(name, RIGHT)
    with pytest.raises(CourseError, match=r"one of passed|name it QUESTION__TOPIC\.py, with QUESTION one of twice"):
        list(read_example_submissions(load_course(course_folder).exercises[0]))


def test_every_bundled_exercise_has_right_and_wrong_examples() -> None:
    """Each exercise of the bundled course has examples that pass, some that are wrong and one that raises."""
    for exercise in load_course(bundled_course_folder()).exercises:
        assert {s.verdict for s in read_example_submissions(exercise)} >= {
            Verdict.PASSED,
            Verdict.WRONG_ANSWER,
            Verdict.RUNTIME_ERROR,
        }
