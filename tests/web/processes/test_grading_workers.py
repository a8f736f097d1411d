"""The portal with a cluster's workers, which may go and come back: nothing is lost, and one line logs it."""

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from grader.grading.cluster.address import Certificates, Scheduler
from grader.store import Store
from grader.web.settings import PortalSettings
from tests.grading.cluster.ground import Ground

TWICE = "def twice(x):\n    time_{n} = x + x\n    return time_{n}\n"


def test_a_cluster_grades_and_may_go_and_come_back(serving: Any, enter: Any, course: Path, tmp_path: Path) -> None:
    """Without scheduler or workers uploads are accepted and wait; each is graded once when they are back.

    An outage is logged once, and no process of the portal ends because of it.
    """
    url = f"sqlite:///{tmp_path / 'grader.db'}"
    with ExitStack() as ended:
        ground = Ground(tmp_path)
        ended.callback(ground.end)
        ground.start_scheduler()
        ground.start_worker()
        server = ended.enter_context(serving(course, url, tmp_path, "--scheduler", ground.address))
        store = ended.enter_context(Store.open(url))
        ada = enter(server.url, store, "ada")

        def hand_in(number: int) -> None:
            assert ada.hand_in("doubling", TWICE.format(n=number).encode()).status_code == 303

        def is_graded(count: int) -> bool:
            return store.read_info().gradings == count

        def somebody_grades() -> bool:
            return bool(httpx.get(f"{server.url}/readyz", timeout=60).json()["dispatcher"])

        hand_in(1)
        server.wait(lambda: is_graded(1))
        ground.end()
        server.wait(lambda: not somebody_grades())
        hand_in(2)
        assert "being graded" in ada.get("/exercises/doubling/attempts/2").text
        ground.processes.clear()
        ground.start_scheduler(int(ground.address.rpartition(":")[2]))
        ground.start_worker()
        server.wait(lambda: is_graded(2))
        ground.end_workers()
        hand_in(3)
        server.wait(lambda: "has no worker: waiting" in server.log.read_text())
        assert is_graded(2)
        ground.start_worker()
        server.wait(lambda: is_graded(3))
        handed_in = [one.id for one in store.submissions()]
        assert Counter(g.submission.id for g in store.iterate_graded()) == Counter(handed_in)
        events = [json.loads(line)["event"] for line in server.log.read_text().splitlines() if line.startswith("{")]
    assert sum("the cluster can't be used" in event for event in events) == 1
    assert not any("a process ended" in event for event in events)


def test_a_regrade_uses_the_workers_of_the_portal(course: Path, tmp_path: Path) -> None:
    """The portal's regrade command gets its number of workers, or its cluster with absolute certificate paths."""
    files = [tmp_path / name for name in ("ca.pem", "own.pem", "own.key")]
    for file in files:
        file.touch()
    there = Scheduler("tls://192.0.2.7:8786", Certificates(files[0], files[1], files[2]))
    told = PortalSettings(course, "sqlite:///grader.db", b"s" * 32, "http://127.0.0.1", scheduler=there).grade_options
    names = ("--tls-ca", "--tls-cert", "--tls-key")
    pairs = [part for name, file in zip(names, files, strict=True) for part in (name, str(file))]
    assert list(told) == ["--sandbox", "seccomp", "--scheduler", "tls://192.0.2.7:8786", *pairs]
    here = PortalSettings(course, "sqlite:///grader.db", b"s" * 32, "http://127.0.0.1", workers=3).grade_options
    assert here == ("--sandbox", "seccomp", "--workers", "3")
