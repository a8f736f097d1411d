"""Tests of workers that join, leave, fall silent and return, and of the number of tasks in a batch."""

from typing import Any

from grader.grading.cluster.worker_states import MAX_BATCH_BYTES, MAX_BATCH_TASKS, TaskQueue, Throughput, WorkerRegistry
from grader.grading.cpu_affinity import CpuSlot
from grader.grading.tasks import GradingTask


def _worker_info(moment: float, status: str = "running") -> dict[str, Any]:
    return {"last_seen": moment, "status": status, "nthreads": 1}


def test_workers_join_and_leave() -> None:
    """Each worker is new once, and gone once."""
    posts = WorkerRegistry(10)
    assert [p.address for p in posts.update({"a": _worker_info(1), "b": _worker_info(1)}, 0).new] == ["a", "b"]
    assert not posts.update({"a": _worker_info(2), "b": _worker_info(2)}, 1).new
    changes = posts.update({"b": _worker_info(3), "c": _worker_info(3)}, 2)
    assert ([p.address for p in changes.new], [p.address for p in changes.lost]) == (["c"], ["a"])
    assert posts.find("a") is None


def test_a_silent_worker_is_absent_until_it_is_heard() -> None:
    """Silence is measured by the coordinator's clock, not the scheduler's; a paused worker is silent too."""
    posts = WorkerRegistry(10)
    posts.update({"a": _worker_info(100), "b": _worker_info(100)}, 0)
    assert not posts.update({"a": _worker_info(100), "b": _worker_info(107)}, 9).silent
    assert [p.address for p in posts.update({"a": _worker_info(100), "b": _worker_info(111)}, 11).silent] == ["a"]
    assert not posts.update({"a": _worker_info(100), "b": _worker_info(112)}, 12).new
    assert [p.address for p in posts.update({"a": _worker_info(113), "b": _worker_info(112)}, 13).new] == ["a"]
    assert [p.address for p in posts.update({"a": _worker_info(140), "b": _worker_info(140, "paused")}, 24).silent] == [
        "b"
    ]


def test_each_worker_of_a_machine_has_its_own_slot() -> None:
    """Workers of other machines don't count; a later one takes the first free slot."""
    posts = WorkerRegistry(10)
    there = {f"tcp://one:{port}": _worker_info(1) for port in (1, 2)} | {"tcp://two:1": _worker_info(1)}
    seats = {post.address: post.cpu_slot for post in posts.update(there, 0).new}
    assert seats == {"tcp://one:1": CpuSlot(0, 2), "tcp://one:2": CpuSlot(1, 2), "tcp://two:1": CpuSlot(0, 1)}
    there = {address: _worker_info(2) for address in ("tcp://one:2", "tcp://one:3", "tcp://two:1")}
    assert [(post.address, post.cpu_slot) for post in posts.update(there, 1).new] == [("tcp://one:3", CpuSlot(0, 2))]


def test_batches_are_bounded() -> None:
    """A batch is bounded in tasks and in bytes, and has no suspects."""
    waiting = TaskQueue()
    waiting.tasks.extend(GradingTask(n, "e", "f.py", b"") for n in range(5))
    waiting.tasks.extend(GradingTask(n, "e", "f.py", bytes(MAX_BATCH_BYTES)) for n in range(5, 8))
    waiting.suspects.append(GradingTask(9, "e", "f.py", b""))
    assert len(waiting) == 9
    sizes = []
    while batch := waiting.take_batch(3):
        sizes.append([task.id for task in batch])
    assert sizes == [[0, 1, 2], [3, 4, 5], [6], [7]]


def test_quick_tasks_share_a_batch() -> None:
    """Quick tasks share a batch and slow ones don't, so that workers finish evenly."""
    pace = Throughput()
    assert pace.batch_size == 1
    for _ in range(50):
        pace.add_sample(10, 0.001)
    assert pace.batch_size == MAX_BATCH_TASKS
    for _ in range(50):
        pace.add_sample(1, 5.0)
    assert pace.batch_size == 1
