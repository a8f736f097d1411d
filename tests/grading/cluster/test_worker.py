"""Tests of the state that a worker keeps between calls: courses, sandboxes, and one thread for all of it."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.core.results.grading import Grading
from grader.course.loader import compute_course_version, load_course
from grader.grading.cluster import cluster_messages, course_archive
from grader.grading.cluster.worker import MAX_CACHED_ORDERS, WorkerRuntime, get_runtime
from grader.grading.cpu_affinity import CpuSlot
from grader.grading.pool import grade_in_pool
from grader.grading.tasks import GradingConfig
from grader.sandbox.level import Level
from tests.grading.cluster.ground import RIGHT, SOURCES, tasks_of


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[WorkerRuntime]:
    """Return a runtime with its files in a separate folder."""
    (tmp_path / "files").mkdir()
    made = get_runtime({}, tmp_path / "files")
    try:
        yield made
    finally:
        made.close()


def _order(setup: GradingConfig) -> tuple[bytes, bytes]:
    course = course_archive.pack_course(setup.course)
    return cluster_messages.WorkerOrder.from_config(setup, course_archive.hash_archive(course)).encode(), course


def _prepare(
    runtime: WorkerRuntime, order: bytes, course: bytes = b"", slot: CpuSlot = CpuSlot(0, 0)
) -> dict[Any, Any]:
    return cluster_messages.decode_cluster_message(runtime.run_action(lambda b: b.prepare_order(order, course, slot)))


def test_a_course_is_sent_once(runtime: WorkerRuntime, setup: GradingConfig) -> None:
    """A worker asks for the course once, even under another secret, and judges as this machine does."""
    order, course = _order(setup)
    assert _prepare(runtime, order) == {"needs_course": True}
    assert _prepare(runtime, order, course)["ready"] in list(Level)
    again, _ = _order(replace(setup, secret=b"another"))
    assert "ready" in _prepare(runtime, again)
    tasks = tasks_of(list(SOURCES.values()))
    reply = cluster_messages.decode_cluster_message(
        runtime.run_action(
            lambda b: b.grade_tasks(cluster_messages.hash_order(order), cluster_messages.encode_tasks(tasks))
        )
    )
    results = {d.id: d.result for d in cluster_messages.parse_results(reply, tasks, load_course(setup.course), setup)}
    for done in grade_in_pool(setup, tasks, 1):
        result, expected = results[done.id], done.result
        if isinstance(result, Grading) and isinstance(expected, Grading):
            result, expected = replace(result, elapsed_ms=0.0), replace(expected, elapsed_ms=0.0)
        assert result == expected


def test_an_unknown_order_is_reported(runtime: WorkerRuntime) -> None:
    """A worker that was restarted at the same address reports that it doesn't know the order."""
    assert cluster_messages.decode_cluster_message(
        runtime.run_action(lambda b: b.grade_tasks("unknown", cluster_messages.encode_tasks([])))
    ) == {"unknown_order": True}


def test_a_runtime_keeps_its_first_slot(runtime: WorkerRuntime, setup: GradingConfig) -> None:
    """With one CPU per worker, the thread and its sandbox are pinned to one; otherwise they aren't."""
    there = sorted(os.sched_getaffinity(0))
    seats = [CpuSlot(len(there) - 1, len(there)), CpuSlot(0, len(there))]
    for secret, slot in zip((b"one", b"two"), seats, strict=True):
        order, course = _order(replace(setup, secret=secret))
        assert "ready" in _prepare(runtime, order, course, slot)
        stays = cluster_messages.decode_cluster_message(
            runtime.run_action(lambda _: {"on": list(os.sched_getaffinity(0))})
        )["on"]
        assert stays == [there[-1]]
    assert sorted(os.sched_getaffinity(os.getpid())) == there


@pytest.mark.parametrize("what", ["grader", "numpy", "Python"])
def test_another_version_refuses(what: str, runtime: WorkerRuntime, setup: GradingConfig) -> None:
    """Another version of the grader, or of numerical libraries, is refused in a line that names both."""
    order = cluster_messages.WorkerOrder.from_config(setup, "hash")
    other = replace(order, versions={**order.versions, what: "0.0.9"})
    refused = f"it has {what} {order.versions[what]}, but the coordinator has 0.0.9: install the same version"
    assert _prepare(runtime, other.encode()) == {"refused": refused}


