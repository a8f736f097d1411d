"""Tests of batches over worker processes: no task is lost, no process is left, and their number changes no result.

Covers `grading/tasks.py`, `grading/task_worker.py`, `grading/worker_process.py` and `grading/step_deadline.py`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from grader.core.errors import CourseError, SandboxFault
from grader.core.results.grading import Grading
from grader.core.results.verdict import Verdict
from grader.course.loader import load_course
from grader.grading.grading_loop import WorkerCounts
from grader.grading.pool import INLINE_THRESHOLD, Pool, grade_in_pool
from grader.grading.task_worker import Worker
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult, make_faulted_grading
from grader.sandbox.level import Level

SOURCES = {
    "right": b"def twice(x):\n    return x + x\n",
    "wrong": b"def twice(x):\n    return x * x\n",
    "raises": b"def twice(x):\n    1 / 0\n",
    "crash": b"import os\ndef twice(x):\n    os._exit(3)\n",
    "random": b"import numpy as np\ndef twice(x):\n    return np.random.normal(size=x.shape)\n",
    "printing": b"def twice(x):\n    print(x)\n    return 2 * x\n",
    "syntax": b"def twice(x:\n",
    "unreadable": b"",
}
SLOW = b"import time\ntime.sleep(4)\n"
DEADLY = """

import multiprocessing
import os
import signal

calls = []


@twice.check(points=1)
def deadly(rng):
    '''Kills a worker, but no coordinator, and not as the course is loaded.'''
    calls.append(rng)
    if multiprocessing.parent_process() is not None and len(calls) > AT_LOAD:
        os.kill(os.getpid(), signal.SIGKILL)
    return rng.normal(size=2)
"""


@pytest.fixture
def setup(course_folder: Path) -> GradingConfig:
    """Return the configuration of a small course with its own secret."""
    return GradingConfig(course_folder, load_course(course_folder).version, b"secret")


def _tasks(sources: Iterable[bytes], exercise: str = "doubling") -> list[GradingTask]:
    return [GradingTask(number, exercise, "doubling.py", source) for number, source in enumerate(sources)]


def _results(done: Iterable[TaskResult]) -> dict[int, Grading | str]:
    """Return results by task, without their times."""
    timeless = ((d.id, d.result) for d in done)
    return {id: replace(r, elapsed_ms=0.0) if isinstance(r, Grading) else r for id, r in timeless}


def test_the_number_of_workers_changes_no_result(setup: GradingConfig) -> None:
    """One, two and three processes give the same gradings of right, wrong, crashing, random and unreadable ones."""
    tasks = _tasks(SOURCES.values())
    assert len(tasks) > INLINE_THRESHOLD
    alone = _results(grade_in_pool(setup, tasks, 1))
    assert alone == _results(grade_in_pool(setup, tasks, 2)) == _results(grade_in_pool(setup, reversed(tasks), 3))
    assert [alone[i] for i, name in enumerate(SOURCES) if name == "unreadable"] == [
        "doubling.py is empty: save your work and try again"
    ]
    scores = [r.score for r in alone.values() if isinstance(r, Grading)]
    assert scores == [3.0, 0.0, 0.0, 0.0, 0.0, 3.0, 0.0]


def test_tasks_are_taken_on_demand(setup: GradingConfig) -> None:
    """Memory does not grow with the number of tasks."""
    taken = 0

    def endless() -> Iterator[GradingTask]:
        nonlocal taken
        while True:
            taken += 1
            yield GradingTask(taken, "doubling", "doubling.py", SOURCES["right"])

    with closing(grade_in_pool(setup, endless(), 2)) as results:
        for given, _ in zip(range(1, 20), results, strict=False):
            assert taken - given <= INLINE_THRESHOLD + 1 + 2 * 2


@pytest.mark.parametrize("processors", [1, 2])
def test_workers_are_pinned_if_each_has_a_cpu(setup: GradingConfig, processors: int) -> None:
    """With two CPUs, two workers and replacements are pinned to one each; otherwise none is pinned."""
    before = os.sched_getaffinity(0)
    there = set(sorted(before)[:processors])
    try:
        os.sched_setaffinity(0, there)
        with closing(grade_in_pool(setup, _tasks([SOURCES["right"]] * 40), 2)) as results:
            for _ in zip(range(10), results, strict=False):
                pass
            _wait_until(lambda: _are_spread(there))
            os.kill(_workers(os.getpid())[0], signal.SIGKILL)
            for _ in zip(range(20), results, strict=False):
                pass
            _wait_until(lambda: _are_spread(there))
    finally:
        os.sched_setaffinity(0, before)


def _are_spread(there: set[int]) -> bool:
    """Return whether this process is not pinned and, with two CPUs, each of two workers has its own."""
    assert os.sched_getaffinity(0) == there
    stays = [os.sched_getaffinity(worker) for worker in _workers(os.getpid())]
    return sorted(map(sorted, stays)) == (sorted([one] for one in there) if len(there) == 2 else [list(there)] * 2)


def test_a_killed_worker_is_replaced(setup: GradingConfig) -> None:
    """After SIGKILL to a worker every task still has its one result, and all are right."""
    slow = b"import time\ntime.sleep(0.4)\n" + SOURCES["right"]
    seen: list[int] = []
    with closing(grade_in_pool(setup, _tasks([slow] * 12), 2)) as results:
        for done in results:
            seen.append(done.id)
            assert isinstance(done.result, Grading)
            assert done.result.score == 3.0
            if len(seen) in (2, 5):
                os.kill(_workers(os.getpid())[0], signal.SIGKILL)
    assert sorted(seen) == list(range(12))
    assert _workers(os.getpid()) == []


@pytest.fixture
def with_deadly(course_folder: Path) -> Callable[[int], GradingConfig]:
    """Return the course with an additional exercise, `deadly`, that kills a worker at a call of its check's inputs."""

    def make(at_load: int) -> GradingConfig:
        deadly = course_folder / "reference" / "deadly"
        deadly.mkdir()
        for name in ("solution.py", "checks.py"):
            text = (course_folder / "reference" / "doubling" / name).read_text().replace("points=3", "points=4")
            more = DEADLY.replace("AT_LOAD", str(at_load)) if name == "checks.py" else ""
            (deadly / name).write_text(text + more)
        (course_folder / "reference" / "course.toml").write_text('exercises = ["doubling", "deadly"]\n')
        return GradingConfig(course_folder, load_course(course_folder).version, b"secret")

    return make


