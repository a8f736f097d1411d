"""The coordinator's side of a cluster: tasks are given while there is room, and come back done, as from a `Pool`.

A task goes to a worker of our choosing, a few at a time and never more than IN_FLIGHT parcels to each, so that memory
stays flat however long the batch is. Whoever is lost, or silent for too long, has its tasks given to others; what a
silent one says later is not listened to, so that nothing comes twice. What a worker had when it died is tried task by
task, each alone on a worker; one of which that dies too comes back as faulted.
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
from grader.grading.pool import MAX_IN_FLIGHT_PER_WORKER, GradingConfig, GradingTask, TaskResult, make_faulted_grading
from grader.sandbox.level import Level

WORKER_SILENCE_S: Final = 30.0
"""Seconds without a sign of life after which a worker's tasks go to others."""
WORKER_POLL_INTERVAL_S: Final = 0.5
"""Seconds between two looks at who is there."""
NO_WORKER_NOTICE_S: Final = 5.0
"""Seconds after which a person is told that no worker is there."""

NoticeCallback = Callable[[str], None]


@dataclass(frozen=True)
class _PendingCall:
    """What a worker was asked to do: tasks to judge, or, without any, to make ready."""

    address: str
    future: Any
    tasks: tuple[GradingTask, ...] = ()


def grade_on_cluster(
    setup: GradingConfig, tasks: Iterable[GradingTask], scheduler: Scheduler, tell: NoticeCallback
) -> Generator[TaskResult]:
    """Judges tasks on a cluster and yields results as they come, in no order; takes them only as fast as they are done.

    `tell` is given what a person should know. Raises ClusterError, CourseError, and UsageError for what isn't safe.
    """
    with contextlib.closing(Cluster(setup, scheduler, tell)) as cluster:
        yield from cluster.run(iter(tasks))


