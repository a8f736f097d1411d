"""Seats: who stays on which processor, seen in a thread of its own."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.grading.cpu_affinity import CpuSlot, count_usable_cpus


def _where(seat: CpuSlot) -> list[int]:
    """Where a thread may run that takes this seat."""

    def taken() -> list[int]:
        seat.pin_thread()
        return sorted(os.sched_getaffinity(0))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(taken).result()


def test_each_of_as_many_as_there_are_processors_has_one() -> None:
    """No two the same one; the process itself may go on running anywhere."""
    there = sorted(os.sched_getaffinity(0))
    assert [_where(CpuSlot(number, len(there))) for number in range(len(there))] == [[one] for one in there]
    assert sorted(os.sched_getaffinity(0)) == there


@pytest.mark.parametrize(("number", "more"), [(0, -1), (0, 1), (10**6, 0)])
def test_others_stay_nowhere(number: int, more: int) -> None:
    """Fewer or more than there are processors, and a number that is none of theirs."""
    there = sorted(os.sched_getaffinity(0))
    assert _where(CpuSlot(number, len(there) + more)) == there


def test_a_worker_for_each_processor_that_may_be_used() -> None:
    """Not for each that the machine has."""
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert count_usable_cpus() == 1
    finally:
        os.sched_setaffinity(0, before)
