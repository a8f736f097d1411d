"""Tests of killed processes: nothing keeps running, nothing hangs, and the next batch is right."""

import contextlib
import ctypes
import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.core.wire.job import Call, Job, Request, Status
from grader.core.wire.submission import Cell
from grader.sandbox.data_store import DataStore
from grader.sandbox.level import Level
from grader.sandbox.zygote_client import Zygote, ZygoteChild
from tests.attacks.ground import descendants
from tests.sandbox.batch import JOBS, LIMITS, Watched, job, summarize

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 120.0
pytestmark = pytest.mark.timeout(900)
LEVELS = pytest.mark.parametrize("level", [Level.FULL, Level.LANDLOCK, Level.SECCOMP], ids=str)
ROUNDS = pytest.mark.parametrize(
    "round_", [n if n < 9 else pytest.param(n, marks=pytest.mark.long) for n in range(100)]
)


class Fragile(Watched):
    """A sandbox whose zygote, or first child, is killed from outside during a job, a number of times."""

    def __init__(self, level: Level, zygotes: int = 0, children: int = 0) -> None:
        super().__init__(level)
        self.zygotes = zygotes
        self.children = children

    def _start(self, packages: tuple[str, ...]) -> Zygote:
        zygote = super()._start(packages)
        assert isinstance(zygote, Zygote)
        start = zygote.launch

        def launch(memory: int, cpu_seconds: int, data: DataStore | None = None) -> ZygoteChild:
            child = start(memory, cpu_seconds, data)
            if self.zygotes:
                self.zygotes -= 1
                os.kill(zygote.pid, signal.SIGKILL)
                assert select.select([child._pidfd], [], [], _PATIENCE)[0], "its child outlives it"
            elif self.children:
                self.children -= 1
                self._kill_once_ready(child)
            return child

        zygote.launch = launch  # type: ignore[method-assign]  # a real zygote, killed at a defined moment
        return zygote

    @staticmethod
    def _kill_once_ready(child: ZygoteChild) -> None:
        transfer, pid = child.transfer, child.pid()

        def kill_after_transfer(outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
            sent, came = transfer(outgoing, seconds)
            if came:
                os.kill(pid, signal.SIGKILL)
                child.transfer = transfer
                return sent, came[:5]  # only READY, and no answer that may already be there
            return sent, came

        child.transfer = kill_after_transfer


@pytest.fixture
def adopted_orphans() -> Iterator[set[int]]:
    """Adopt orphans, so that remaining processes are seen; yield the processes that ran before."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    yield set(descendants())
    ctypes.CDLL(None).prctl(36, 0, 0, 0, 0)


def assert_nothing_runs(before: set[int]) -> None:
    """Require that every started process is gone, or ends at once."""
    deadline = time.monotonic() + _PATIENCE
    while left := set(descendants(before)):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.02)


@LEVELS
def test_a_dead_zygote_is_replaced(level: Level, adopted_orphans: set[int]) -> None:
    """A zygote killed in the middle of a job is replaced, and the result is the same as without the kill."""
    with Watched(level) as sandbox:
        expected = summarize(sandbox.run(job(1)))
    with Fragile(level, zygotes=1) as sandbox:
        first = sandbox.zygote().pid
        assert summarize(sandbox.run(job(1))) == expected
        assert sandbox.zygote().pid != first
        assert summarize(sandbox.run(job(1))) == expected
    assert_nothing_runs(adopted_orphans)


@LEVELS
def test_a_zygote_that_dies_twice_is_a_sandbox_fault(level: Level, adopted_orphans: set[int]) -> None:
    """A job that two zygotes in a row didn't finish is the grader's fault; a third zygote runs the next job."""
    with Watched(level) as sandbox:
        expected = summarize(sandbox.run(job(2)))
    with Fragile(level, zygotes=2) as sandbox:
        outcome = sandbox.run(job(2))
        assert {answer.ended for answer in outcome.answers} == {Status.FAULT}
        assert {cell.ended for cell in outcome.cells} == {Status.FAULT}
        assert summarize(sandbox.run(job(2))) == expected
    assert_nothing_runs(adopted_orphans)


@LEVELS
def test_a_killed_child_is_the_submissions_fault(level: Level, adopted_orphans: set[int]) -> None:
    """A killed child that ran student code has died, whoever killed it; the zygote lives and continues."""
    with Fragile(level, children=1) as sandbox:
        before = sandbox.zygote().pid
        outcome = sandbox.run(job(3))
        assert [cell.ended for cell in outcome.cells] == [Status.DIED]
        assert Status.FAULT not in {answer.ended for answer in outcome.answers}
        assert sandbox.zygote().pid == before
        assert {cell.ended for cell in sandbox.run(job(3)).cells} == {Status.DONE}
    assert_nothing_runs(adopted_orphans)


@LEVELS
@pytest.mark.parametrize(
    "end",
    [
        "os._exit(0)",
        "os._exit(77)",
        "os.abort()",
        "ctypes.string_at(0)",
        "os.close(4)",
        "sys.setrecursionlimit(10**9) or (f := lambda: f()) and [].sort(key=f) or os.abort()",
    ],
)
def test_a_child_cannot_cause_sandbox_faults(level: Level, end: str) -> None:
    """A child that ends itself has died, however often: never a grader fault, and no other question suffers."""
    code = f"import os, sys, ctypes\ndef bad():\n    {end}\n    while True: pass\ndef good(): return 1"
    names = ["bad", "good", "bad", "good"]
    requests = tuple(Request(f"q{i}", "c", (Call(name, ()),), limits=LIMITS) for i, name in enumerate(names))
    with Watched(level) as sandbox:
        before = sandbox.zygote().pid
        outcome = sandbox.run(Job((Cell(code, label="cell 1"),), requests, total_cpu=200, total_wall=500))
        assert [answer.ended for answer in outcome.answers] == [Status.DIED, Status.DONE] * 2
        assert sandbox.zygote().pid == before


def test_the_starting_thread_may_end(adopted_orphans: set[int]) -> None:
    """A sandbox outlives the thread in which it was started."""
    sandbox = Watched()
    starter = threading.Thread(target=sandbox.zygote)
    starter.start()
    starter.join()
    before = sandbox.zygote().pid
    assert summarize(sandbox.run(job(4)))[0] == ["done"]
    assert sandbox.zygote().pid == before
    sandbox.close()
    assert_nothing_runs(adopted_orphans)


def start(level: Level, *more: str) -> "subprocess.Popen[str]":
    """Start a grader in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sandbox.batch", str(level), *more],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(grader: "subprocess.Popen[str]", before: set[int]) -> list[Any]:
    """Return the lines that a grader wrote until its end, and require that nothing of it is left.

    They are read through the file object: an earlier `readline` may have taken several lines into its buffer,
    which `communicate` would not see.
    """
    assert grader.stdout
    text = grader.stdout.read()
    grader.wait(timeout=_PATIENCE * 2)
    assert_nothing_runs(before)
    lines = text.splitlines()
    if not text.endswith("\n"):
        lines = lines[:-1]  # the process was killed in the middle of a line
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def undisturbed() -> tuple[list[Any], float]:
    """Return the result of a batch without kills, and its duration on this machine."""
    started = time.monotonic()
    lines = [json.loads(line) for line in start(Level.FULL).communicate()[0].splitlines()]
    assert len(lines) == JOBS + 2
    return lines[1:-1], time.monotonic() - started


def test_an_interrupt_does_not_stop_the_zygote(adopted_orphans: set[int], undisturbed: tuple[list[Any], float]) -> None:
    """Ctrl-C reaches the whole process group: the zygote ignores it, and the batch goes on if the grader does."""
    grader = start(Level.FULL, "stubborn")
    assert grader.stdout
    first = json.loads(grader.stdout.readline())
    for _ in range(5):
        os.killpg(grader.pid, signal.SIGINT)
        grader.stdout.readline()
    lines = finish(grader, adopted_orphans)
    assert lines[-1] == first
    assert lines[:-1] == undisturbed[0][5:]


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_grader_leaves_nothing(adopted_orphans: set[int]) -> None:
    """A grader that is ended by Ctrl-C ends its zygote and child too."""
    grader = start(Level.FULL, "endless")
    assert grader.stdout
    try:
        grader.stdout.readline()
        os.killpg(grader.pid, signal.SIGINT)
        finish(grader, adopted_orphans)
    finally:
        grader.kill()  # only if the test has failed
    assert grader.returncode == -signal.SIGINT


@ROUNDS
def test_killed_at_a_random_moment(
    round_: int, adopted_orphans: set[int], undisturbed: tuple[list[Any], float]
) -> None:
    """After SIGKILL to the grader, a zygote or a child nothing stays; each result is right, died, or missing."""
    chance = random.Random(round_)
    expected, duration = undisturbed
    victim = ("grader", "any", "youngest")[round_ % 3]
    level = (Level.FULL, Level.LANDLOCK, Level.SECCOMP)[round_ // 3 % 3]
    grader = start(level)
    assert grader.stdout
    if victim != "grader":
        grader.stdout.readline()  # wait until the probes are done, because killing one would change the level
    time.sleep(chance.uniform(0, duration))
    with contextlib.suppress(ProcessLookupError):
        os.kill(_victim(victim, grader.pid, adopted_orphans, chance), signal.SIGKILL)
    lines = [line for line in finish(grader, adopted_orphans) if isinstance(line, list)]
    wrong = [line for line, right in zip(lines, expected, strict=False) if line != right]
    assert len(wrong) <= 1
    assert all("died" in json.dumps(line) and "fault" not in json.dumps(line) for line in wrong)
    assert victim == "grader" or len(lines) == JOBS
    assert run_again(level) == expected[:3]


def _victim(kind: str, grader: int, before: set[int], chance: random.Random) -> int:
    below = [pid for pid in descendants(before) if pid != grader]
    if kind == "grader" or not below:
        return grader if kind == "grader" else 2**22
    return max(below) if kind == "youngest" else chance.choice(below)


def run_again(level: Level) -> list[Any]:
    """Return the result of the next batch."""
    with Watched(level) as sandbox:
        return [json.loads(json.dumps(summarize(sandbox.run(job(number))))) for number in range(3)]
