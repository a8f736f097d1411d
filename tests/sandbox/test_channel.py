"""Tests of the conversation with one child: frames in any pieces, limits of time and size, and the party at fault.

Covers `sandbox/pipes.py`.
"""

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
from grader.sandbox.sleep_meter import Activity

LIMITS = Limits(cpu=5, wall=20, output=10_000, printed=100)


class Scripted:
    """A child that sends given pieces, then ends or goes silent."""

    def __init__(self, pieces: Sequence[bytes], ends: bool = True, cpu: float = 0.0) -> None:
        self.pieces = list(pieces)
        self.ends = ends
        self.sent = bytearray()
        self.now = 0.0
        self.stream = b""
        self._cpu = cpu
        self.activity: Activity | None = None

    def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
        self.sent += outgoing
        if self.pieces:
            return len(outgoing), self.pieces.pop(0)
        if self.ends:
            raise EOFError
        self.now += seconds
        return len(outgoing), b""

    def read_unsent(self, received_bytes: int) -> bytes:
        return self.stream[received_bytes:]

    def cpu(self) -> float:
        return self.now * self._cpu

    def read_activity(self) -> Activity | None:
        return self.activity

    def clock(self) -> float:
        return self.now


def connect(child: Scripted) -> Channel:
    return Channel(child, child.clock)


def frame(value: Value) -> bytes:
    data = encode(value, 10**6)
    return struct.pack("<I", len(data)) + data


@given(st.lists(st.one_of(st.integers(), st.text(), st.lists(st.floats(allow_nan=False))), max_size=5), st.data())
def test_frames_may_arrive_in_any_pieces(values: list[Value], data: st.DataObject) -> None:
    """However the bytes are cut, the same values arrive in the same order; then the child ends."""
    stream = CHILD_READY + b"".join(map(frame, values))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(stream) - 1), max_size=20)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    talk = connect(Scripted(pieces))
    assert [decode(talk.receive(LIMITS)) for _ in values] == values
    with pytest.raises(ChildStopped) as stopped:
        talk.receive(LIMITS)
    assert stopped.value.ended is Status.DIED


@given(st.binary(max_size=300))
def test_any_bytes_give_a_frame_or_an_end(rubbish: bytes) -> None:
    """Any bytes of a running child give a frame or its end, and never another exception."""
    talk = connect(Scripted([CHILD_READY, rubbish]))
    try:
        for _ in range(100):
            talk.receive(LIMITS)
    except ChildStopped:
        return
    raise AssertionError("300 bytes hold no 100 frames")


def test_a_child_that_is_never_ready_is_a_sandbox_fault() -> None:
    """A child that ends before it is ready, or never is, raises SandboxFault."""
    for child in (Scripted([]), Scripted([CHILD_READY[:3]]), Scripted([], ends=False)):
        with pytest.raises(SandboxFault):
            connect(child).receive(LIMITS)


def test_the_clock_starts_when_the_child_is_ready() -> None:
    """The time that a child needs to start doesn't count as the submission's."""
    child = Scripted([b""] * 3 + [CHILD_READY, frame(1)])
    child.now = 0.0
    assert decode(connect(child).receive(replace(LIMITS, wall=0.001))) == 1


@pytest.mark.parametrize(("cpu", "name"), [(1.0, "cpu"), (0.1, "wall")])
def test_time_limits(cpu: float, name: str) -> None:
    """Code that computes hits the CPU limit, code that sleeps the wall-time limit; limit and use are reported."""
    child = Scripted([CHILD_READY], ends=False, cpu=cpu)
    with pytest.raises(ChildStopped) as stopped:
        connect(child).receive(LIMITS)
    limit = stopped.value.limit
    assert stopped.value.ended is Status.TIME_LIMIT
    assert limit
    assert (limit.name, limit.allowed) == (name, getattr(LIMITS, name))
    assert limit.used is not None
    assert limit.allowed <= limit.used < limit.allowed * 2


def test_sleep_has_a_limit_of_its_own() -> None:
    """A child that the system reports as asleep is stopped at the limit of sleep, long before that of elapsed time."""
    child = Scripted([CHILD_READY], ends=False)
    child.activity = Activity(0.0, 0.0, is_asleep=True)
    with pytest.raises(ChildStopped) as stopped:
        connect(child).receive(replace(LIMITS, sleep=1.5))
    limit = stopped.value.limit
    assert stopped.value.ended is Status.TIME_LIMIT
    assert limit
    assert limit.name == "sleep"
    assert limit.used == pytest.approx(1.5, abs=0.2)
    assert child.now == pytest.approx(1.6, abs=0.2)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_waiting_for_a_processor_is_no_sleep(share: float) -> None:
    """A child that waits for its turn all the time, or computes half of it, is stopped at the other limits only."""

    class Waiting(Scripted):
        def read_activity(self) -> Activity | None:
            return Activity(self.now * share, self.now * (1 - share), is_asleep=True)

    child = Waiting([CHILD_READY], ends=False)
    with pytest.raises(ChildStopped) as stopped:
        connect(child).receive(replace(LIMITS, sleep=0.1))
    assert stopped.value.limit
    assert stopped.value.limit.name == "wall"


