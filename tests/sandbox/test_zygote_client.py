"""Tests of a zygote and its children, seen from the grader and by the kernel.

Covers `sandbox/inside/zygote.py`, `sandbox/inside/child.py`, `sandbox/inside/namespaces.py`, `sandbox/inside/kernel.py`
and `sandbox/inside/warmup.py`.
"""

import contextlib
import os
import re
import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.errors import SandboxFault
from grader.sandbox.level import Level
from grader.sandbox.shared_buffer import SharedBuffer
from grader.sandbox.zygote_client import Zygote, ZygoteChild
from tests.attacks.ground import descendants

LEVELS = [Level.FULL, Level.LANDLOCK, Level.SECCOMP]
BUDGET = 64 * 2**20
NOTHING = memoryview(b"")


@pytest.fixture(params=LEVELS, ids=str)
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    started = Zygote.start(request.param)
    yield started
    started.close()


def status(pid: int) -> dict[str, str]:
    """Return the kernel's status of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}


def ready(child: ZygoteChild) -> int:
    """Wait until student code could run, and return the child's pid."""
    received = b""
    while received != b"ready":
        received += child.transfer(NOTHING, 60)[1]
    return child.pid()


def inner(zygote: Zygote) -> int:
    """Return the pid of the process that forks children."""
    below = [pid for pid in descendants() if int(status(pid)["PPid"]) == zygote.pid]
    return below[0] if below and zygote.level is Level.FULL else zygote.pid


def test_a_child_has_no_privileges(zygote: Zygote) -> None:
    """The kernel reports no capability, a filter, no new privileges, not root, one thread, five descriptors."""
    child = zygote.launch(BUDGET, 60)
    pid = ready(child)
    facts = status(pid)
    assert [facts[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")] == ["0" * 16] * 4
    assert (facts["Seccomp"], facts["NoNewPrivs"], facts["Threads"]) == ("2", "1", "1")
    assert "0" not in facts["Uid"].split()
    assert os.geteuid() != 0 or facts["Groups"] == ""
    if zygote.level is Level.FULL:
        assert facts["CapBnd"] == "0" * 16
        assert facts["NSpid"].split()[-1] == "1"
    if os.geteuid() == 0:
        assert sorted(os.listdir(f"/proc/{pid}/fd"), key=int) == ["0", "1", "2", "3", "4"]
    child.finish()


def test_a_childs_limits(zygote: Zygote) -> None:
    """Memory is the zygote's size plus the budget; no file, process or core; 16 descriptors; soft equals hard."""
    child = zygote.launch(BUDGET, 60)
    pid = ready(child)
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    found = {line[:26].strip(): re.split(r"\s+", line[26:].strip())[:2] for line in lines}
    assert all(soft == hard for name, (soft, hard) in found.items() if name in _HELD)
    assert {name: found[name][0] for name in _HELD} == _HELD
    size = int(Path(f"/proc/{inner(zygote)}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    assert BUDGET < int(found["Max address space"][0]) < size + BUDGET + 2**26
    child.finish()


_HELD = {
    "Max cpu time": "60",
    "Max file size": "0",
    "Max processes": "0",
    "Max core file size": "0",
    "Max open files": "24",
    "Max locked memory": "0",
    "Max msgqueue size": "0",
}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look")
def test_no_writable_memory_is_shared(zygote: Zygote) -> None:
    """A child and its zygote share no writable page except the buffer, from which no code is read."""
    child = zygote.launch(BUDGET, 60)
    for pid in (ready(child), inner(zygote)):
        shared = [line for line in Path(f"/proc/{pid}/maps").read_text().splitlines() if re.search(r" .w.s ", line)]
        assert [line.split()[1:2] + line.split()[5:6] for line in shared] == [["rw-s", "/memfd:answers"]]
    child.finish()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_two_zygotes_have_different_users() -> None:
    """Started by root, a zygote runs under an unused uid that follows from its pid."""
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            zygote = Zygote.start(Level.LANDLOCK)
            stack.callback(zygote.close)
            assert status(zygote.pid)["Uid"].split() == [str(60706 + zygote.pid % 478)] * 4


def test_the_clock_of_a_child(zygote: Zygote) -> None:
    """The CPU clock is the child's own: almost 0 while it waits, 0 once it is gone, never the grader's."""
    child = zygote.launch(BUDGET, 60)
    ready(child)
    mine = time.process_time()
    while time.process_time() - mine < 0.2:
        pass
    assert 0 < child.cpu() < 0.2
    os.kill(child.pid(), 9)
    select.select([child._pidfd], [], [])
    while child.pid() > 0:  # wait until it has been reaped, too
        time.sleep(0.01)
    fresh = ZygoteChild(child._pipes, SharedBuffer(), child._pidfd, child._control)
    assert fresh.cpu() == 0.0
    assert child.finish().status == -9


def test_a_finished_child_has_the_kernels_report(zygote: Zygote) -> None:
    """A finished child has its exit status, CPU time and peak memory from the kernel."""
    child = zygote.launch(BUDGET, 60)
    ready(child)
    ending = child.finish()
    assert ending.status == -9
    assert ending.cpu >= 0
    assert ending.peak > 2**20


def test_a_closed_zygote_starts_nothing() -> None:
    """A launch by a closed zygote raises SandboxFault, in one line."""
    zygote = Zygote.start(Level.SECCOMP)
    zygote.close()
    with pytest.raises(SandboxFault, match="can't start a child"):
        zygote.launch(BUDGET, 60)


def test_closing_leaves_no_process_and_no_descriptor() -> None:
    """After a zygote and its children are gone, processes and descriptors are the same as before."""
    processes, descriptors = set(descendants()), os.listdir("/proc/self/fd")
    for level in LEVELS:
        zygote = Zygote.start(level)
        for _ in range(3):
            ready(child := zygote.launch(BUDGET, 60))
            child.finish()
        zygote.close()
    assert os.listdir("/proc/self/fd") == descriptors
    assert not descendants(processes)