def test_a_sandbox_that_is_too_weak_refuses(runtime: WorkerRuntime, setup: GradingConfig) -> None:
    """A worker whose machine offers less than the required level refuses."""
    order, course = _order(replace(setup, level=Level.SECCOMP, min_level=Level.FULL))
    assert "but full is asked for" in _prepare(runtime, order, course)["refused"]


def test_a_damaged_course_is_reported(runtime: WorkerRuntime, setup: GradingConfig) -> None:
    """Nothing of a damaged course is kept."""
    order, course = _order(setup)
    assert "was damaged in transfer" in _prepare(runtime, order, course[:-1])["worker_error"]
    assert _prepare(runtime, order) == {"needs_course": True}


def test_only_the_latest_orders_are_kept(runtime: WorkerRuntime, setup: GradingConfig, tmp_path: Path) -> None:
    """A worker for many courses and secrets doesn't grow; the files are removed too."""
    _, course = _order(setup)
    for number in range(MAX_CACHED_ORDERS + 1):
        order, _ = _order(replace(setup, secret=b"%d" % number))
        assert "ready" in _prepare(runtime, order, course)
    first, _ = _order(replace(setup, secret=b"0"))
    last, _ = _order(replace(setup, secret=b"%d" % MAX_CACHED_ORDERS))
    tasks = cluster_messages.encode_tasks(tasks_of([RIGHT]))
    assert "unknown_order" in cluster_messages.decode_cluster_message(
        runtime.run_action(lambda b: b.grade_tasks(cluster_messages.hash_order(first), tasks))
    )
    assert "results" in cluster_messages.decode_cluster_message(
        runtime.run_action(lambda b: b.grade_tasks(cluster_messages.hash_order(last), tasks))
    )
    assert len(list((tmp_path / "files").iterdir())) == 1
    (setup.course / "reference" / "doubling" / "notes.txt").write_text("another version")
    changed = replace(setup, version=load_course(setup.course).version)
    for number in range(MAX_CACHED_ORDERS):
        order, course = _order(replace(changed, secret=b"%d" % number))
        assert "ready" in _prepare(runtime, order, course)
    assert len(list((tmp_path / "files").iterdir())) == 1


def test_several_threads_share_one_sandbox(runtime: WorkerRuntime, setup: GradingConfig) -> None:
    """However many threads Dask uses, one sandbox runs one job at a time, and every answer is right."""
    order, course = _order(setup)
    _prepare(runtime, order, course)
    name, right = cluster_messages.hash_order(order), tasks_of([RIGHT] * 3)

    def judged(_: int) -> float:
        data = cluster_messages.encode_tasks(right)
        reply = cluster_messages.decode_cluster_message(runtime.run_action(lambda b: b.grade_tasks(name, data)))
        results = cluster_messages.parse_results(reply, right, load_course(setup.course), setup)
        return sum(d.result.score for d in results if isinstance(d.result, Grading))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(judged, range(8))) == [9.0] * 8


def test_a_failing_course_is_reported(runtime: WorkerRuntime, setup: GradingConfig) -> None:
    """The course's author gets the error, and no student's answer counts as wrong."""
    checks = setup.course / "reference" / "doubling" / "checks.py"
    once = "(calls.append(1), rng.normal(size=3) if len(calls) < 2 else rng.no_such)[1]"  # loading makes one call
    checks.write_text("calls = []\n" + checks.read_text().replace("rng.normal(size=3)", once))
    order, course = _order(replace(setup, version=compute_course_version(setup.course / "reference")))
    assert "ready" in _prepare(runtime, order, course)
    reply = cluster_messages.decode_cluster_message(
        runtime.run_action(
            lambda b: b.grade_tasks(
                cluster_messages.hash_order(order), cluster_messages.encode_tasks(tasks_of([RIGHT]))
            )
        )
    )
    assert "making its inputs raised AttributeError" in reply["course_error"]


def test_a_process_has_one_runtime(tmp_path: Path) -> None:
    """The runtime is kept in the dict in which it was made."""
    kept: dict[str, object] = {}
    assert get_runtime(kept, tmp_path) is get_runtime(kept, tmp_path)
