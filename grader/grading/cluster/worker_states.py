"""The workers of a cluster as the coordinator sees them: present, silent, and their calls."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from grader.grading.cpu_affinity import CpuSlot
from grader.grading.pool import MAX_IN_FLIGHT_PER_WORKER
from grader.grading.tasks import GradingTask

MAX_BATCH_TASKS: Final = 128
"""Maximum number of tasks in a batch."""
MAX_BATCH_BYTES: Final = 4_000_000
"""Size of a batch in bytes after which no task is added."""
TARGET_BATCH_SECONDS: Final = 1.0
"""Duration of a batch: long enough to make Dask's overhead small, short enough for an even finish."""


@dataclass
class WorkerState:
    """A worker of the cluster. `pending_calls` are the keys of its calls, oldest first.

    `cpu_slot` is its slot among the workers on its machine at the time it joined. `is_on_trial`: it has one task and
    gets no other until that is done, so that the cause is known if it dies.
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
        """Whether it has the course and a sandbox."""
        return bool(self.level)


@dataclass(frozen=True)
class WorkerChanges:
    """Changes since the last update: workers that are new or active again, gone, or silent."""

    new: list[WorkerState] = field(default_factory=list)
    lost: list[WorkerState] = field(default_factory=list)
    silent: list[WorkerState] = field(default_factory=list)


class WorkerRegistry:
    """All workers by address. One that is silent for `silence` seconds counts as absent until it is heard again.

    A worker has at most `max_calls` unanswered calls.
    """

    def __init__(self, silence: float, max_calls: int = MAX_IN_FLIGHT_PER_WORKER) -> None:
        self._silence, self._max_calls = silence, max_calls
        self._present: dict[str, WorkerState] = {}
        self._silent: dict[str, float] = {}

    def update(self, workers: Mapping[str, Mapping[str, Any]], now: float) -> WorkerChanges:
        """Compare with the scheduler's current information about its workers, and return the changes."""
        gone = [self._present.pop(address) for address in list(self._present) if address not in workers]
        changes = WorkerChanges(lost=gone)
        self._silent = {address: last_seen for address, last_seen in self._silent.items() if address in workers}
        for address, info in workers.items():
            last_seen = float(info.get("last_seen", 0.0)) if info.get("status") == "running" else None
            state = self._present.get(address)
            if state is None and last_seen is not None and last_seen != self._silent.get(address):
                self._silent.pop(address, None)
                state = self._present[address] = WorkerState(address, int(info.get("nthreads", 1)))
                changes.new.append(state)
            if state is None:
                continue
            if last_seen is not None and last_seen != state.scheduler_last_seen:
                state.scheduler_last_seen, state.last_heard_at = last_seen, now
            elif now - state.last_heard_at > self._silence:
                self._silent[address] = state.scheduler_last_seen
                changes.silent.append(self._present.pop(address))
        for state in changes.new:
            state.cpu_slot = self._assign_slot(state)
        return changes

    def _assign_slot(self, new: WorkerState) -> CpuSlot:
        """Return the first slot that is free on the worker's machine."""
        host = _get_host(new.address)
        neighbours = [state for state in self._present.values() if _get_host(state.address) == host]
        taken = {state.cpu_slot.number for state in neighbours if state.cpu_slot.worker_count}
        return CpuSlot(min(set(range(len(neighbours))) - taken), len(neighbours))

    def find(self, address: str) -> WorkerState | None:
        """Return the worker of this address, if it is present."""
        return self._present.get(address)

    def list_present(self) -> list[WorkerState]:
        """Return the workers that are present and not silent."""
        return list(self._present.values())

    def list_ready(self) -> list[WorkerState]:
        """Return the workers that can be given tasks."""
        return [state for state in self._present.values() if state.is_ready]

    def list_available(self) -> list[WorkerState]:
        """Return the workers with room for a batch, the least busy first."""
        room = (p for p in self.list_ready() if len(p.pending_calls) < self._max_calls and not p.is_on_trial)
        return sorted(room, key=lambda p: len(p.pending_calls))


def _get_host(address: str) -> str:
    """Return `tcp://host:port` without the port."""
    return address.rpartition(":")[0]


@dataclass
class TaskQueue:
    """Tasks that no worker has; `suspects` were on a worker that died, and are retried alone."""

    tasks: deque[GradingTask] = field(default_factory=deque)
    suspects: deque[GradingTask] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self.tasks) + len(self.suspects)

    def take_batch(self, size: int) -> tuple[GradingTask, ...]:
        """Return the next tasks, at most `size`, without suspects."""
        taken: list[GradingTask] = []
        weight = 0
        while self.tasks and len(taken) < size and weight < MAX_BATCH_BYTES:
            taken.append(self.tasks.popleft())
            weight += len(taken[-1].data)
        return tuple(taken)


@dataclass
class Throughput:
    """Average duration of a task, from finished ones, and the batch size that follows from it."""

    seconds: float = TARGET_BATCH_SECONDS
    max_batch: int = MAX_BATCH_TASKS

    def add_sample(self, tasks: int, seconds: float) -> None:
        """Record that this many tasks took this many seconds."""
        self.seconds += (max(seconds / tasks, 1e-4) - self.seconds) * 0.3

    @property
    def batch_size(self) -> int:
        """The number of tasks in a batch."""
        return max(1, min(self.max_batch, int(TARGET_BATCH_SECONDS / self.seconds)))
