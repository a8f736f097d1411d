"""Tests of a cluster of real processes: the results equal those of this machine, whatever is killed or stopped.

Covers `grading/cluster/connection.py` and `grading/cluster/__init__.py`.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import pytest

from grader.core.errors import ClusterError, CourseError
from grader.core.results.grading import Grading
from grader.course.loader import compute_course_version, load_course
from grader.grading.cluster.address import Certificates, Scheduler
from grader.grading.cluster.connection import ArrivalQueue, Connection
from grader.grading.cluster.coordinator import Cluster, grade_on_cluster
from grader.grading.cluster.worker_states import MAX_BATCH_TASKS
from grader.grading.pool import MAX_IN_FLIGHT_PER_WORKER
from grader.grading.pool import grade_in_pool as grade_here
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult, make_faulted_grading
from tests.grading.cluster.ground import RIGHT, SOURCES, Ground, evil, plain, tasks_of, wait_until

SLOW = b"import time\ntime.sleep(0.3)\n" + RIGHT


def _results(done: Iterable[TaskResult]) -> dict[int, Grading | str]:
    """Return results by task, without their times, and require that each arrives once."""
    found: dict[int, Grading | str] = {}
    for one in done:
        assert one.id not in found, "it arrived twice"
        found[one.id] = replace(one.result, elapsed_ms=0.0) if isinstance(one.result, Grading) else one.result
    return found


class Notices(list[str]):
    """The notices to the user."""

    def __call__(self, text: str) -> None:
        self.append(text)


def test_a_cluster_gives_the_same_results(ground: Ground, setup: GradingConfig) -> None:
    """Two workers grade right, wrong, crashing, random and unreadable ones, without a notice."""
    ground.start_worker()
    ground.start_worker()
    tasks, notices = tasks_of(list(SOURCES.values()) * 5), Notices()
    results = _results(grade_on_cluster(setup, tasks, Scheduler(ground.address), notices))
    assert results == _results(grade_here(setup, tasks, 1))
    assert notices == []


def test_a_killed_workers_tasks_are_reassigned(ground: Ground, setup: GradingConfig) -> None:
    """After SIGKILL to a worker another one does its tasks."""
    victim = ground.start_worker()
    ground.start_worker()
    tasks = tasks_of([SLOW] * 16)
    results: list[TaskResult] = []
    with closing(grade_on_cluster(setup, tasks, Scheduler(ground.address), Notices())) as graded:
        for done in graded:
            results.append(done)
            if len(results) == 4:
                victim.kill()
    assert _results(results) == _results(grade_here(setup, tasks, 2))


def test_new_workers_continue_after_all_are_killed(ground: Ground, setup: GradingConfig) -> None:
    """The coordinator waits for workers, with a notice, and loses no task."""
    workers = [ground.start_worker(), ground.start_worker()]
    tasks, notices = tasks_of([SLOW] * 12), Notices()
    results: list[TaskResult] = []
    with closing(Cluster(setup, Scheduler(ground.address), notices)) as cluster:
        for done in cluster.run(iter(tasks)):
            results.append(done)
            if len(results) == 3:
                for worker in workers:
                    worker.kill()
                time.sleep(1.0)
                ground.start_worker()
    assert len(_results(results)) == 12
    assert _results(results) == _results(grade_here(setup, tasks, 2))


def test_a_stopped_worker_does_not_block_the_others(ground: Ground, setup: GradingConfig) -> None:
    """After SIGSTOP others do the worker's tasks; its later results are ignored."""
    paused = ground.start_worker()
    ground.start_worker()
    tasks = tasks_of([SLOW] * 20)
    results: list[TaskResult] = []
    with closing(Cluster(setup, Scheduler(ground.address), Notices(), silence=3.0)) as cluster:
        for done in cluster.run(iter(tasks)):
            results.append(done)
            if len(results) == 4:
                paused.send_signal(signal.SIGSTOP)
            if len(results) == 14:
                paused.send_signal(signal.SIGCONT)
    assert _results(results) == _results(grade_here(setup, tasks, 2))


