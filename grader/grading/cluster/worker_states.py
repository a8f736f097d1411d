"""The workers of a cluster as the coordinator sees them: who is there, who is silent, and who has what."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from grader.grading.cpu_affinity import CpuSlot
from grader.grading.pool import MAX_IN_FLIGHT_PER_WORKER, GradingTask

MAX_BATCH_TASKS: Final = 128
"""Tasks in a parcel at most."""
MAX_BATCH_BYTES: Final = 4_000_000
"""Bytes in a parcel beyond which none is added."""
TARGET_BATCH_SECONDS: Final = 1.0
"""Seconds of work that a parcel should be: what Dask costs for each is little then, and the end comes evenly."""


@dataclass
class WorkerState:
    """A worker of the cluster. `pending_calls` are the keys of its calls, oldest first.

    `cpu_slot` is its place among those on its machine when it came.

    `is_on_trial`: it has one task and gets no other until that is done, so that we know what it died of if it does.
    """

    address: str
    threads: int = 1
    cpu_slot: CpuSlot = CpuSlot(0, 0)
    level: str = ""
    refusal: str = ""
    scheduler_last_seen: float = 0.0
    last_heard_at: float = 0.0
    pending_calls: list[str] = field(default_factory=list)
    is_on_trial: bool = False

    @property
    def is_ready(self) -> bool:
        """It has the course and a sandbox."""
        return bool(self.level)


@dataclass(frozen=True)
class WorkerChanges:
    """What a look at the cluster has shown: workers that are new, or speak again; that are gone; that are silent."""

    new: list[WorkerState] = field(default_factory=list)
    gone: list[WorkerState] = field(default_factory=list)
    silent: list[WorkerState] = field(default_factory=list)


class WorkerRegistry:
    """All workers by address. One that has said nothing for `silence` seconds counts as away until it speaks again."""

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._there: dict[str, WorkerState] = {}
        self._silent: dict[str, float] = {}

    def update(self, workers: Mapping[str, Mapping[str, Any]], now: float) -> WorkerChanges:
        """Compares with what the scheduler says of its workers now."""
        gone = [self._there.pop(address) for address in list(self._there) if address not in workers]
        changes = WorkerChanges(gone=gone)
        self._silent = {address: said for address, said in self._silent.items() if address in workers}
        for address, told in workers.items():
            said = float(told.get("last_seen", 0.0)) if told.get("status") == "running" else None
            post = self._there.get(address)
            if post is None and said is not None and said != self._silent.get(address):
                self._silent.pop(address, None)
                post = self._there[address] = WorkerState(address, int(told.get("nthreads", 1)))
                changes.new.append(post)
            if post is None:
                continue
            if said is not None and said != post.scheduler_last_seen:
                post.scheduler_last_seen, post.last_heard_at = said, now
            elif now - post.last_heard_at > self._silence:
                self._silent[address] = post.scheduler_last_seen
                changes.silent.append(self._there.pop(address))
        for post in changes.new:
            post.cpu_slot = self._assign_slot(post)
        return changes

    def _assign_slot(self, new: WorkerState) -> CpuSlot:
        """The first that nobody else on its machine has."""
        host = _get_host(new.address)
        there = [post for post in self._there.values() if _get_host(post.address) == host]
        taken = {post.cpu_slot.number for post in there if post.cpu_slot.worker_count}
        return CpuSlot(min(set(range(len(there))) - taken), len(there))

    def find(self, address: str) -> WorkerState | None:
        """The worker of this address, if it is there and speaks."""
        return self._there.get(address)

    def list_present(self) -> list[WorkerState]:
        """Those that are there and speak."""
        return list(self._there.values())

    def list_ready(self) -> list[WorkerState]:
        """Those that can be given tasks."""
        return [post for post in self._there.values() if post.is_ready]

    def list_available(self) -> list[WorkerState]:
        """Those that have room for a parcel, who has least first."""
        room = (p for p in self.list_ready() if len(p.pending_calls) < MAX_IN_FLIGHT_PER_WORKER and not p.is_on_trial)
        return sorted(room, key=lambda p: len(p.pending_calls))


def _get_host(address: str) -> str:
    """`tcp://host:port` without the port."""
    return address.rpartition(":")[0]


@dataclass
class TaskQueue:
    """Tasks that were given and are with no worker; `suspects` were with one that died, and are tried alone."""

    tasks: deque[GradingTask] = field(default_factory=deque)
    suspects: deque[GradingTask] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self.tasks) + len(self.suspects)

    def take_batch(self, size: int) -> tuple[GradingTask, ...]:
        """The next tasks, so many at most; no suspects."""
        taken: list[GradingTask] = []
        weight = 0
        while self.tasks and len(taken) < size and weight < MAX_BATCH_BYTES:
            taken.append(self.tasks.popleft())
            weight += len(taken[-1].data)
        return tuple(taken)


@dataclass
class Throughput:
    """How long a task takes, by those that are done, and so how many make a parcel."""

    seconds: float = TARGET_BATCH_SECONDS

    def add_sample(self, tasks: int, seconds: float) -> None:
        """So many tasks took so long."""
        self.seconds += (max(seconds / tasks, 1e-4) - self.seconds) * 0.3

    @property
    def batch_size(self) -> int:
        """Tasks in a parcel."""
        return max(1, min(MAX_BATCH_TASKS, int(TARGET_BATCH_SECONDS / self.seconds)))