class Cluster:
    """The coordinator's side of the cluster's workers; what it is called with is as for `grader.grading.pool.Pool`."""

    def __init__(
        self,
        setup: GradingConfig,
        scheduler: Scheduler,
        tell: NoticeCallback,
        course: Course | None = None,
        silence: float = WORKER_SILENCE_S,
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
        self._workers = WorkerRegistry(silence)
        self._throughput = Throughput()
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
    def room(self) -> int:
        """How many tasks would be taken now."""
        most = len(self._workers.list_ready()) * MAX_IN_FLIGHT_PER_WORKER * self._throughput.batch_size
        return max(0, most - len(self._waiting) - sum(len(parcel.tasks) for parcel in self._pending_calls.values()))

    @property
    def busy(self) -> bool:
        """Something that was given hasn't come back."""
        return bool(self._waiting) or any(parcel.tasks for parcel in self._pending_calls.values())

    def give(self, task: GradingTask) -> None:
        """Takes a task, which goes to a worker soon."""
        self._waiting.tasks.append(task)

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """What is done, once something is, or after so many seconds. Raises what the batch could not go on after."""
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
        """Feeds the workers until nothing is left. Raises ClusterError where all that are there refuse."""
        more = True
        while more or self.busy:
            while more and self.room:
                task = next(tasks, None)
                more = task is not None
                if task is not None:
                    self.give(task)
            if more or self.busy:
                yield from self.take(WORKER_POLL_INTERVAL_S)
                self._require_willing_worker()

    def close(self) -> None:
        """Lets go of the cluster; what the workers are doing is lost, and not recorded either."""
        self._connection.close([parcel.future for parcel in self._pending_calls.values()])

    def _poll_workers(self) -> None:
        """Sees who is there: greets who is new, and takes back what the lost ones have."""
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
        for post in changes.gone:
            self._reassign_lost(post, died=True)
        for post in changes.silent:
            self._reassign_lost(post, died=False)
        for post in changes.new:
            self._prepare_worker(post, b"")
        lonely = f"no worker is at {self._scheduler.address}: waiting for one"
        if self._workers.list_present():
            self._alone_since = now
            self._sent_notices.discard(lonely)
        elif now - self._alone_since > NO_WORKER_NOTICE_S:
            self._tell_once(lonely)

    def _require_willing_worker(self) -> None:
        """Raises ClusterError where all that are there refuse."""
        posts = self._workers.list_present()
        if posts and all(post.refusal for post in posts):
            raise ClusterError(f"no worker of {self._scheduler.address} can grade this: {posts[0].refusal}")

    def _prepare_worker(self, post: WorkerState, course: bytes) -> None:
        self._send(
            post, (), worker.prepare_worker, self._order, course, post.cpu_slot.number, post.cpu_slot.worker_count
        )

    def _assign_tasks(self) -> None:
        """Gives what waits to those that have room; a suspect to one that has nothing else."""
        while self._waiting and (posts := self._workers.list_available()):
            if self._waiting.suspects:
                if not posts[0].pending_calls:
                    posts[0].is_on_trial = True
                    self._send_tasks(posts[0], (self._waiting.suspects.popleft(),))
                    continue
                del posts[0]  # until it has
            if not posts or not self._waiting.tasks:
                return
            even = -(-len(self._waiting) // len(self._workers.list_ready()))
            self._send_tasks(posts[0], self._waiting.take_batch(min(self._throughput.batch_size, even)))

    def _send_tasks(self, post: WorkerState, tasks: tuple[GradingTask, ...]) -> None:
        self._send(post, tasks, worker.judge_tasks, self._name, cluster_messages.encode_tasks(tasks))

    def _send(
        self, post: WorkerState, tasks: tuple[GradingTask, ...], function: Callable[..., bytes], *arguments: object
    ) -> None:
        key = f"grader-{uuid.uuid4().hex}"
        future = self._connection.submit(key, post.address, function, *arguments)
        self._pending_calls[key] = _PendingCall(post.address, future, tasks)
        post.pending_calls.append(key)
        future.add_done_callback(partial(self._connection.fetch, arrived=self._arrived))

    def _collect_arrivals(self, timeout: float) -> Iterator[tuple[str, bytes | None]]:
        """What has come from the workers, once something has."""
        with contextlib.suppress(Empty):
            yield self._arrived.get(timeout=timeout)
            while True:
                yield self._arrived.get_nowait()

    def _handle_arrival(self, key: str, data: bytes | None) -> None:
        """A parcel has come back, from somebody who is still listened to."""
        parcel, post = self._pop_call(key)
        if parcel is None or post is None:
            return
        try:
            said = cluster_messages.decode_cluster_message(data)
            if "course" in said:
                raise CourseError(cluster_messages.get_typed_field(said, "course", str)[:1000])
            if not parcel.tasks:
                self._handle_greeting_reply(post, said)
            elif "stranger" in said:
                post.level = ""
                self._waiting.tasks.extendleft(reversed(parcel.tasks))
                self._prepare_worker(post, b"")
            else:
                results = cluster_messages.parse_results(said, parcel.tasks, self._course, self._setup)
                self._suspected.difference_update(task.id for task in parcel.tasks)
                self._throughput.add_sample(len(results), cluster_messages.parse_seconds(said))
                self._done += results
        except InvalidValueError:
            if parcel.tasks:
                self._retry_alone(parcel.tasks)
            else:
                self._refuse(post, "it can't run the grader: install the same grader[cluster] there")

    def _handle_greeting_reply(self, post: WorkerState, said: dict[Any, Any]) -> None:
        """A worker answers the greeting."""
        if "wants" in said:
            self._prepare_worker(post, self._archive)
        elif "ready" in said and said["ready"] in list(Level):
            post.level = said["ready"]
            if post.threads > 1:
                self._tell_once("a worker does one job at a time: start workers with --nthreads 1, one a processor")
        else:
            self._refuse(post, cluster_messages.get_typed_field(said, "refused", str)[:1000])

    def _refuse(self, post: WorkerState, reason: str) -> None:
        post.refusal = f"worker {post.address}: {reason}"
        self._tell_once(post.refusal)

    def _reassign_lost(self, post: WorkerState, *, died: bool) -> None:
        """A worker is gone, or silent: others do what it had. Something of that may be what it died of."""
        for key in post.pending_calls:
            parcel = self._pending_calls.pop(key)
            parcel.future.cancel()
            if died:
                self._retry_alone(parcel.tasks)
            else:
                self._waiting.tasks.extendleft(reversed(parcel.tasks))

    def _pop_call(self, key: str) -> tuple[_PendingCall | None, WorkerState | None]:
        """The parcel of that key, and who had it: both only if it is still wanted from there."""
        parcel = self._pending_calls.pop(key, None)
        post = self._workers.find(parcel.address) if parcel else None
        if post:
            post.pending_calls.remove(key)
            post.is_on_trial = False
        return parcel, post

    def _retry_alone(self, tasks: tuple[GradingTask, ...]) -> None:
        """Something went wrong with one of these: each is tried alone; what that was done with is our fault."""
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