DEADLY = """

import multiprocessing
import os
import signal

calls = []


@twice.check(points=1)
def deadly(rng):
    '''Kills a worker, but no coordinator, and not as the course is loaded.'''
    calls.append(rng)
    if "DEADLY" in os.environ and len(calls) > 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return rng.normal(size=2)
"""


def test_a_task_that_kills_its_workers_is_a_grader_error(ground: Ground, setup: GradingConfig) -> None:
    """The task gets a pending `grader_error` without cost; restarted workers grade the others."""
    reference = setup.course / "reference"
    (reference / "deadly").mkdir()
    for name in ("solution.py", "checks.py"):
        text = (reference / "doubling" / name).read_text().replace("points=3", "points=4")
        (reference / "deadly" / name).write_text(text + (DEADLY if name == "checks.py" else ""))
    (reference / "course.toml").write_text('exercises = ["doubling", "deadly"]\n')
    setup = replace(setup, version=compute_course_version(reference))
    ground.start_worker("--nthreads", "1", "--nworkers", "2", DEADLY="1")
    tasks = [replace(task, exercise="deadly") if task.id == 3 else task for task in tasks_of([RIGHT] * 8)]
    results = _results(grade_on_cluster(setup, tasks, Scheduler(ground.address), Notices()))
    assert results.pop(3) == make_faulted_grading(load_course(setup.course).exercise("deadly"), setup)
    assert [r.score for r in results.values() if isinstance(r, Grading)] == [3.0] * 7


def test_tasks_are_taken_on_demand(ground: Ground, setup: GradingConfig) -> None:
    """Batches per worker are few and bounded, so that memory does not grow with the class."""
    ground.start_worker()
    taken = 0

    def endless() -> Iterator[GradingTask]:
        nonlocal taken
        while True:
            taken += 1
            yield GradingTask(taken, "doubling", "doubling.py", RIGHT)

    with closing(Cluster(setup, Scheduler(ground.address), Notices())) as cluster:
        for given, _ in zip(range(1, 600), cluster.run(endless()), strict=False):
            assert taken - given <= (MAX_IN_FLIGHT_PER_WORKER + 1) * MAX_BATCH_TASKS


