"""The fake runner and the sandbox give the same results for the same code."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import QuestionResult
from grader.core.wire.job import Answer, Call, CellRun, Job, Limits, Read, Request, Status
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.example_submissions import read_example_submissions
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission, make_untouched_submission
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox
from tests.fake_runner import FakeRunner

Ended = TypeVar("Ended", Answer, CellRun)
COURSE = load_course(bundled_course_folder())
QUICK = Limits(cpu=0.2, wall=60.0)
ENDINGS = """
import os, sys
import numpy as np

from common_names import offset

def right(x):
    return {"sum": x + offset, "rows": [x[0], x[1].tolist()]}

def raising(x):
    print("so far")
    return x[5]

def hanging(x):
    while True:
        pass

def ending(x):
    os._exit(3)

def drawing(x):
    return np.random.permutation(5).tolist()

def printing(x):
    print("a" * 100_000)
"""


def samples(exercise: Exercise) -> Iterator[ParsedSubmission]:
    """Yield the solution, the untouched template and every example submission of an exercise."""
    yield make_solved_submission(exercise)
    yield make_untouched_submission(exercise)
    yield from (example.program for example in read_example_submissions(exercise))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.name)
def test_the_judge_gives_the_same_results(sandbox: Sandbox, exercise: Exercise) -> None:
    """Solution, template and example submissions get the same results and the same cell runs, whichever runner runs."""

    def judge_all(course: Course, runner: Sandbox | FakeRunner) -> list[tuple[tuple[QuestionResult, ...], object]]:
        judge = Judge(course, runner, b"secret")
        gradings = [judge.judge(exercise, program) for program in samples(exercise)]
        return [(grading.questions, grading.cells) for grading in gradings]

    assert judge_all(COURSE, FakeRunner()) == judge_all(COURSE, sandbox)


def test_every_ending_is_the_same(sandbox: Sandbox) -> None:
    """Values, exceptions, hangs, deaths, random numbers and printed text come back as they do from the sandbox."""
    x = [1.0, [2.0, 3.0]]
    names = ("right", "raising", "hanging", "ending", "drawing", "printing", "absent")
    calls = [Request(name, "check", (Call(name, (x,)),), hidden=name > "m", limits=QUICK) for name in names]
    sources = ("y = 1", "1 / 0", ENDINGS, "while y: pass", "y += 1")
    cells = tuple(Cell(source, label=f"cell {number}") for number, source in enumerate(sources, 1))
    job = Job(cells, (*calls, Request("y", "check", (Read("y"),))), {"common_names": "offset = []"}, cell_limits=QUICK)

    fake, real = FakeRunner().run(job), sandbox.run(job)
    assert [unmeasured(cell) for cell in fake.cells] == [unmeasured(cell) for cell in real.cells]
    assert [unmeasured(answer) for answer in fake.answers] == [unmeasured(answer) for answer in real.answers]
    assert {Status.DONE, Status.TIME_LIMIT, Status.DIED} <= {answer.ended for answer in fake.answers}


def unmeasured(end: Ended) -> Ended:
    """Return a cell's run or an answer without the CPU time at which it was stopped."""
    return replace(end, limit=end.limit and replace(end.limit, used=0.0))
