"""The conversation with one child: frames in any pieces, limits of time and size, and whose fault an end is."""

import struct
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import SandboxFault
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.job import Limits, Status
from grader.core.wire.values import Value
from grader.sandbox.channel import Channel, ChildStopped
from grader.sandbox.inside.protocol import CHILD_READY

LIMITS = Limits(cpu=5, wall=20, output=10_000, printed=100)


class Scripted:
    """A child that says what it was told to, piece by piece, then ends or goes silent."""

    def __init__(self, pieces: Sequence[bytes], ends: bool = True, cpu: float = 0.0) -> None:
        self.pieces = list(pieces)
        self.ends = ends
        self.sent = bytearray()
        self.now = 0.0
        self.stream = b""
        self._cpu = cpu

    def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
        self.sent += outgoing
        if self.pieces:
            return len(outgoing), self.pieces.pop(0)
        if self.ends:
            raise EOFError
        self.now += seconds
        return len(outgoing), b""

    def read_unsent(self, received: int) -> bytes:
        return self.stream[received:]

    def cpu(self) -> float:
        return self.now * self._cpu

    def clock(self) -> float:
        return self.now


def exchange(child: Scripted) -> Channel:
    return Channel(child, child.clock)


def frame(value: Value) -> bytes:
    data = encode(value, 10**6)
    return struct.pack("<I", len(data)) + data


@given(st.lists(st.one_of(st.integers(), st.text(), st.lists(st.floats(allow_nan=False))), max_size=5), st.data())
def test_frames_may_come_in_any_pieces(values: list[Value], data: st.DataObject) -> None:
    """However the bytes are cut, the same values come out in the same order, then the end is the child's."""
    stream = CHILD_READY + b"".join(map(frame, values))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(stream) - 1), max_size=20)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    talk = exchange(Scripted(pieces))
    assert [decode(talk.receive(LIMITS)) for _ in values] == values
    with pytest.raises(ChildStopped) as stopped:
        talk.receive(LIMITS)
    assert stopped.value.ended is Status.DIED


@given(st.binary(max_size=300))
def test_no_bytes_upset_us(rubbish: bytes) -> None:
    """Whatever a child writes once it runs, what comes of it is a frame or its end: never another exception."""
    talk = exchange(Scripted([CHILD_READY, rubbish]))
    try:
        for _ in range(100):
            talk.receive(LIMITS)
    except ChildStopped:
        return
    raise AssertionError("300 bytes hold no 100 frames")


def test_before_it_is_ready_it_is_our_fault() -> None:
    """A child that ends before it said that it was ready, or never does, is a fault of the sandbox."""
    for child in (Scripted([]), Scripted([CHILD_READY[:3]]), Scripted([], ends=False)):
        with pytest.raises(SandboxFault):
            exchange(child).receive(LIMITS)


def test_its_clock_starts_when_it_is_ready() -> None:
    """Time that the machine needs to bring a child up isn't the submission's."""
    child = Scripted([b""] * 3 + [CHILD_READY, frame(1)])
    child.now = 0.0
    assert decode(exchange(child).receive(replace(LIMITS, wall=0.001))) == 1


@pytest.mark.parametrize(("cpu", "name"), [(1.0, "cpu"), (0.1, "wall")])
def test_limits_of_time(cpu: float, name: str) -> None:
    """Who computes hits the processor's limit, who sleeps the wall clock's; the limit and the use are told."""
    child = Scripted([CHILD_READY], ends=False, cpu=cpu)
    with pytest.raises(ChildStopped) as stopped:
        exchange(child).receive(LIMITS)
    limit = stopped.value.limit
    assert stopped.value.ended is Status.TIME_LIMIT
    assert limit
    assert (limit.name, limit.allowed) == (name, getattr(LIMITS, name))
    assert limit.used is not None
    assert limit.allowed <= limit.used < limit.allowed * 2


def test_a_frame_too_large_is_not_waited_for() -> None:
    """The length alone is enough to give the child up: nothing of the frame is read."""
    talk = exchange(Scripted([CHILD_READY, struct.pack("<I", 2**32 - 1)], ends=False))
    with pytest.raises(ChildStopped) as stopped:
        talk.receive(LIMITS)
    assert stopped.value.ended is Status.DIED


def test_messages_leave_while_answers_are_awaited() -> None:
    """What is sent goes out whole and in order, with the first bytes that come in."""
    child = Scripted([CHILD_READY, frame("answer")])
    talk = exchange(child)
    talk.send(b"one")
    talk.send(b"two", b"three")
    assert decode(talk.receive(LIMITS)) == "answer"
    assert bytes(child.sent) == b"\3\0\0\0one\3\0\0\0two\5\0\0\0three"


@pytest.mark.parametrize("ends", [True, False])
@given(values=st.lists(st.text(), max_size=5), sent=st.integers(0, 100))
def test_what_was_said_and_not_sent_counts(ends: bool, values: list[str], sent: int) -> None:
    """Of a child that died or hangs, also the answers are taken that it gave and didn't send; each of them once."""
    stream = b"".join(map(frame, values))
    child = Scripted([CHILD_READY, *([stream[:sent]] if stream[:sent] else [])], ends=ends)
    child.stream = stream
    talk = exchange(child)
    assert [decode(talk.receive(LIMITS)) for _ in values] == values
    with pytest.raises(ChildStopped) as stopped:
        talk.receive(LIMITS)
    assert stopped.value.ended is (Status.DIED if ends else Status.TIME_LIMIT)
    assert child.now < 2 * LIMITS.wall


@given(st.lists(st.text(), min_size=2, max_size=5), st.integers(1, 100))
def test_what_is_sent_after_it_was_found_comes_once(values: list[str], found: int) -> None:
    """A child with more time for what comes next may still send what was taken from the shelf meanwhile."""
    stream = b"".join(map(frame, values))
    child = Scripted([CHILD_READY], ends=False)
    child.stream = stream[: max(len(frame(values[0])), found)]
    talk = exchange(child)
    came = [decode(talk.receive(LIMITS))]
    child.pieces = [stream]
    assert came + [decode(talk.receive(replace(LIMITS, wall=1000))) for _ in values[1:]] == values


@pytest.mark.parametrize("cpu", [0.0, 1.0])
def test_bytes_that_trickle_in_buy_no_time(cpu: float) -> None:
    """A child that says its answer byte by byte has no more time for it than others, on either clock."""

    class Trickling(Scripted):
        def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
            if self.pieces:
                return super().transfer(outgoing, seconds)
            self.now += min(0.015, seconds)
            return 0, b"."

    child = Trickling([CHILD_READY + struct.pack("<I", 9999)], ends=False, cpu=cpu)
    with pytest.raises(ChildStopped) as stopped:
        exchange(child).receive(LIMITS)
    assert stopped.value.ended is Status.TIME_LIMIT
    assert child.now <= LIMITS.wall + 1


@pytest.mark.parametrize("ends", [True, False])
def test_what_goes_on_lying_there_buys_no_time(ends: bool) -> None:
    """A child that puts byte after byte of an answer where unsent ones lie is stopped like one that sends none."""

    class Dribbling(Scripted):
        looks = 0

        def read_unsent(self, received: int) -> bytes:
            self.looks += 1
            assert self.looks < 10
            return struct.pack("<I", 9999) if received == 0 else b"."

    child = Dribbling([CHILD_READY], ends=ends)
    with pytest.raises(ChildStopped) as stopped:
        exchange(child).receive(LIMITS)
    assert stopped.value.ended is (Status.DIED if ends else Status.TIME_LIMIT)
    assert child.now <= LIMITS.wall + 1
