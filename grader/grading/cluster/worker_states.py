"""The workers of a cluster as the coordinator sees them: who is there, who is silent, and who has what."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from grader.grading.cpu_affinity import Seat
from grader.grading.pool import IN_FLIGHT, Task

LONGEST: Final = 128
"""Tasks in a parcel at most."""
HEAVIEST: Final = 4_000_000
"""Bytes in a parcel beyond which none is added."""
WORTH: Final = 1.0
"""Seconds of work that a parcel should be: what Dask costs for each is little then, and the end comes evenly."""


@dataclass
class Post:
    """One worker of the cluster. `parcels` are the keys of what it has, oldest first; `seen` is when it last spoke.

    `seat` is its place among those on its machine when it came.

    `tested`: it has one task and gets no other until that is done, so that we know what it died of if it does.
    """

    address: str
    threads: int = 1
    seat: Seat = Seat(0, 0)
    level: str = ""
    refused: str = ""
    said: float = 0.0
    seen: float = 0.0
    parcels: list[str] = field(default_factory=list)
    tested: bool = False

    @property
    def ready(self) -> bool:
        """It has the course and a sandbox."""
        return bool(self.level)


@dataclass(frozen=True)
class Changes:
    """What a look at the cluster has shown: workers that are new, or speak again; that are gone; that are silent."""

    new: list[Post] = field(default_factory=list)
    gone: list[Post] = field(default_factory=list)
    silent: list[Post] = field(default_factory=list)


class Posts:
    """All workers by address. One that has said nothing for `silence` seconds counts as away until it speaks again."""

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._there: dict[str, Post] = {}
        self._silent: dict[str, float] = {}

    def look(self, workers: Mapping[str, Mapping[str, Any]], now: float) -> Changes:
        """Compares with what the scheduler says of its workers now."""
        gone = [self._there.pop(address) for address in list(self._there) if address not in workers]
        changes = Changes(gone=gone)
        self._silent = {address: said for address, said in self._silent.items() if address in workers}
        for address, told in workers.items():
            said = float(told.get("last_seen", 0.0)) if told.get("status") == "running" else None
            post = self._there.get(address)
            if post is None and said is not None and said != self._silent.get(address):
                self._silent.pop(address, None)
                post = self._there[address] = Post(address, int(told.get("nthreads", 1)))
                changes.new.append(post)
            if post is None:
                continue
            if said is not None and said != post.said:
                post.said, post.seen = said, now
            elif now - post.seen > self._silence:
                self._silent[address] = post.said
                changes.silent.append(self._there.pop(address))
        for post in changes.new:
            post.seat = self._seat(post)
        return changes

    def _seat(self, new: Post) -> Seat:
        """The first that nobody else on its machine has."""
        host = _host(new.address)
        there = [post for post in self._there.values() if _host(post.address) == host]
        taken = {post.seat.number for post in there if post.seat.of}
        return Seat(min(set(range(len(there))) - taken), len(there))

    def at(self, address: str) -> Post | None:
        """The worker of this address, if it is there and speaks."""
        return self._there.get(address)

    def all(self) -> list[Post]:
        """Those that are there and speak."""
        return list(self._there.values())

    def ready(self) -> list[Post]:
        """Those that can be given tasks."""
        return [post for post in self._there.values() if post.ready]

    def open(self) -> list[Post]:
        """Those that have room for a parcel, who has least first."""
        room = (p for p in self.ready() if len(p.parcels) < IN_FLIGHT and not p.tested)
        return sorted(room, key=lambda p: len(p.parcels))


def _host(address: str) -> str:
    """`tcp://host:port` without the port."""
    return address.rpartition(":")[0]


@dataclass
class Waiting:
    """Tasks that were given and are with no worker; `suspects` were with one that died, and are tried alone."""

    tasks: deque[Task] = field(default_factory=deque)
    suspects: deque[Task] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self.tasks) + len(self.suspects)

    def parcel(self, size: int) -> tuple[Task, ...]:
        """The next tasks, so many at most; no suspects."""
        taken: list[Task] = []
        weight = 0
        while self.tasks and len(taken) < size and weight < HEAVIEST:
            taken.append(self.tasks.popleft())
            weight += len(taken[-1].data)
        return tuple(taken)


@dataclass
class Pace:
    """How long a task takes, by those that are done, and so how many make a parcel."""

    seconds: float = WORTH

    def learn(self, tasks: int, seconds: float) -> None:
        """So many tasks took so long."""
        self.seconds += (max(seconds / tasks, 1e-4) - self.seconds) * 0.3

    @property
    def size(self) -> int:
        """Tasks in a parcel."""
        return max(1, min(LONGEST, int(WORTH / self.seconds)))
