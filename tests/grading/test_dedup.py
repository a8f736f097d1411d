"""Tests of duplicates: identical submissions are judged once, and different ones separately."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from grader.core.results.grading import Grading
from grader.course.loader import load_course
from grader.grading.dedup import MAX_WAITING_DUPLICATES, BatchGrader, grade_distinct
from grader.grading.pool import grade_in_pool
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult, make_faulted_grading

RIGHT = b"def twice(x):\n    return x + x\n"
WRONG = b"def twice(x):\n    return x * x\n"


@pytest.fixture
def setup(course_folder: Path) -> GradingConfig:
    """Return the configuration of a small course with its own secret."""
    return GradingConfig(course_folder, load_course(course_folder).version, b"secret")


def _watched(batch: BatchGrader, seen: list[int]) -> BatchGrader:
    """Return the same batch, which records the tasks that it is given."""

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
def test_duplicates_are_judged_once(setup: GradingConfig, workers: int) -> None:
    """Each has its own result, equal to that of being judged; file names may differ."""
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


def test_different_submissions_are_judged(setup: GradingConfig) -> None:
    """A different byte or suffix counts; the case of the suffix doesn't."""
    tasks = [_task(0, RIGHT), _task(1, RIGHT + b"\n"), _task(2, RIGHT, "doubling.ipynb"), _task(3, RIGHT, "a.PY")]
    seen: list[int] = []
    results = {d.id: d.result for d in grade_distinct(tasks, _watched(partial(grade_in_pool, setup, workers=1), seen))}
    assert seen == [0, 1, 2]
    assert [isinstance(results[n], Grading) for n in range(4)] == [True, True, False, True]


def test_unreadable_duplicates_are_reported_separately(setup: GradingConfig) -> None:
    """Each unreadable file is reported with its own name."""
    tasks = [_task(n, b"", f"s{n}.py") for n in range(3)]
    results = {d.id: d.result for d in grade_distinct(tasks, partial(grade_in_pool, setup, workers=1))}
    assert results == {n: f"s{n}.py is empty: save your work and try again" for n in range(3)}


def test_grader_errors_are_not_shared(setup: GradingConfig) -> None:
    """If the first submission has a grader error, its duplicates are judged nevertheless."""
    fault = make_faulted_grading(load_course(setup.course).exercise("doubling"), setup)

    def first_fails(tasks: Iterator[GradingTask]) -> Generator[TaskResult]:
        for done in grade_in_pool(setup, tasks, 1):
            yield TaskResult(0, fault) if done.id == 0 else done

    results = {d.id: d.result for d in grade_distinct([_task(n, RIGHT) for n in range(3)], first_fails)}
    assert results[0] == fault
    assert [r.score for n in (1, 2) if isinstance(r := results[n], Grading)] == [3.0, 3.0]


def test_endless_duplicates_are_taken_on_demand(setup: GradingConfig) -> None:
    """Memory stays bounded even if all submissions are identical."""
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
