"""After twenty thousand jobs, memory and open files of coordinator, workers and zygotes are as they were before.

GRADER_ENDURANCE sets another number of jobs.
"""

import contextlib
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from grader.core.results.grading import Grading
from grader.course.loader import load_course
from grader.grading.cluster.address import Scheduler
from grader.grading.cluster.coordinator import grade_on_cluster as grade_there
from grader.grading.pool import grade_in_pool
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult
from tests.grading.cluster.ground import Ground

JOBS = int(os.environ.get("GRADER_ENDURANCE", "20000"))
WARM = JOBS // 10
"""Number of jobs that fill the caches first."""
GROWTH = 24
"""MiB by which a process, with its children, may grow afterwards: memory is allocated in large pieces."""
ANSWERS = (
    b"def twice(x):\n    return x + x\n",
    b"def twice(x):\n    return x * x\n",
    b"def twice(x):\n    raise ValueError(x)\n",
    b"import os\ndef twice(x):\n    os._exit(1)\n",
    b"",
)


def _tasks() -> Iterator[GradingTask]:
    for number in range(JOBS):
        source = ANSWERS[number % len(ANSWERS)]
        yield GradingTask(number, "doubling", "doubling.py", source + b"# %d\n" % number if source else source)


def _held(pids: set[int]) -> tuple[int, int]:
    """Return (MiB of private memory, open files) of processes."""
    memory = files = 0
    for each in pids:
        try:
            rows = dict(line.split(":", 1) for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()[1:])
            files += len(os.listdir(f"/proc/{each}/fd"))
        except (FileNotFoundError, ProcessLookupError):
            continue
        memory += int(rows["Private_Dirty"].split()[0])
    return memory // 1024, files


def _with_all_below(pid: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            parents[int(entry)] = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
    found, more = {pid}, {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found


def _flat(results: Generator[TaskResult], groups: Callable[[], list[set[int]]]) -> None:
    """Assert that the processes hold no more at the end than after the warm-up."""
    before: list[tuple[int, int]] = []
    scores: dict[int, int] = {}
    with closing(results):
        for number, done in enumerate(results, 1):
            score = round(done.result.score) if isinstance(done.result, Grading) else -1
            scores[score] = scores.get(score, 0) + 1
            if number == WARM:
                before = [_held(pids) for pids in groups()]
            if number == JOBS - 20:
                after = [_held(pids) for pids in groups()]
    assert scores == {3: JOBS // 5, 0: JOBS * 3 // 5, -1: JOBS // 5}
    print(f"\n{JOBS} jobs: (MiB, open files) at {WARM} {before}, at the end {after}")
    for (memory, files), (later, files_later) in zip(before, after, strict=True):
        assert later - memory <= GROWTH
        assert files_later - files <= 12  # a running job has some open


@pytest.fixture
def setup(course_folder: Path) -> GradingConfig:
    """Return a small course with a secret of its own."""
    return GradingConfig(course_folder, load_course(course_folder).version, b"secret")


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("workers", [1, 2])
def test_local_workers_do_not_grow(setup: GradingConfig, workers: int) -> None:
    """Workers don't grow over right, wrong, raising, dying and unreadable submissions."""
    _flat(grade_in_pool(setup, _tasks(), workers), lambda: [_with_all_below(os.getpid())])


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_cluster_does_not_grow(setup: GradingConfig, tmp_path: Path) -> None:
    """Neither coordinator nor scheduler nor worker grows."""
    ground = Ground(tmp_path)
    try:
        ground.start_scheduler()
        ground.start_worker()
        there = partial(grade_there, setup, scheduler=Scheduler(ground.address), tell=print)
        _flat(there(_tasks()), lambda: [{os.getpid()}, *[_with_all_below(p.pid) for p in ground.processes]])
    finally:
        ground.end()
