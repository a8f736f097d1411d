"""The coordinator's side of a cluster: gives tasks to workers while there is room, and takes results, like a `Pool`.

The coordinator chooses the worker for each task. It sends a few batches at a time, never more than
MAX_IN_FLIGHT_PER_WORKER per worker, so that memory stays constant however many tasks there are. The tasks of a worker
that is lost, or silent for too long, are given to others; later results of a silent worker are ignored, so that no
result arrives twice. The tasks of a worker that died are retried one by one, each alone on a worker; a task during
which a second worker dies gets a faulted result.
"""

import contextlib
import math
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Final

from grader.core.errors import ClusterError, CourseError, UsageError
from grader.core.questions.exercise import Course
from grader.core.wire.values import InvalidValueError
from grader.course.loader import compute_course_version, load_course
from grader.grading.cluster import cluster_messages, course_archive, worker
from grader.grading.cluster.address import Scheduler
from grader.grading.cluster.connection import Connection
from grader.grading.cluster.worker_states import TaskQueue, Throughput, WorkerRegistry, WorkerState
from grader.grading.grading_loop import TaskSource, WorkerCounts, run_grading_loop
from grader.grading.pool import MAX_IN_FLIGHT_PER_WORKER
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult, make_faulted_grading
from grader.sandbox.level import Level

WORKER_SILENCE_S: Final = 30.0
"""Seconds without a sign of life after which a worker's tasks are given to others."""
WORKER_POLL_INTERVAL_S: Final = 0.5
"""Seconds between two checks of the workers that are present."""
NO_WORKER_NOTICE_S: Final = 5.0
"""Seconds after which a notice says that no worker is present."""

NoticeCallback = Callable[[str], None]


@dataclass(frozen=True)
class _PendingCall:
    """A call to a worker: to judge tasks, or, without any, to prepare for an order."""

    address: str
    future: Any
    tasks: tuple[GradingTask, ...] = ()


def grade_on_cluster(
    setup: GradingConfig, tasks: Iterable[GradingTask], scheduler: Scheduler, tell: NoticeCallback
) -> Generator[TaskResult]:
    """Judge tasks on a cluster and yield results as they arrive, unordered; tasks are taken on demand.

    `tell` receives notices for the user. Raises ClusterError, CourseError, and UsageError if the connection isn't safe.
    """
    with contextlib.closing(Cluster(setup, scheduler, tell)) as cluster:
        yield from cluster.run(iter(tasks))


