"""Tests that submission, seed and course version determine the result bytes, apart from times."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from grader.core.errors import SandboxUnavailable
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import CheckResult
from grader.core.results.reason import Skipped
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, LimitHit, Limits, Status
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.grading.cluster.grading_json import deserialize_grading, serialize_grading
from grader.grading.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

CELLS = (
    "import random, numpy as np\nclass Net: pass\nprint(Net(), Net, random.random(), np.random.rand())",
    "print(np.random.default_rng().normal(), random.Random().random(), np.random.RandomState().rand())",
    "print({'b', 'a', 'c', 'd'}, set('hello world'), hash('x'))\n1 / 0",
    "def mean_squared_error(d, y):\n    while True: pass",
    "def cross_entropy_error(d, y):\n    import os\n    os._exit(3)",
    "def relu(x):\n    raise ValueError(object())",
    "def softmax(x):\n    print(np.random.default_rng().normal())\n    return x + np.random.default_rng().normal()",
    "y = np.ones(10**11)",
    "def deep(n):\n    return deep(n + 1)\ndeep(0)",
    "import pandas as pd\npd.read_csv('x')",
    "from common import functions\nfunctions.nothing",
    "import ctypes\nctypes.string_at(0)",
)
PROGRAM = ParsedSubmission(tuple(Cell(source, label=f"cell {number}") for number, source in enumerate(CELLS, 1)))
Result = TypeVar("Result", CheckResult, CellRun)
LIMITS = Limits(cpu=0.5, wall=60.0)


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    """Return the bundled losses, with short CPU limits and long wall-time limits."""
    return replace(load_course(bundled_course_folder()).exercise("losses"), limits=LIMITS)


def result(exercise: Exercise, sandbox: Sandbox) -> bytes:
    """Return a grading's bytes without times, the use of limits, and the name of the level."""
    course = Course("c", (exercise,), exercise.folder, "1")
    grading = Judge(course, sandbox, b"secret").judge(exercise, PROGRAM)
    grading = replace(grading, elapsed_ms=0.0, sandbox="", cells=tuple(map(_timeless, grading.cells)))
    questions = (replace(q, checks=tuple(map(_timeless, q.checks))) for q in grading.questions)
    return serialize_grading(replace(grading, questions=tuple(questions))).encode()


def _timeless(item: Result) -> Result:
    if isinstance(item, CellRun):
        return replace(item, limit=replace(item.limit, used=None)) if item.limit else item
    match item.reason:
        case LimitHit() as limit:
            return replace(item, reason=replace(limit, used=None))
        case Skipped(LimitHit() as limit):
            return replace(item, reason=Skipped(replace(limit, used=None)))
    return item


@pytest.fixture(scope="module")
def first(exercise: Exercise) -> Iterator[bytes]:
    """Yield the result of a separate sandbox."""
    with Sandbox() as sandbox:
        yield result(exercise, sandbox)


def test_twice_in_one_sandbox(exercise: Exercise, first: bytes) -> None:
    """A second run in a sandbox gives the same as the first, and as another sandbox."""
    with Sandbox() as sandbox:
        assert [result(exercise, sandbox), result(exercise, sandbox)] == [first, first]


def test_earlier_submissions_have_no_effect(exercise: Exercise, first: bytes) -> None:
    """Another submission in between, which draws random numbers and patches numpy, changes nothing."""
    meddler = ParsedSubmission(
        (Cell("import numpy as np\nnp.random.seed(7)\nnp.exp = None\ndef softmax(x): return x"),)
    )
    course = Course("c", (exercise,), exercise.folder, "1")
    with Sandbox() as sandbox:
        Judge(course, sandbox, b"secret").judge(exercise, meddler)
        assert result(exercise, sandbox) == first


@pytest.mark.parametrize("level", [Level.SECCOMP, Level.LANDLOCK])
def test_at_a_lower_level(exercise: Exercise, first: bytes, level: Level) -> None:
    """A lower level changes nothing but its name: deaths, limits and denials are reported alike."""
    try:
        with Sandbox(level, min_level=level) as sandbox:
            assert result(exercise, sandbox) == first
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def test_the_program_covers_all_endings(exercise: Exercise, first: bytes) -> None:
    """The program contains a hang, a death, a crashed cell, an exception, memory use and printed random numbers."""
    grading = deserialize_grading(first.decode())
    assert {run.ended for run in grading.cells} >= {Status.DONE, Status.MEMORY_LIMIT, Status.DIED}
    verdicts = {check.verdict for question in grading.questions for check in question.checks}
    assert verdicts >= {Verdict.TIME_LIMIT, Verdict.RUNTIME_ERROR}
    assert "0x" not in first.decode().replace("0x…", "")
