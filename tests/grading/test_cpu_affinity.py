"""Tests of CPU slots: the CPUs of a worker, observed in a separate thread."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.grading.cpu_affinity import CpuSlot, count_usable_cpus


def _cpus_in_slot(slot: CpuSlot) -> list[int]:
    """Return the CPUs that a thread may use after it takes this slot."""

    def taken() -> list[int]:
        slot.pin_thread()
        return sorted(os.sched_getaffinity(0))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(taken).result()


def test_each_worker_has_a_cpu() -> None:
    """With as many workers as CPUs each has its own; the process itself isn't pinned."""
    there = sorted(os.sched_getaffinity(0))
    assert [_cpus_in_slot(CpuSlot(number, len(there))) for number in range(len(there))] == [[one] for one in there]
    assert sorted(os.sched_getaffinity(0)) == there


@pytest.mark.parametrize(("number", "more"), [(0, -1), (0, 1), (10**6, 0)])
def test_other_workers_are_not_pinned(number: int, more: int) -> None:
    """With fewer or more workers than CPUs, or an invalid number, no thread is pinned."""
    there = sorted(os.sched_getaffinity(0))
    assert _cpus_in_slot(CpuSlot(number, len(there) + more)) == there


def test_usable_cpus_are_counted() -> None:
    """Only the CPUs that this process may use count, not all of the machine."""
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert count_usable_cpus() == 1
    finally:
        os.sched_setaffinity(0, before)
