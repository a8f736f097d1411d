"""Tests of faults at random moments, many times: the results equal those of this machine, and none arrives twice.

The short form of each test is in `test_coordinator.py` and `test_command.py`; this one runs with `--long`.
"""

import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace

import pytest

from grader.core.results.grading import Grading
from grader.grading.cluster.address import Scheduler
from grader.grading.cluster.coordinator import Cluster
from grader.grading.cluster.grading_json import serialize_grading
from grader.grading.pool import grade_in_pool as grade_here
from grader.grading.tasks import GradingConfig, TaskResult
from tests.grading.cluster.ground import SOURCES, Ground, tasks_of

ROUNDS = 25
SILENCE = 2.0
"""Seconds after which a worker counts as silent in these tests, so that a round is short."""
SLOW = b"import time\ntime.sleep(0.05)\n"
TASKS = tasks_of([SLOW + source if source else source for source in SOURCES.values()] * 5)

Fault = Callable[[Ground, random.Random], None]


def kill_one(ground: Ground, rng: random.Random) -> None:
    """Send SIGKILL to one of the workers."""
    _kill(rng.choice(ground.workers))


def kill_all(ground: Ground, rng: random.Random) -> None:
    """Send SIGKILL to all workers, and start new ones a moment later."""
    for worker in ground.workers:
        _kill(worker)
    time.sleep(rng.uniform(0, 1.5))
    _restore_workers(ground)


def pause_one(ground: Ground, rng: random.Random) -> None:
    """Send SIGSTOP to one of the workers, which continues before or after it counts as silent."""
    worker = rng.choice(ground.workers)
    worker.send_signal(signal.SIGSTOP)
    time.sleep(rng.uniform(0.1, 2.5 * SILENCE))
    worker.send_signal(signal.SIGCONT)


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    worker.kill()
    worker.wait()


def _restore_workers(ground: Ground) -> None:
    """Bring the number of live workers to two."""
    while len(ground.workers) < 2:
        ground.start_worker()


def _lines(done: Iterable[TaskResult]) -> dict[int, str]:
    """Return each result as JSON without its time, and require that each arrives once."""
    found: dict[int, str] = {}
    for one in done:
        assert one.id not in found, "it arrived twice"
        timeless = replace(one.result, elapsed_ms=0.0) if isinstance(one.result, Grading) else one.result
        found[one.id] = serialize_grading(timeless) if isinstance(timeless, Grading) else timeless
    return found


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fault", [kill_one, kill_all, pause_one])
def test_faults_at_random_moments_change_nothing(ground: Ground, setup: GradingConfig, fault: Fault) -> None:
    """Faults from before the first task to after the last don't change the results."""
    rng = random.Random()
    alone = _lines(grade_here(setup, TASKS, 2))
    longest = 2.0
    for _ in range(ROUNDS):
        _restore_workers(ground)
        moment = rng.uniform(0, longest)
        with closing(Cluster(setup, Scheduler(ground.address), print, silence=SILENCE)) as cluster:
            timer = threading.Timer(moment, fault, (ground, rng))
            begun = time.monotonic()
            timer.start()
            there = _lines(cluster.run(iter(TASKS)))
            longest = max(longest, min(6.0, time.monotonic() - begun))
            timer.join()
        assert there == alone, f"{fault.__name__} after {moment:.3f} s"
