"""Who is there: workers that come, go, fall silent and speak again; and how many tasks make a parcel."""

from typing import Any

from grader.grading.cluster.worker_states import MAX_BATCH_BYTES, MAX_BATCH_TASKS, TaskQueue, Throughput, WorkerRegistry
from grader.grading.cpu_affinity import CpuSlot
from grader.grading.pool import GradingTask


def _said(moment: float, status: str = "running") -> dict[str, Any]:
    return {"last_seen": moment, "status": status, "nthreads": 1}


def test_workers_come_and_go() -> None:
    """Each is new once, and gone once."""
    posts = WorkerRegistry(10)
    assert [p.address for p in posts.update({"a": _said(1), "b": _said(1)}, 0).new] == ["a", "b"]
    assert not posts.update({"a": _said(2), "b": _said(2)}, 1).new
    changes = posts.update({"b": _said(3), "c": _said(3)}, 2)
    assert ([p.address for p in changes.new], [p.address for p in changes.gone]) == (["c"], ["a"])
    assert posts.find("a") is None


def test_a_silent_worker_is_away_until_it_speaks() -> None:
    """By our own clock, for the scheduler's may be another; a paused one is silent too."""
    posts = WorkerRegistry(10)
    posts.update({"a": _said(100), "b": _said(100)}, 0)
    assert not posts.update({"a": _said(100), "b": _said(107)}, 9).silent
    assert [p.address for p in posts.update({"a": _said(100), "b": _said(111)}, 11).silent] == ["a"]
    assert not posts.update({"a": _said(100), "b": _said(112)}, 12).new
    assert [p.address for p in posts.update({"a": _said(113), "b": _said(112)}, 13).new] == ["a"]
    assert [p.address for p in posts.update({"a": _said(140), "b": _said(140, "paused")}, 24).silent] == ["b"]


def test_each_worker_of_a_machine_has_a_seat_of_its_own() -> None:
    """Those of other machines don't count; who comes later takes the first that is free."""
    posts = WorkerRegistry(10)
    there = {f"tcp://one:{port}": _said(1) for port in (1, 2)} | {"tcp://two:1": _said(1)}
    seats = {post.address: post.cpu_slot for post in posts.update(there, 0).new}
    assert seats == {"tcp://one:1": CpuSlot(0, 2), "tcp://one:2": CpuSlot(1, 2), "tcp://two:1": CpuSlot(0, 1)}
    there = {address: _said(2) for address in ("tcp://one:2", "tcp://one:3", "tcp://two:1")}
    assert [(post.address, post.cpu_slot) for post in posts.update(there, 1).new] == [("tcp://one:3", CpuSlot(0, 2))]


def test_parcels_are_bounded() -> None:
    """In tasks and in bytes; suspects are in none."""
    waiting = TaskQueue()
    waiting.tasks.extend(GradingTask(n, "e", "f.py", b"") for n in range(5))
    waiting.tasks.extend(GradingTask(n, "e", "f.py", bytes(MAX_BATCH_BYTES)) for n in range(5, 8))
    waiting.suspects.append(GradingTask(9, "e", "f.py", b""))
    assert len(waiting) == 9
    sizes = []
    while parcel := waiting.take_batch(3):
        sizes.append([task.id for task in parcel])
    assert sizes == [[0, 1, 2], [3, 4, 5], [6], [7]]


def test_quick_tasks_travel_together() -> None:
    """And slow ones alone, so that the end comes evenly."""
    pace = Throughput()
    assert pace.batch_size == 1
    for _ in range(50):
        pace.add_sample(10, 0.001)
    assert pace.batch_size == MAX_BATCH_TASKS
    for _ in range(50):
        pace.add_sample(1, 5.0)
    assert pace.batch_size == 1
