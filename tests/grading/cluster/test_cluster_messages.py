"""Tests of orders, tasks and results as bytes: they are decoded unchanged, and anything else is refused."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.questions.exercise import Course
from grader.core.results.grading import CheckResult, Grading
from grader.core.wire.encode import encode
from grader.core.wire.values import InvalidValueError
from grader.course.loader import load_course
from grader.grading.cluster import cluster_messages
from grader.grading.cluster.grading_json import serialize_grading
from grader.grading.task_worker import Worker
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult

Change = Callable[[Grading], Grading]


@pytest.fixture
def course(setup: GradingConfig) -> Course:
    """Return the small course."""
    return load_course(setup.course)


@pytest.fixture
def graded(setup: GradingConfig) -> Grading:
    """Return the grading of a wrong answer."""
    with Worker(setup) as worker:
        result = worker.grade_task(
            GradingTask(1, "doubling", "doubling.py", b"def twice(x):\n    return x * x\n")
        ).result
    assert isinstance(result, Grading)
    return result


def _round_trip(done: TaskResult, course: Course, setup: GradingConfig) -> list[TaskResult]:
    data = encode(cluster_messages.build_results_message([done], 0.5), cluster_messages.MAX_CLUSTER_MESSAGE_BYTES)
    return cluster_messages.parse_results(
        cluster_messages.decode_cluster_message(data), [GradingTask(1, "doubling", "doubling.py", b"")], course, setup
    )


def test_results_are_decoded_unchanged(graded: Grading, course: Course, setup: GradingConfig) -> None:
    """A grading, and the reason why a file can't be read, are decoded unchanged."""
    for done in (TaskResult(1, graded), TaskResult(1, "doubling.py is empty")):
        assert _round_trip(done, course, setup) == [done]


def test_orders_and_tasks_are_decoded_unchanged(setup: GradingConfig) -> None:
    """An order is identified by its content: another secret gives another name."""
    order = cluster_messages.WorkerOrder.from_config(setup, "hash")
    assert cluster_messages.decode_order(order.encode()) == order
    assert order.to_config(setup.course) == setup
    other = cluster_messages.WorkerOrder.from_config(replace(setup, secret=b"another"), "hash")
    assert cluster_messages.hash_order(order.encode()) != cluster_messages.hash_order(other.encode())
    tasks = [GradingTask(2**40, "losses", "ü.ipynb", bytes(range(256))), GradingTask(0, "", "", b"")]
    assert list(cluster_messages.decode_tasks(cluster_messages.encode_tasks(tasks))) == tasks


def _check(**changes: object) -> Change:
    def change(grading: Grading) -> Grading:
        question = grading.questions[0]
        first: CheckResult = replace(question.checks[0], **changes)  # type: ignore[arg-type]  # wrong on purpose
        return replace(grading, questions=(replace(question, checks=(first, *question.checks[1:])),))

    return change


WRONG: dict[str, Change] = {
    "another exercise": lambda g: replace(g, exercise="losses"),
    "another version": lambda g: replace(g, course_version="0"),
    "another grader": lambda g: replace(g, grader_version="0"),
    "another secret": lambda g: replace(g, seed="0"),
    "no sandbox": lambda g: replace(g, sandbox="none"),
    "a sandbox of its own": lambda g: replace(g, sandbox="steel"),
    "no questions": lambda g: replace(g, questions=()),
    "a question more": lambda g: replace(g, questions=(*g.questions, replace(g.questions[0], checks=()))),
    "another kind": lambda g: replace(g, questions=(replace(g.questions[0], kind="text"),)),
    "a negative time": lambda g: replace(g, elapsed_ms=-1.0),
    "a check left out": lambda g: replace(g, questions=(replace(g.questions[0], checks=g.questions[0].checks[1:]),)),
    "another check": _check(name="another"),
    "no longer hidden": _check(hidden=True),
    "worth more": _check(max_points=99.0),
    "more points than there are": _check(points=99.0),
    "negative points": _check(points=-1.0),
    "more pending than there is": _check(pending=99.0),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_grading_that_does_not_match_is_refused(
    change: Change, graded: Grading, course: Course, setup: GradingConfig
) -> None:
    """A grading that differs from the course in any way is refused."""
    with pytest.raises(InvalidValueError):
        _round_trip(TaskResult(1, change(graded)), course, setup)


def test_results_that_do_not_match_are_refused(graded: Grading, course: Course, setup: GradingConfig) -> None:
    """Results of another task, none, several, other types and an endless line are refused."""
    text = serialize_grading(graded)
    for items in (
        [(2, True, text)],
        [],
        [(1, True, text)] * 2,
        [(1, 1, text)],
        [("1", True, text)],
        [(1, False, "")],
        [(1, False, "x" * 10_000)],
        [(1, True, "{}")],
        [(1, True, re.sub(r'"points":[\d.]+', '"points":1e999', text, count=1))],
        [(1, True, re.sub(r'"points":[\d.]+', '"points":"1.0"', text, count=1))],
        [[1, True, text]],
        (1, True, text),
    ):
        fields = {"results": items, "seconds": 0.1}
        with pytest.raises(InvalidValueError):
            cluster_messages.parse_results(fields, [GradingTask(1, "doubling", "doubling.py", b"")], course, setup)


@pytest.mark.parametrize("seconds", [-1.0, float("inf"), float("nan"), 1, "1", None])
def test_an_invalid_duration_is_refused(seconds: object) -> None:
    """An invalid duration is refused, because the size of batches depends on it."""
    with pytest.raises(InvalidValueError):
        cluster_messages.parse_seconds({"seconds": seconds})


@given(st.binary(max_size=200))
def test_malformed_bytes_are_refused(data: bytes) -> None:
    """Malformed bytes raise InvalidValueError and nothing else."""
    for read in (
        cluster_messages.decode_cluster_message,
        cluster_messages.decode_order,
        lambda d: list(cluster_messages.decode_tasks(d)),
    ):
        try:
            read(data)
        except InvalidValueError:
            continue


@pytest.mark.parametrize("data", [None, "text", 7, bytearray(b"N")])
def test_other_objects_are_refused(data: object) -> None:
    """A worker's result that isn't bytes is refused."""
    with pytest.raises(InvalidValueError):
        cluster_messages.decode_cluster_message(data)
