"""Tests of level none: a plain subprocess that speaks the same protocol, on any system, for one's own code only.

Covers `sandbox/inside/unsandboxed_child.py` and `sandbox/launcher.py`.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.core.errors import SandboxFault
from grader.core.wire.job import Answer, Call, Job, Limits, Request, Status
from grader.core.wire.submission import Cell
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.unsandboxed import UnsandboxedLauncher
from tests.attacks.ground import descendants

LIMITS = Limits(cpu=60, wall=240)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def plain() -> Iterator[Sandbox]:
    with Sandbox(Level.NONE, min_level=Level.NONE) as sandbox:
        yield sandbox


def ask(sandbox: Sandbox, code: str, limits: Limits = LIMITS) -> Answer:
    """Return the answer of the cell's function f."""
    request = Request("q", "c", (Call("f", (np.arange(3.0),)),), limits=limits)
    job = Job((Cell(code, label="cell 1"),), (request,), cell_limits=LIMITS, total_cpu=200, total_wall=500)
    return sandbox.run(job).answers[0]


def test_it_answers_like_the_sandbox(plain: Sandbox) -> None:
    """The same job gives the same answer, exceptions and printed text included, at level none and the strongest."""
    with Sandbox() as confined:
        for code in (
            "def f(x):\n    print('é' * 3)\n    return {'a': x @ x, 'b': [x, 1]}",
            "def f(x): return x[7]",
            "import random\nimport numpy as np\ndef f(x): return random.random(), np.random.default_rng().normal()",
            "f = 7",
        ):
            assert repr(ask(plain, code)) == repr(ask(confined, code))
    assert plain.level is Level.NONE


def test_it_is_killed_at_the_wall_time_limit(plain: Sandbox) -> None:
    """A job that runs too long is ended, and no process or thread of it stays."""
    before = set(descendants())
    answer = ask(plain, "def f(x):\n    while True: pass", Limits(cpu=60, wall=0.5))
    assert answer.ended is Status.TIME_LIMIT
    assert answer.limit
    assert answer.limit.name == "wall"
    assert not descendants(before)
    for thread in threading.enumerate():
        if thread.daemon and "_read" in thread.name:
            thread.join(60)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    "end", ["os._exit(0)", "os.abort()", "os.write(4, b'x' * 10**7)", "os.closerange(0, 100)", "sys.exit()"]
)
def test_a_subprocess_that_ends_early_has_died(plain: Sandbox, end: str) -> None:
    """An end without an answer counts as died here too, and a flood blocks nothing."""
    answer = ask(plain, f"import os, sys\ndef f(x):\n    {end}\n    os._exit(1)")
    assert answer.ended is Status.DIED or answer.results[0].raised


def test_large_messages_pass_both_ways(plain: Sandbox) -> None:
    """Inputs and answers larger than a pipe's buffer go through."""
    request = Request("q", "c", (Call("f", (np.ones(400_000),)),), limits=LIMITS)
    job = Job((Cell("def f(x): return x + 1", label="cell 1"),), (request,), cell_limits=LIMITS)
    answer = plain.run(job).answers[0]
    assert float(answer.results[0].value.sum()) == 800_000


def test_a_subprocess_that_cannot_start_is_a_sandbox_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """If not even an interpreter starts, SandboxFault is raised."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(SandboxFault):
        UnsandboxedLauncher().launch(0, 0)


def test_it_needs_no_linux() -> None:
    """Nothing is imported or called that other systems lack: no fcntl, no resource, no poll, no uid."""
    code = """
import os, select, subprocess, sys, threading
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("pidfd_open", "readv", "fork", "setresuid", "wait4", "geteuid"):
    delattr(os, name)
for name in ("poll", "epoll"):
    delattr(select, name)
from grader.core.wire.job import Call, Job, Request
from grader.core.wire.submission import Cell
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
import grader.sandbox.diagnostics, grader.sandbox.inside.unsandboxed_child
request = Request("q", "c", (Call("f", ()),))
with Sandbox(Level.NONE, min_level=Level.NONE) as sandbox:
    outcome = sandbox.run(Job((Cell("def f(): return 7", label="cell 1"),), (request,)))
assert outcome.answers[0].results[0].value == 7
assert not {"grader.sandbox.zygote_client", "grader.sandbox.pipes", "grader.sandbox.inside.kernel"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