def test_a_task_that_kills_two_workers_is_a_grader_error(with_deadly: Callable[[int], GradingConfig]) -> None:
    """The task gets a pending `grader_error` without cost; the others are graded."""
    setup = with_deadly(1)
    tasks = [replace(task, exercise="deadly") if task.id == 3 else task for task in _tasks([SOURCES["right"]] * 8)]
    results = _results(grade_in_pool(setup, tasks, 2))
    assert results.pop(3) == make_faulted_grading(load_course(setup.course).exercise("deadly"), setup)
    assert [r.score for r in results.values() if isinstance(r, Grading)] == [3.0] * 7


HANGING = """

from pathlib import Path

MARK = Path(__file__).parents[2] / "hung"


@twice.check(points=1, hidden=True, holds=lambda result, x: hang(result))
def hanging(rng):
    '''Hangs if the answer begins with 13, and keeps the interpreter's lock.'''
    return rng.normal(size=2)


def hang(result):
    if result[0] == 13:
        with MARK.open("a") as file:
            file.write("x")
        sum(iter(int, 1))
"""


@pytest.fixture
def hanging(course_folder: Path) -> GradingConfig:
    """Return the course with a check whose rule never ends for some answers, and a short time limit."""
    path = course_folder / "reference" / "doubling" / "checks.py"
    path.write_text(path.read_text().replace("points=3", "points=4") + HANGING)
    return GradingConfig(course_folder, load_course(course_folder).version, b"secret", judging_timeout=1.5)


def test_a_rule_that_hangs_ends_at_its_deadline(hanging: GradingConfig) -> None:
    """Its task is pending after one try; the only worker is replaced, and all other tasks are graded."""
    tasks = _tasks([SOURCES["right"]] * 3 + [b"def twice(x):\n    return 13 + 0 * x\n"] + [SOURCES["right"]] * 4)
    with closing(Pool(hanging, 1, tasks_per_worker=1)) as pool:
        results = _results(pool.run(iter(tasks)))
        assert pool.count_workers() == WorkerCounts(1, 1, 0)
    assert results.pop(3) == make_faulted_grading(load_course(hanging.course).exercise("doubling"), hanging)
    assert [r.score for r in results.values() if isinstance(r, Grading)] == [4.0] * 7
    assert (hanging.course / "hung").read_text() == "x"


def test_no_task_waits_behind_another(setup: GradingConfig) -> None:
    """With one task per worker, a worker has room only when it has none."""
    with closing(Pool(setup, 2, tasks_per_worker=1)) as pool:
        assert (pool.room, pool.capacity) == (2, 2)
        for task in _tasks([SLOW, SOURCES["right"]]):
            pool.give(task)
        assert pool.room == 0
        while not (done := pool.take(60)):
            pass
        assert [one.id for one in done] == [1]
        assert (pool.room, pool.count_workers()) == (1, WorkerCounts(2, 1, 0))


def test_a_large_file_does_not_hold_up_the_coordinator(setup: GradingConfig) -> None:
    """It is given to a worker that reads, so that neither waits for the other; this one reads nothing for now."""
    with closing(Pool(setup, 1)) as pool:
        pool.give(GradingTask(1, "doubling", "doubling.py", SOURCES["right"]))
        while not pool.take(60):
            pass
        (worker,) = _workers(os.getpid())
        os.kill(worker, signal.SIGSTOP)
        pool.give(GradingTask(2, "doubling", "doubling.py", SOURCES["right"]))
        pool.give(GradingTask(3, "doubling", "doubling.py", SOURCES["right"] + b"#" * 900_000))
        os.kill(worker, signal.SIGCONT)
        done: list[TaskResult] = []
        while len(done) < 2:
            done += pool.take(60)
    assert [(one.id, one.result.score) for one in done if isinstance(one.result, Grading)] == [(2, 3.0), (3, 3.0)]


