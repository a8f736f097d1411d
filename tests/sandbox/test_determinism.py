"""The same submission, seed and course version give the same result bytes, whatever runs them, times apart."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from pydantic import TypeAdapter

from grader.core.errors import SandboxUnavailable
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import CheckResult, Grading
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, Limits, Status
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
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
    """The bundled losses; short limits of processor time, long ones on the clock."""
    return replace(load_course(bundled_course_folder()).exercise("losses"), limits=LIMITS)


def result(exercise: Exercise, sandbox: Sandbox) -> bytes:
    """A grading's bytes without times, the use of limits, and the name of the level."""
    course = Course("c", (exercise,), exercise.folder, "1")
    grading = Judge(course, sandbox, b"secret").judge(exercise, PROGRAM)
    grading = replace(grading, elapsed_ms=0.0, sandbox="", cells=tuple(map(_timeless, grading.cells)))
    questions = (replace(q, checks=tuple(map(_timeless, q.checks))) for q in grading.questions)
    return TypeAdapter(Grading).dump_json(replace(grading, questions=tuple(questions)))


def _timeless(item: Result) -> Result:
    return replace(item, limit=replace(item.limit, used=None)) if item.limit else item


@pytest.fixture(scope="module")
def first(exercise: Exercise) -> Iterator[bytes]:
    """The result of a sandbox of its own."""
    with Sandbox() as sandbox:
        yield result(exercise, sandbox)


def test_twice_in_one_sandbox(exercise: Exercise, first: bytes) -> None:
    """The second time in a sandbox gives what the first did, and what another sandbox did."""
    with Sandbox() as sandbox:
        assert [result(exercise, sandbox), result(exercise, sandbox)] == [first, first]


def test_what_went_before_leaves_nothing(exercise: Exercise, first: bytes) -> None:
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
    """How strong the wall is shows in nothing but the level's name: a death, a limit, a denial are told alike."""
    try:
        with Sandbox(level, least=level) as sandbox:
            assert result(exercise, sandbox) == first
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def test_the_program_is_a_hard_one(exercise: Exercise, first: bytes) -> None:
    """What is compared holds a hang, a death, a crash of a cell, an exception, memory, and printed random numbers."""
    grading = TypeAdapter(Grading).validate_json(first)
    assert {run.ended for run in grading.cells} >= {Status.DONE, Status.MEMORY_LIMIT, Status.DIED}
    verdicts = {check.verdict for question in grading.questions for check in question.checks}
    assert verdicts >= {Verdict.TIME_LIMIT, Verdict.RUNTIME_ERROR}
    assert "0x" not in first.decode().replace("0x…", "")
