"""The state of grading that web processes read."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.grading.grading_loop import WorkerCounts
from grader.store import Store
from grader.web.processes.grading_status import GradingStatus, GradingStatusFile, can_grade


@pytest.fixture
def records(sqlite_url: str) -> Iterator[Store]:
    """Yield empty records whose dispatcher is at work."""
    with Store.open(sqlite_url) as opened, Store.open(sqlite_url) as other, other.dispatching() as ours:
        assert ours
        yield opened


@pytest.mark.parametrize(
    ("workers", "able"),
    [
        (WorkerCounts(2, 2, 0), True),
        (WorkerCounts(2, 0, 0), True),
        (WorkerCounts(2, 0, 1), True),
        (WorkerCounts(1, 0, 1), False),
        (WorkerCounts(0, 0, 0), False),
    ],
)
def test_grading_runs_while_a_worker_is_not_stuck(
    records: Store, tmp_path: Path, workers: WorkerCounts, able: bool
) -> None:
    """Busy workers will be free soon; if all are stuck, or there is none, nothing is graded."""
    file = GradingStatusFile(tmp_path)
    file.write(workers)
    found = file.read()
    assert found is not None
    assert found.workers == workers
    assert can_grade(records, file) is able


def test_an_old_report_is_not_believed() -> None:
    """A dispatcher that has not reported for a while does not work, whatever its last report said."""
    assert not GradingStatus(time.monotonic() - 60, WorkerCounts(2, 2, 0)).can_grade


def test_another_portal_may_grade(records: Store, tmp_path: Path) -> None:
    """Without a report of this portal's own, the lock on the records says whether anybody grades."""
    file = GradingStatusFile(tmp_path)
    assert can_grade(records, file)
    assert can_grade(records, GradingStatusFile(None))
    file.write(WorkerCounts(1, 0, 1))
    file.remove()
    assert can_grade(records, file)


def test_without_a_dispatcher_nothing_is_graded(sqlite_url: str, tmp_path: Path) -> None:
    """A report that a killed dispatcher left behind does not count."""
    with Store.open(sqlite_url) as opened:
        file = GradingStatusFile(tmp_path)
        file.write(WorkerCounts(2, 2, 0))
        assert not can_grade(opened, file)
