"""Sample submissions beside an exercise: each gets the verdict that it lies below, or the proof says what it got."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.core.results.verdict import Verdict
from grader.course.example_submissions import read_example_submissions
from grader.course.loader import bundled_course_folder, load_course
from grader.course.verify import find_exercise_problems
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox

Put = Callable[[str, str], None]
RIGHT = "def twice(x):\n    return x + x\n"
WRONG = "def twice(x):\n    return x + 2\n"
RAISES = "def twice(x):\n    return x[100]\n"


@pytest.fixture
def put(course_folder: Path) -> Put:
    """Writes a sample: `put("passed/twice.py", source)`."""

    def write(name: str, source: str) -> None:
        file = course_folder / "reference" / "doubling" / "submissions" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)

    return write


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The strongest sandbox of this machine."""
    with Sandbox() as running:
        yield running


def problems(folder: Path, sandbox: Sandbox) -> list[str]:
    """What the proof says of the small course's exercise."""
    course = load_course(folder)
    return list(find_exercise_problems(course.exercises[0], Judge(course, sandbox, b"samples").judge))


def test_samples_that_get_what_they_must(course_folder: Path, put: Put, sandbox: Sandbox) -> None:
    """Right ones pass, wrong ones are wrong and raising ones raise: the proof has nothing to say."""
    put("passed/twice__sum.py", RIGHT)
    put("wrong_answer/twice.py", WRONG)
    put("runtime_error/twice__far.py", RAISES)
    put("not_attempted/twice.py", "x = 1\n")
    assert problems(course_folder, sandbox) == []


@pytest.mark.parametrize(
    ("name", "source", "got"),
    [("passed/twice.py", WRONG, "wrong_answer"), ("wrong_answer/twice.py", RIGHT, "passed")],
)
def test_a_sample_that_gets_something_else(
    course_folder: Path, put: Put, sandbox: Sandbox, name: str, source: str, got: str
) -> None:
    """The proof names the file, the verdict and the points that it got."""
    put(name, source)
    (problem,) = problems(course_folder, sandbox)
    assert name in problem
    assert got in problem


@pytest.mark.parametrize("name", ["right/twice.py", "passed/thrice.py", "twice.py"])
def test_a_sample_where_none_can_lie(course_folder: Path, put: Put, name: str) -> None:
    """A folder that is no verdict, or a file of no question, is an error that says what there is."""
    put(name, RIGHT)
    with pytest.raises(CourseError, match=r"one of passed|name it QUESTION\.py: twice"):
        list(read_example_submissions(load_course(course_folder).exercises[0]))


def test_every_bundled_exercise_has_right_and_wrong_samples() -> None:
    """Each exercise of the bundled course has some that pass, some that are wrong and one that raises."""
    for exercise in load_course(bundled_course_folder()).exercises:
        assert {s.verdict for s in read_example_submissions(exercise)} >= {
            Verdict.PASSED,
            Verdict.WRONG_ANSWER,
            Verdict.RUNTIME_ERROR,
        }