class Cluster:
    """The coordinator's side of the cluster's workers, with the same methods as `grader.grading.pool.Pool`.

    `one_by_one`: no task waits on a worker for an earlier one.
    """

    def __init__(
        self,
        setup: GradingConfig,
        scheduler: Scheduler,
        tell: NoticeCallback,
        course: Course | None = None,
        silence: float = WORKER_SILENCE_S,
        one_by_one: bool = False,
    ) -> None:
        self._setup, self._scheduler, self._tell = setup, scheduler, tell
        self._course = course or load_course(setup.course)
        self._archive = course_archive.pack_course(setup.course)
        if {self._course.version, compute_course_version(setup.course / "reference")} != {setup.version}:
            raise CourseError(f"{setup.course} was changed while it was in use: run the command again")
        self._order = cluster_messages.WorkerOrder.from_config(
            setup, course_archive.hash_archive(self._archive)
        ).encode()
        self._name = cluster_messages.hash_order(self._order)
        self._calls_per_worker = 1 if one_by_one else MAX_IN_FLIGHT_PER_WORKER
        self._workers = WorkerRegistry(silence, self._calls_per_worker)
        self._throughput = Throughput(max_batch=1) if one_by_one else Throughput()
        self._waiting = TaskQueue()
        self._pending_calls: dict[str, _PendingCall] = {}
        self._arrived: SimpleQueue[tuple[str, bytes | None]] = SimpleQueue()
        self._done: list[TaskResult] = []
        self._suspected: set[int] = set()
        self._sent_notices: set[str] = set()
        self._polled_at = 0.0
        self._alone_since = time.monotonic()
        self._connection = Connection(scheduler)

    @property
    def capacity(self) -> int:
        """The number of tasks that may be in progress at once."""
        return len(self._workers.list_ready()) * self._calls_per_worker * self._throughput.batch_size

    @property
    def room(self) -> int:
        """The number of tasks that would be accepted now."""
        taken = len(self._waiting) + sum(len(call.tasks) for call in self._pending_calls.values())
        return max(0, self.capacity - taken)

    @property
    def busy(self) -> bool:
        """Whether a task has no result yet."""
        return bool(self._waiting) or any(call.tasks for call in self._pending_calls.values())

    def count_workers(self) -> WorkerCounts:
        """Return the state of the workers now; one that takes too long falls silent."""
        ready = self._workers.list_ready()
        return WorkerCounts(len(ready), sum(not state.pending_calls for state in ready), 0)

    def give(self, task: GradingTask) -> None:
        """Accept a task, which is sent to a worker soon."""
        self._waiting.tasks.append(task)

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """Return results once there are any, or after `timeout` seconds. Raises errors that end the batch."""
        end = time.monotonic() + timeout if timeout is not None else math.inf
        while True:
            self._poll_workers()
            self._assign_tasks()
            for key, data in self._collect_arrivals(max(0.0, min(WORKER_POLL_INTERVAL_S, end - time.monotonic()))):
                self._handle_arrival(key, data)
            if self._done or time.monotonic() >= end:
                self._assign_tasks()
                done, self._done = self._done, []
                return done

    def run(self, tasks: Iterator[GradingTask]) -> Iterator[TaskResult]:
        """Feed the workers until nothing is left. Raises ClusterError if all present workers refuse."""
        for done in run_grading_loop(self, TaskSource.from_tasks(tasks), WORKER_POLL_INTERVAL_S):
            yield from done
            self._require_willing_worker()

    def close(self) -> None:
        """Disconnect from the cluster; unfinished work is lost, and not recorded either."""
        self._connection.close([call.future for call in self._pending_calls.values()])

    def _poll_workers(self) -> None:
        """Check which workers are present: prepare new ones, and take back the tasks of lost ones."""
        now = time.monotonic()
        if now - self._polled_at < WORKER_POLL_INTERVAL_S:
            return
        self._polled_at = now
        workers = self._connection.workers()
        for address in workers:
            if not self._scheduler.allows(address):
                raise UsageError(
                    f"the cluster's worker {address} is reached without TLS: start the cluster with tls://"
                )
        changes = self._workers.update(workers, now)
        for state in changes.lost:
            self._reassign_lost(state, died=True)
        for state in changes.silent:
            self._reassign_lost(state, died=False)
        for state in changes.new:
            self._prepare_worker(state, b"")
        lonely = f"{self._scheduler.address} has no worker: waiting for one"
        if self._workers.list_present():
            self._alone_since = now
            self._sent_notices.discard(lonely)
        elif now - self._alone_since > NO_WORKER_NOTICE_S:
            self._tell_once(lonely)

    def _require_willing_worker(self) -> None:
        """Raise ClusterError if all present workers refuse."""
        states = self._workers.list_present()
        if states and all(state.refusal for state in states):
            raise ClusterError(f"no worker of {self._scheduler.address} can grade this: {states[0].refusal}")

    def _prepare_worker(self, state: WorkerState, course: bytes) -> None:
        self._send(
            state, (), worker.prepare_worker, self._order, course, state.cpu_slot.number, state.cpu_slot.worker_count
        )

    def _assign_tasks(self) -> None:
        """Send waiting tasks to workers with room; a suspected task only to a worker without other tasks."""
        while self._waiting and (states := self._workers.list_available()):
            if self._waiting.suspects:
                if not states[0].pending_calls:
                    states[0].is_on_trial = True
                    self._send_tasks(states[0], (self._waiting.suspects.popleft(),))
                    continue
                del states[0]  # it waits until the trial is over
            if not states or not self._waiting.tasks:
                return
            even = -(-len(self._waiting) // len(self._workers.list_ready()))
            self._send_tasks(states[0], self._waiting.take_batch(min(self._throughput.batch_size, even)))

    def _send_tasks(self, state: WorkerState, tasks: tuple[GradingTask, ...]) -> None:
        self._send(state, tasks, worker.judge_tasks, self._name, cluster_messages.encode_tasks(tasks))

    def _send(
        self, state: WorkerState, tasks: tuple[GradingTask, ...], function: Callable[..., bytes], *arguments: object
    ) -> None:
        key = f"grader-{uuid.uuid4().hex}"
        future = self._connection.submit(key, state.address, function, *arguments)
        self._pending_calls[key] = _PendingCall(state.address, future, tasks)
        state.pending_calls.append(key)
        future.add_done_callback(partial(self._connection.fetch, arrivals=self._arrived))

    def _collect_arrivals(self, timeout: float) -> Iterator[tuple[str, bytes | None]]:
        """Yield the keys and results that have arrived, once there are any."""
        with contextlib.suppress(Empty):
            yield self._arrived.get(timeout=timeout)
            while True:
                yield self._arrived.get_nowait()

    def _handle_arrival(self, key: str, data: bytes | None) -> None:
        """Handle the result of a call, if its worker is still listened to."""
        call, state = self._pop_call(key)
        if call is None or state is None:
            return
        try:
            reply = cluster_messages.decode_cluster_message(data)
            if "course_error" in reply:
                raise CourseError(cluster_messages.get_typed_field(reply, "course_error", str)[:1000])
            if not call.tasks:
                self._handle_greeting_reply(state, reply)
            elif "unknown_order" in reply:
                state.level = ""
                self._waiting.tasks.extendleft(reversed(call.tasks))
                self._prepare_worker(state, b"")
            else:
                results = cluster_messages.parse_results(reply, call.tasks, self._course, self._setup)
                self._suspected.difference_update(task.id for task in call.tasks)
                self._throughput.add_sample(len(results), cluster_messages.parse_seconds(reply))
                self._done += results
        except InvalidValueError:
            if call.tasks:
                self._retry_alone(call.tasks)
            else:
                self._refuse(state, "it can't run the grader: install the same version there, with its extra cluster")

    def _handle_greeting_reply(self, state: WorkerState, reply: dict[Any, Any]) -> None:
        """Handle a worker's reply to an order."""
        if "needs_course" in reply:
            self._prepare_worker(state, self._archive)
        elif "ready" in reply and reply["ready"] in list(Level):
            state.level = reply["ready"]
            if state.threads > 1:
                self._tell_once("a worker does one job at a time: start workers with --nthreads 1, one per processor")
        else:
            self._refuse(state, cluster_messages.get_typed_field(reply, "refused", str)[:1000])

    def _refuse(self, state: WorkerState, reason: str) -> None:
        state.refusal = f"worker {state.address}: {reason}"
        self._tell_once(state.refusal)

    def _reassign_lost(self, state: WorkerState, *, died: bool) -> None:
        """Reassign the tasks of a worker that died or is silent. If it died, one of them may be the cause."""
        for key in state.pending_calls:
            call = self._pending_calls.pop(key)
            call.future.cancel()
            if died:
                self._retry_alone(call.tasks)
            else:
                self._waiting.tasks.extendleft(reversed(call.tasks))

    def _pop_call(self, key: str) -> tuple[_PendingCall | None, WorkerState | None]:
        """Return the call with that key and its worker; None for either that is no longer expected."""
        call = self._pending_calls.pop(key, None)
        state = self._workers.find(call.address) if call else None
        if state:
            state.pending_calls.remove(key)
            state.is_on_trial = False
        return call, state

    def _retry_alone(self, tasks: tuple[GradingTask, ...]) -> None:
        """Retry each of these tasks alone, because one of them failed; a second failure is the grader's fault."""
        for task in tasks:
            if task.id in self._suspected:
                self._done.append(
                    TaskResult(task.id, make_faulted_grading(self._course.exercise(task.exercise), self._setup))
                )
            else:
                self._suspected.add(task.id)
                self._waiting.suspects.append(task)

    def _tell_once(self, text: str) -> None:
        if text not in self._sent_notices:
            self._sent_notices.add(text)
            self._tell(text)