def test_many_short_sleeps_add_up() -> None:
    """A child that sleeps a little before each of its answers has slept in total, for the budget of its submission."""

    class Dozing(Scripted):
        def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
            if self.pieces:
                return super().transfer(outgoing, seconds)
            if seconds < 0.03:
                self.now += seconds
                return 0, b""
            self.now += 0.03
            return 0, frame(1)

    child = Dozing([CHILD_READY], ends=False)
    child.activity = Activity(0.0, 0.0, is_asleep=True)
    talk = connect(child)
    talk._unsent_checked = True
    for _ in range(100):
        talk.receive(LIMITS)
    assert talk.slept == pytest.approx(child.now, rel=0.2)


def test_a_frame_too_large_is_not_read() -> None:
    """The length alone ends the child: nothing of the frame is read."""
    talk = connect(Scripted([CHILD_READY, struct.pack("<I", 2**32 - 1)], ends=False))
    with pytest.raises(ChildStopped) as stopped:
        talk.receive(LIMITS)
    assert stopped.value.ended is Status.DIED


def test_messages_leave_while_answers_are_awaited() -> None:
    """Messages are written whole and in order while the first bytes arrive."""
    child = Scripted([CHILD_READY, frame("answer")])
    talk = connect(child)
    talk.send(b"one")
    talk.send(b"two", b"three")
    assert decode(talk.receive(LIMITS)) == "answer"
    assert bytes(child.sent) == b"\3\0\0\0one\3\0\0\0two\5\0\0\0three"


@pytest.mark.parametrize("ends", [True, False])
@given(values=st.lists(st.text(), max_size=5), sent=st.integers(0, 100))
def test_unsent_answers_count(ends: bool, values: list[str], sent: int) -> None:
    """The unsent answers of a child that died or hangs are taken too, each of them once."""
    stream = b"".join(map(frame, values))
    child = Scripted([CHILD_READY, *([stream[:sent]] if stream[:sent] else [])], ends=ends)
    child.stream = stream
    talk = connect(child)
    assert [decode(talk.receive(LIMITS)) for _ in values] == values
    with pytest.raises(ChildStopped) as stopped:
        talk.receive(LIMITS)
    assert stopped.value.ended is (Status.DIED if ends else Status.TIME_LIMIT)
    assert child.now < 2 * LIMITS.wall


@given(st.lists(st.text(), min_size=2, max_size=5), st.integers(1, 100))
def test_an_answer_found_unsent_and_sent_later_counts_once(values: list[str], found: int) -> None:
    """A child may still send an answer that was taken from the buffer in the meantime."""
    stream = b"".join(map(frame, values))
    child = Scripted([CHILD_READY], ends=False)
    child.stream = stream[: max(len(frame(values[0])), found)]
    talk = connect(child)
    came = [decode(talk.receive(LIMITS))]
    child.pieces = [stream]
    assert came + [decode(talk.receive(replace(LIMITS, wall=1000))) for _ in values[1:]] == values


@pytest.mark.parametrize("cpu", [0.0, 1.0])
def test_trickling_bytes_do_not_extend_limits(cpu: float) -> None:
    """A child that sends its answer byte by byte gets no more CPU or wall time."""

    class Trickling(Scripted):
        def transfer(self, outgoing: memoryview, seconds: float) -> tuple[int, bytes]:
            if self.pieces:
                return super().transfer(outgoing, seconds)
            self.now += min(0.015, seconds)
            return 0, b"."

    child = Trickling([CHILD_READY + struct.pack("<I", 9999)], ends=False, cpu=cpu)
    with pytest.raises(ChildStopped) as stopped:
        connect(child).receive(LIMITS)
    assert stopped.value.ended is Status.TIME_LIMIT
    assert child.now <= LIMITS.wall + 1


@pytest.mark.parametrize("ends", [True, False])
def test_trickling_unsent_bytes_do_not_extend_limits(ends: bool) -> None:
    """A child that writes unsent bytes one by one is stopped like one that writes none."""

    class Dribbling(Scripted):
        looks = 0

        def read_unsent(self, received_bytes: int) -> bytes:
            self.looks += 1
            assert self.looks < 10
            return struct.pack("<I", 9999) if received_bytes == 0 else b"."

    child = Dribbling([CHILD_READY], ends=ends)
    with pytest.raises(ChildStopped) as stopped:
        connect(child).receive(LIMITS)
    assert stopped.value.ended is (Status.DIED if ends else Status.TIME_LIMIT)
    assert child.now <= LIMITS.wall + 1
