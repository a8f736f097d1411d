"""What a child has said and not sent is found on the shelf, whatever it wrote there; and nothing of it is left."""

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
def shelf():
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "_shelf"):
        frame = frame.f_back
    return frame.f_locals["self"]._shelf
"""


@pytest.fixture
def shelf() -> Iterator[SharedBuffer]:
    made = SharedBuffer()
    yield made
    made.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=40_000), max_size=6), data=st.data())
def test_nothing_that_was_put_is_missing(shelf: SharedBuffer, parts: list[bytes], data: st.DataObject) -> None:
    """Whatever was sent until it stops, the bytes in the pipe and those that lie there are all that was put, once."""
    shelf.clear()
    fd = os.memfd_create("pipe")
    outbox = AnswerWriter(fd, mmap(shelf.fd, SHARED_BUFFER_BYTES))
    for part in parts:
        outbox.put(part)
        if data.draw(st.booleans()):
            outbox.flush()
    sent = os.pread(fd, 10**7, 0)
    os.close(fd)
    said = b"".join(parts)
    assert sent + shelf.read_unsent(len(sent)) == said
    assert shelf.read_unsent(len(said)) == b""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begin=st.integers(0, 2**64 - 1), length=st.integers(0, 2**64 - 1), received=st.integers(0, 2**40))
def test_no_number_leads_elsewhere(shelf: SharedBuffer, begin: int, length: int, received: int) -> None:
    """Whatever a child writes where the numbers belong, what is found is no more than the shelf holds."""
    mmap(shelf.fd, SHARED_BUFFER_BYTES)[:16] = struct.pack("<QQ", begin, length)
    assert len(shelf.read_unsent(received)) <= SHARED_BUFFER_BYTES - 16


def test_it_can_not_shrink(shelf: SharedBuffer) -> None:
    """Nobody can take it away under the grader's hands."""
    with pytest.raises(PermissionError):
        os.ftruncate(shelf.fd, 0)


def test_without_room_for_it_there_is_no_sandbox() -> None:
    """Where a process may make no file as large, not even in memory, that is one line."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(SandboxFault, match="no memory to share"):
            Zygote.start(Level.SECCOMP)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_next_finds_nothing() -> None:
    """What one job leaves on the shelf has gone when the next begins."""
    write = Cell(FIND + "def f():\n    shelf()[100:30_000] = b'mark' * 7_475\n    return 1", label="cell 1")
    look = Cell(FIND + "def f(): return bytes(shelf()).count(b'mark')", label="cell 1")
    with Sandbox() as sandbox:
        for cell, value in ((write, 1), (look, 0)):
            outcome = sandbox.run(Job((cell,), (Request("q", "c", (Call("f", ()),)),)))
            assert outcome.answers[0].returned[0].value == value


@pytest.mark.parametrize("end", ["os._exit(0)", "while True: pass", "os.abort()"])
def test_what_was_answered_before_the_end_counts(end: str) -> None:
    """Answers that were given a moment before a crash or a hang count; only the one that it was at is to blame."""
    cell = Cell(f"import os\ndef f(n):\n    if n != 7: return n\n    {end}", label="cell 1")
    requests = tuple(Request(f"q{n}", "c", (Call("f", (n,)),)) for n in range(10))
    with Sandbox() as sandbox:
        outcome = sandbox.run(Job((cell,), requests, total_cpu=100, total_wall=300))
    assert [n for n, answer in enumerate(outcome.answers) if answer.ended is not Status.DONE] == [7]
    assert [answer.returned[0].value for answer in outcome.answers if answer.returned] == [*range(7), 8, 9]


def test_a_hang_ends_by_its_own_limit() -> None:
    """Where an answer with a generous limit lies unsent, what hangs behind it is stopped by its own limit."""
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
