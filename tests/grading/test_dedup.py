"""Identical submissions are judged once, and whatever isn't identical is judged on its own."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader.core.results.grading import Grading
from grader.course.loader import load_course
from grader.grading.dedup import MAX_WAITING_DUPLICATES, BatchGrader, grade_distinct
from grader.grading.pool import GradingConfig, GradingTask, TaskResult, grade_in_pool, make_faulted_grading

RIGHT = b"def twice(x):\n    return x + x\n"
WRONG = b"def twice(x):\n    return x * x\n"


@pytest.fixture
def setup(course_folder: Path) -> GradingConfig:
    """A small course with a secret of its own."""
    return GradingConfig(course_folder, load_course(course_folder).version, b"secret")


def _watched(batch: BatchGrader, seen: list[int]) -> BatchGrader:
    """The same batch, which notes what it is given."""

    def watched(tasks: Iterator[GradingTask]) -> Generator[TaskResult]:
        def noted() -> Iterator[GradingTask]:
            for task in tasks:
                seen.append(task.id)
                yield task

        yield from batch(noted())

    return watched


def _task(id: int, data: bytes, name: str = "doubling.py") -> GradingTask:
    return GradingTask(id, "doubling", name, data)


@pytest.mark.parametrize("workers", [1, 2])
def test_twins_are_judged_once(setup: GradingConfig, workers: int) -> None:
    """Each has a result of its own, equal to that of being judged; their names may differ."""
    tasks = [_task(n, (RIGHT, WRONG, b"# %d" % n)[n % 3], f"ada{n}.py") for n in range(30)]
    seen: list[int] = []
    batch: BatchGrader = partial(grade_in_pool, setup, workers=workers)
    found = {d.id: d.result for d in grade_distinct(tasks, _watched(batch, seen))}
    assert set(found) == set(range(30))
    assert seen == [0, 1, *range(2, 30, 3)]
    for done in grade_in_pool(setup, tasks, 1):
        result, alone = found[done.id], done.result
        assert isinstance(result, Grading)
        assert isinstance(alone, Grading)
        assert replace(result, elapsed_ms=0.0) == replace(alone, elapsed_ms=0.0)


def test_what_differs_is_judged(setup: GradingConfig) -> None:
    """In one byte, or in what its ending makes of it; letters of an ending are no difference."""
    tasks = [_task(0, RIGHT), _task(1, RIGHT + b"\n"), _task(2, RIGHT, "doubling.ipynb"), _task(3, RIGHT, "a.PY")]
    seen: list[int] = []
    results = {d.id: d.result for d in grade_distinct(tasks, _watched(partial(grade_in_pool, setup, workers=1), seen))}
    assert seen == [0, 1, 2]
    assert [isinstance(results[n], Grading) for n in range(4)] == [True, True, False, True]


def test_what_cannot_be_read_is_told_of_each(setup: GradingConfig) -> None:
    """By the name of its own file."""
    tasks = [_task(n, b"", f"s{n}.py") for n in range(3)]
    results = {d.id: d.result for d in grade_distinct(tasks, partial(grade_in_pool, setup, workers=1))}
    assert results == {n: f"s{n}.py is empty: save your work and hand it in again" for n in range(3)}


def test_our_fault_is_not_passed_on(setup: GradingConfig) -> None:
    """Where the first failed through us, its twins are judged all the same."""
    fault = make_faulted_grading(load_course(setup.course).exercise("doubling"), setup)

    def first_fails(tasks: Iterator[GradingTask]) -> Generator[TaskResult]:
        for done in grade_in_pool(setup, tasks, 1):
            yield TaskResult(0, fault) if done.id == 0 else done

    results = {d.id: d.result for d in grade_distinct([_task(n, RIGHT) for n in range(3)], first_fails)}
    assert results[0] == fault
    assert [r.score for n in (1, 2) if isinstance(r := results[n], Grading)] == [3.0, 3.0]


def test_twins_without_end_are_taken_as_they_are_done(setup: GradingConfig) -> None:
    """A class in which everybody hands in the same doesn't lie in memory either."""
    taken = 0

    def endless() -> Iterator[GradingTask]:
        nonlocal taken
        while True:
            taken += 1
            yield _task(taken, RIGHT)

    with_results = grade_distinct(endless(), partial(grade_in_pool, setup, workers=1))
    for given, _ in zip(range(1, 500), with_results, strict=False):
        assert taken - given <= 2 * MAX_WAITING_DUPLICATES + 10
    with_results.close()