def test_workers_that_die_as_they_start_end_the_batch(with_deadly: Callable[[int], GradingConfig]) -> None:
    """No task is blamed for a death before it."""
    with pytest.raises(SandboxFault, match=r"worker processes end as they start \(exit status -9\)"):
        list(grade_in_pool(with_deadly(0), _tasks([SOURCES["right"]] * 8), 2))
    assert _workers(os.getpid()) == []


def test_grader_errors_cost_no_points(setup: GradingConfig) -> None:
    """All points are pending, and the next run repeats the task."""
    exercise = load_course(setup.course).exercise("doubling")
    grading = make_faulted_grading(exercise, setup)
    assert (grading.has_grader_error, grading.score, grading.pending, grading.max_score) == (True, 0.0, 3.0, 3.0)
    assert {c.verdict for q in grading.questions for c in q.checks} == {Verdict.GRADER_ERROR}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_course_that_changes_ends_the_batch(setup: GradingConfig, workers: int) -> None:
    """Gradings state a version, so a worker that finds another course stops the batch."""
    with (setup.course / "reference" / "doubling" / "checks.py").open("a") as file:
        file.write("\n# another version\n")
    with pytest.raises(CourseError, match="was changed while it was in use: run the command again"):
        list(grade_in_pool(setup, _tasks([SOURCES["right"]] * 8), workers))
    assert _workers(os.getpid()) == []


def test_a_closed_batch_leaves_no_process(setup: GradingConfig) -> None:
    """Closing it ends workers and zygotes, whatever they are doing."""
    with closing(grade_in_pool(setup, _tasks([SOURCES["right"]] * 2 + [SLOW] * 8), 2)) as results:
        next(results)
        workers = _workers(os.getpid())
        started = {pid: moment for worker in workers for pid, moment in _below(worker).items()}
        assert len(workers) == 2
        assert started
    assert _workers(os.getpid()) == []
    _wait_until(lambda: not _running(started))


def test_a_killed_coordinator_leaves_no_process(course_folder: Path, tmp_path: Path) -> None:
    """After SIGKILL to `grader grade`, workers, zygotes and student code end by themselves."""
    for number in range(INLINE_THRESHOLD + 2):
        (tmp_path / f"s{number}__doubling.py").write_bytes(SLOW + b"# %d\n" % number)
    command = [sys.executable, "-m", "grader", "grade", ".", "--course", str(course_folder), "--workers", "2"]
    coordinator = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until(lambda: sum(map(_is_at_work, _workers(coordinator.pid))) == 2 or coordinator.poll() is not None)
        started = _below(coordinator.pid)
    finally:
        coordinator.kill()
        coordinator.wait()
    assert len(started) >= 6  # two workers, their zygotes, and the children that sleep
    _wait_until(lambda: not _running(started))


def test_a_worker_judges_in_this_process(setup: GradingConfig) -> None:
    """A worker may be given the course; it reports its level and unreadable files."""
    with Worker(setup, load_course(setup.course)) as worker:
        assert worker.level is not Level.NONE
        assert worker.grade_task(GradingTask(7, "doubling", "doubling.py", b"")) == TaskResult(
            7, "doubling.py is empty: save your work and try again"
        )


def _stat(pid: int) -> list[str]:
    """Return state, parent and so on from /proc/PID/stat; nothing once the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _below(pid: int) -> dict[int, str]:
    """Return all descendants of a process, by pid, with their start times."""
    children: dict[int, list[int]] = {}
    stats = {int(name): _stat(int(name)) for name in os.listdir("/proc") if name.isdigit()}
    for child, stat in stats.items():
        if stat:
            children.setdefault(int(stat[1]), []).append(child)
    found: dict[int, str] = {}
    todo = [pid]
    while todo:
        for child in children.get(todo.pop(), ()):
            found[child] = stats[child][19]
            todo.append(child)
    return found


def _running(processes: dict[int, str]) -> list[int]:
    """Return the processes that still run, without zombies."""
    stats = ((pid, started, _stat(pid)) for pid, started in processes.items())
    return [pid for pid, started, stat in stats if stat and stat[19] == started and stat[0] not in "ZX"]


def _workers(coordinator: int) -> list[int]:
    """Return the running worker processes of a coordinator."""
    found = []
    for pid in _running(_below(coordinator)):
        command = Path(f"/proc/{pid}/cmdline")
        if _stat(pid)[1:2] == [str(coordinator)] and b"spawn_main" in command.read_bytes():
            found.append(pid)
    return found


def _is_at_work(worker: int) -> bool:
    """Return whether the worker's zygote has a child."""
    return len(_below(worker)) >= 2


def _wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, "two minutes have passed"
        time.sleep(0.05)
