"""Who is there: workers that come, go, fall silent and speak again; and how many tasks make a parcel."""

from typing import Any

from grader.grading.cluster.worker_states import HEAVIEST, LONGEST, Pace, Posts, Waiting
from grader.grading.cpu_affinity import Seat
from grader.grading.pool import Task


def _said(moment: float, status: str = "running") -> dict[str, Any]:
    return {"last_seen": moment, "status": status, "nthreads": 1}


def test_workers_come_and_go() -> None:
    """Each is new once, and gone once."""
    posts = Posts(10)
    assert [p.address for p in posts.look({"a": _said(1), "b": _said(1)}, 0).new] == ["a", "b"]
    assert not posts.look({"a": _said(2), "b": _said(2)}, 1).new
    changes = posts.look({"b": _said(3), "c": _said(3)}, 2)
    assert ([p.address for p in changes.new], [p.address for p in changes.gone]) == (["c"], ["a"])
    assert posts.at("a") is None


def test_a_silent_worker_is_away_until_it_speaks() -> None:
    """By our own clock, for the scheduler's may be another; a paused one is silent too."""
    posts = Posts(10)
    posts.look({"a": _said(100), "b": _said(100)}, 0)
    assert not posts.look({"a": _said(100), "b": _said(107)}, 9).silent
    assert [p.address for p in posts.look({"a": _said(100), "b": _said(111)}, 11).silent] == ["a"]
    assert not posts.look({"a": _said(100), "b": _said(112)}, 12).new
    assert [p.address for p in posts.look({"a": _said(113), "b": _said(112)}, 13).new] == ["a"]
    assert [p.address for p in posts.look({"a": _said(140), "b": _said(140, "paused")}, 24).silent] == ["b"]


def test_each_worker_of_a_machine_has_a_seat_of_its_own() -> None:
    """Those of other machines don't count; who comes later takes the first that is free."""
    posts = Posts(10)
    there = {f"tcp://one:{port}": _said(1) for port in (1, 2)} | {"tcp://two:1": _said(1)}
    seats = {post.address: post.seat for post in posts.look(there, 0).new}
    assert seats == {"tcp://one:1": Seat(0, 2), "tcp://one:2": Seat(1, 2), "tcp://two:1": Seat(0, 1)}
    there = {address: _said(2) for address in ("tcp://one:2", "tcp://one:3", "tcp://two:1")}
    assert [(post.address, post.seat) for post in posts.look(there, 1).new] == [("tcp://one:3", Seat(0, 2))]


def test_parcels_are_bounded() -> None:
    """In tasks and in bytes; suspects are in none."""
    waiting = Waiting()
    waiting.tasks.extend(Task(n, "e", "f.py", b"") for n in range(5))
    waiting.tasks.extend(Task(n, "e", "f.py", bytes(HEAVIEST)) for n in range(5, 8))
    waiting.suspects.append(Task(9, "e", "f.py", b""))
    assert len(waiting) == 9
    sizes = []
    while parcel := waiting.parcel(3):
        sizes.append([task.id for task in parcel])
    assert sizes == [[0, 1, 2], [3, 4, 5], [6], [7]]


def test_quick_tasks_travel_together() -> None:
    """And slow ones alone, so that the end comes evenly."""
    pace = Pace()
    assert pace.size == 1
    for _ in range(50):
        pace.learn(10, 0.001)
    assert pace.size == LONGEST
    for _ in range(50):
        pace.learn(1, 5.0)
    assert pace.size == 1
