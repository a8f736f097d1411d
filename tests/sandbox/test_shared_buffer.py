"""Tests of the buffer of unsent answers: they are found, whatever a child writes there, and erased for the next one.

Covers `sandbox/inside/answer_writer.py`.
"""

import os
import resource
import struct
from collections.abc import Iterator
from mmap import mmap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.errors import SandboxFault
from grader.core.wire.job import Call, Job, Limits, Request, Status
from grader.core.wire.submission import Cell
from grader.sandbox.inside.answer_writer import AnswerWriter
from grader.sandbox.inside.protocol import SHARED_BUFFER_BYTES
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.shared_buffer import SharedBuffer
from grader.sandbox.zygote_client import Zygote

FIND = """
import sys
def buffer():
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "_buffer"):
        frame = frame.f_back
    return frame.f_locals["self"]._buffer
"""


@pytest.fixture
def buffer() -> Iterator[SharedBuffer]:
    made = SharedBuffer()
    yield made
    made.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=40_000), max_size=6), data=st.data())
def test_no_answer_is_lost(buffer: SharedBuffer, parts: list[bytes], data: st.DataObject) -> None:
    """The bytes in the pipe and in the buffer together are all that was put, once, wherever the child stops."""
    buffer.clear()
    fd = os.memfd_create("pipe")
    writer = AnswerWriter(fd, mmap(buffer.fd, SHARED_BUFFER_BYTES))
    for part in parts:
        writer.append(part)
        if data.draw(st.booleans()):
            writer.flush()
    sent = os.pread(fd, 10**7, 0)
    os.close(fd)
    said = b"".join(parts)
    assert sent + buffer.read_unsent(len(sent)) == said
    assert buffer.read_unsent(len(said)) == b""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begin=st.integers(0, 2**64 - 1), length=st.integers(0, 2**64 - 1), received=st.integers(0, 2**40))
def test_no_header_points_outside_the_buffer(buffer: SharedBuffer, begin: int, length: int, received: int) -> None:
    """Whatever a child writes into the header, no more than the buffer is read."""
    mmap(buffer.fd, SHARED_BUFFER_BYTES)[:16] = struct.pack("<QQ", begin, length)
    assert len(buffer.read_unsent(received)) <= SHARED_BUFFER_BYTES - 16


def test_the_buffer_cannot_shrink(buffer: SharedBuffer) -> None:
    """A child can't truncate the memory while the grader uses it."""
    with pytest.raises(PermissionError):
        os.ftruncate(buffer.fd, 0)


def test_without_a_buffer_there_is_no_sandbox() -> None:
    """A process that may not create a file of this size, even in memory, gets an error of one line."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(SandboxFault, match="no memory to share"):
            Zygote.start(Level.SECCOMP)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_next_job_finds_an_empty_buffer() -> None:
    """The bytes that one job leaves in the buffer are gone when the next begins."""
    write = Cell(FIND + "def f():\n    buffer()[100:30_000] = b'mark' * 7_475\n    return 1", label="cell 1")
    look = Cell(FIND + "def f(): return bytes(buffer()).count(b'mark')", label="cell 1")
    with Sandbox() as sandbox:
        for cell, value in ((write, 1), (look, 0)):
            outcome = sandbox.run(Job((cell,), (Request("q", "c", (Call("f", ()),)),)))
            assert outcome.answers[0].results[0].value == value


@pytest.mark.parametrize("end", ["os._exit(0)", "while True: pass", "os.abort()"])
def test_answers_before_the_end_count(end: str) -> None:
    """Answers given just before a crash or a hang count; only the current request is to blame."""
    cell = Cell(f"import os\ndef f(n):\n    if n != 7: return n\n    {end}", label="cell 1")
    requests = tuple(Request(f"q{n}", "c", (Call("f", (n,)),)) for n in range(10))
    with Sandbox() as sandbox:
        outcome = sandbox.run(Job((cell,), requests, total_cpu=100, total_wall=300))
    assert [n for n, answer in enumerate(outcome.answers) if answer.ended is not Status.DONE] == [7]
    assert [answer.results[0].value for answer in outcome.answers if answer.results] == [*range(7), 8, 9]


def test_a_hang_ends_at_its_own_limit() -> None:
    """A hang is stopped at its own limit, even behind an unsent answer with a generous one."""
    cell = Cell("def f(n):\n    while n: pass\n    return n", label="cell 1")
    generous, strict = Limits(cpu=500, wall=1000), Limits(cpu=0.5, wall=1000)
    requests = (
        Request("a", "c", (Call("f", (0,)),), limits=generous),
        Request("b", "c", (Call("f", (1,)),), limits=strict),
    )
    with Sandbox() as sandbox:
        outcome = sandbox.run(Job((cell,), requests, total_cpu=2000, total_wall=4000))
    assert [answer.ended for answer in outcome.answers] == [Status.DONE, Status.TIME_LIMIT]
    assert outcome.cpu < 100