def test_another_version_refuses(ground: Ground, setup: GradingConfig, tmp_path: Path) -> None:
    """A worker with another grader is named and not used; if there is no other, the command ends."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "sitecustomize.py").write_text("import grader.version\ngrader.version.__version__ = '0.0.9'\n")
    old = os.pathsep.join(filter(None, [str(tmp_path / "old"), os.environ.get("PYTHONPATH", "")]))
    ground.start_worker("--no-nanny", "--nthreads", "4", PYTHONPATH=old)
    notices = Notices()
    with pytest.raises(ClusterError, match=r"it has grader 0\.0\.9, but the coordinator has .*: install the same"):
        list(grade_on_cluster(setup, tasks_of([RIGHT]), Scheduler(ground.address), notices))
    ground.start_worker("--no-nanny", "--nthreads", "4")
    with closing(Connection(Scheduler(ground.address))) as connection:
        wait_until(lambda: len(connection.workers()) == 2)
    with closing(Cluster(setup, Scheduler(ground.address), notices)) as cluster:
        wait_until(lambda: not cluster.take(0.1) and cluster.room > 0)
        assert len(_results(cluster.run(iter(tasks_of([RIGHT] * 3))))) == 3
    assert any("it has grader 0.0.9" in text for text in notices)
    assert any("--nthreads 1" in text for text in notices)


def test_a_failing_course_ends_the_batch(ground: Ground, setup: GradingConfig) -> None:
    """A failing course ends the batch with the same line for its author as on this machine."""
    checks = setup.course / "reference" / "doubling" / "checks.py"
    once = "(calls.append(1), rng.normal(size=3) if len(calls) < 2 else rng.no_such)[1]"  # loading makes one call
    checks.write_text("calls = []\n" + checks.read_text().replace("rng.normal(size=3)", once))
    setup = replace(setup, version=compute_course_version(setup.course / "reference"))
    ground.start_worker()
    with pytest.raises(CourseError, match="making its inputs raised AttributeError"):
        list(grade_on_cluster(setup, tasks_of([RIGHT]), Scheduler(ground.address), Notices()))


def test_a_lost_scheduler_is_reported(setup: GradingConfig, tmp_path: Path) -> None:
    """A lost or missing scheduler is reported in one line; nothing waits forever."""
    with contextlib.ExitStack() as ended:
        ground = Ground(tmp_path)
        ended.callback(ground.end)
        ground.start_scheduler().start_worker()
        scheduler = Scheduler(ground.address)
        results = ended.enter_context(closing(grade_on_cluster(setup, tasks_of([SLOW] * 12), scheduler, Notices())))
        next(results)
        ground.processes[0].kill()
        with pytest.raises(ClusterError, match="is lost: start it and its workers again") as notices:
            list(results)
        with pytest.raises(ClusterError, match=r"no scheduler answers at tcp://.*: start one with `dask") as never:
            Connection(scheduler, patience=0.5)
    assert "\n" not in str(notices.value) + str(never.value)


def test_no_result_is_unpickled(ground: Ground, tmp_path: Path) -> None:
    """An object returned by a worker instead of bytes is never loaded; bytes arrive unchanged."""
    ground.start_worker(PYTHONPATH=str(Path(__file__).resolve().parents[2]))
    arrived: ArrivalQueue = SimpleQueue()
    with closing(Connection(Scheduler(ground.address))) as connection:
        wait_until(lambda: len(connection.workers()) == 1)
        (worker,) = connection.workers()
        for key, function in (("evil", evil), ("plain", plain)):
            future = connection.submit(key, worker, function, str(tmp_path / "made"))
            future.add_done_callback(partial(connection.fetch, arrivals=arrived))
            assert arrived.get(timeout=60) == (key, b"bytes" if function is plain else None)
    assert not (tmp_path / "made").exists()


_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """Return an authority made for this test, and one certificate that it has signed for all processes."""
    if shutil.which("openssl") is None and not os.environ.get("CI"):
        pytest.skip("openssl is not installed: no certificates to test with")
    ca, own = tmp_path / "ca", tmp_path / "own"
    for name in (ca, own):
        new = ["req", "-x509" if name is ca else "-new", *_CURVE, "-nodes", "-subj", f"/CN={name.name}"]
        _openssl(*new, "-keyout", f"{name}.key", "-out", f"{ca}.pem" if name is ca else f"{own}.csr")
    _openssl("x509", "-req", "-in", f"{own}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-out", f"{own}.pem")
    return Certificates(Path(f"{ca}.pem"), Path(f"{own}.pem"), Path(f"{own}.key"))


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)


def test_a_cluster_uses_tls(certificates: Certificates, setup: GradingConfig, tmp_path: Path) -> None:
    """Certificates of one authority work; without them the scheduler doesn't answer."""
    files = ["--tls-ca-file", certificates.authority, "--tls-cert", certificates.certificate]
    security = [str(part) for part in (*files, "--tls-key", certificates.key)]
    ground = Ground(tmp_path, security, "tls")
    with contextlib.ExitStack() as ended:
        ended.callback(ground.end)
        ground.start_scheduler()
        assert ground.address.startswith("tls://")
        ground.start_worker()
        tasks = tasks_of(list(SOURCES.values()))
        results = grade_on_cluster(setup, tasks, Scheduler(ground.address, certificates), Notices())
        assert _results(results) == _results(grade_here(setup, tasks, 1))
        with pytest.raises(ClusterError, match="no scheduler answers"):
            Connection(Scheduler(ground.address.replace("tls", "tcp")), patience=1.0)
