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
from grader.core.wire.values import NotAValue
from grader.course.loader import load, version
from grader.grading.cluster import cluster_messages, course_archive, worker
from grader.grading.cluster.address import Scheduler
from grader.grading.cluster.connection import Connection
from grader.grading.cluster.worker_states import Pace, Post, Posts, Waiting
from grader.grading.pool import IN_FLIGHT, Done, Setup, Task, faulted
from grader.sandbox.level import Level

SILENCE: Final = 30.0
"""Seconds without a sign of life after which a worker's tasks go to others."""
LOOK: Final = 0.5
"""Seconds between two looks at who is there."""
LONELY: Final = 5.0
"""Seconds after which a person is told that no worker is there."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class _Parcel:
    """What a worker was asked to do: tasks to judge, or, without any, to make ready."""

    address: str
    future: Any
    tasks: tuple[Task, ...] = ()


def grade(setup: Setup, tasks: Iterable[Task], scheduler: Scheduler, tell: Tell) -> Generator[Done]:
    """Judges tasks on a cluster and yields results as they come, in no order; takes them only as fast as they are done.

    `tell` is given what a person should know. Raises ClusterError, CourseError, and UsageError for what isn't safe.
    """
    with contextlib.closing(Cluster(setup, scheduler, tell)) as cluster:
        yield from cluster.run(iter(tasks))


class Cluster:
    """The coordinator's side of the cluster's workers; what it is called with is as for `grader.grading.pool.Pool`."""

    def __init__(
        self, setup: Setup, scheduler: Scheduler, tell: Tell, course: Course | None = None, silence: float = SILENCE
    ) -> None:
        self._setup, self._scheduler, self._tell = setup, scheduler, tell
        self._course = course or load(setup.course)
        self._archive = course_archive.pack(setup.course)
        if {self._course.version, version(setup.course / "reference")} != {setup.version}:
            raise CourseError(f"{setup.course} was changed while it was in use: run the command again")
        self._order = cluster_messages.Order.of(setup, course_archive.digest(self._archive)).encoded()
        self._name = cluster_messages.name_of(self._order)
        self._posts = Posts(silence)
        self._pace = Pace()
        self._waiting = Waiting()
        self._parcels: dict[str, _Parcel] = {}
        self._arrived: SimpleQueue[tuple[str, bytes | None]] = SimpleQueue()
        self._done: list[Done] = []
        self._suspected: set[int] = set()
        self._told: set[str] = set()
        self._looked = 0.0
        self._alone_since = time.monotonic()
        self._connection = Connection(scheduler)

    @property
    def room(self) -> int:
        """How many tasks would be taken now."""
        most = len(self._posts.ready()) * IN_FLIGHT * self._pace.size
        return max(0, most - len(self._waiting) - sum(len(parcel.tasks) for parcel in self._parcels.values()))

    @property
    def busy(self) -> bool:
        """Something that was given hasn't come back."""
        return bool(self._waiting) or any(parcel.tasks for parcel in self._parcels.values())

    def give(self, task: Task) -> None:
        """Takes a task, which goes to a worker soon."""
        self._waiting.tasks.append(task)

    def take(self, timeout: float | None = None) -> list[Done]:
        """What is done, once something is, or after so many seconds. Raises what the batch could not go on after."""
        end = time.monotonic() + timeout if timeout is not None else math.inf
        while True:
            self._look()
            self._hand_out()
            for key, data in self._arrivals(max(0.0, min(LOOK, end - time.monotonic()))):
                self._open(key, data)
            if self._done or time.monotonic() >= end:
                self._hand_out()
                done, self._done = self._done, []
                return done

    def run(self, tasks: Iterator[Task]) -> Iterator[Done]:
        """Feeds the workers until nothing is left. Raises ClusterError where all that are there refuse."""
        more = True
        while more or self.busy:
            while more and self.room:
                task = next(tasks, None)
                more = task is not None
                if task is not None:
                    self.give(task)
            if more or self.busy:
                yield from self.take(LOOK)
                self._must_not_be_refused()

    def close(self) -> None:
        """Lets go of the cluster; what the workers are doing is lost, and not recorded either."""
        self._connection.close([parcel.future for parcel in self._parcels.values()])

    def _look(self) -> None:
        """Sees who is there: greets who is new, and takes back what the lost ones have."""
        now = time.monotonic()
        if now - self._looked < LOOK:
            return
        self._looked = now
        workers = self._connection.workers()
        for address in workers:
            if not self._scheduler.allows(address):
                raise UsageError(
                    f"the cluster's worker {address} is reached without TLS: start the cluster with tls://"
                )
        changes = self._posts.look(workers, now)
        for post in changes.gone:
            self._lose(post, died=True)
        for post in changes.silent:
            self._lose(post, died=False)
        for post in changes.new:
            self._greet(post, b"")
        lonely = f"no worker is at {self._scheduler.address}: waiting for one"
        if self._posts.all():
            self._alone_since = now
            self._told.discard(lonely)
        elif now - self._alone_since > LONELY:
            self._tell_once(lonely)

    def _must_not_be_refused(self) -> None:
        """Raises ClusterError where all that are there refuse."""
        posts = self._posts.all()
        if posts and all(post.refused for post in posts):
            raise ClusterError(f"no worker of {self._scheduler.address} can grade this: {posts[0].refused}")

    def _greet(self, post: Post, course: bytes) -> None:
        self._send(post, (), worker.greet, self._order, course, post.seat.number, post.seat.of)

    def _hand_out(self) -> None:
        """Gives what waits to those that have room; a suspect to one that has nothing else."""
        while self._waiting and (posts := self._posts.open()):
            if self._waiting.suspects:
                if not posts[0].parcels:
                    posts[0].tested = True
                    self._send_tasks(posts[0], (self._waiting.suspects.popleft(),))
                    continue
                del posts[0]  # until it has
            if not posts or not self._waiting.tasks:
                return
            even = -(-len(self._waiting) // len(self._posts.ready()))
            self._send_tasks(posts[0], self._waiting.parcel(min(self._pace.size, even)))

    def _send_tasks(self, post: Post, tasks: tuple[Task, ...]) -> None:
        self._send(post, tasks, worker.judge, self._name, cluster_messages.encode_tasks(tasks))

    def _send(self, post: Post, tasks: tuple[Task, ...], function: Callable[..., bytes], *arguments: object) -> None:
        key = f"grader-{uuid.uuid4().hex}"
        future = self._connection.submit(key, post.address, function, *arguments)
        self._parcels[key] = _Parcel(post.address, future, tasks)
        post.parcels.append(key)
        future.add_done_callback(partial(self._connection.fetch, arrived=self._arrived))

    def _arrivals(self, timeout: float) -> Iterator[tuple[str, bytes | None]]:
        """What has come from the workers, once something has."""
        with contextlib.suppress(Empty):
            yield self._arrived.get(timeout=timeout)
            while True:
                yield self._arrived.get_nowait()

    def _open(self, key: str, data: bytes | None) -> None:
        """A parcel has come back, from somebody who is still listened to."""
        parcel, post = self._forget(key)
        if parcel is None or post is None:
            return
        try:
            said = cluster_messages.message(data)
            if "course" in said:
                raise CourseError(cluster_messages.field(said, "course", str)[:1000])
            if not parcel.tasks:
                self._meet(post, said)
            elif "stranger" in said:
                post.level = ""
                self._waiting.tasks.extendleft(reversed(parcel.tasks))
                self._greet(post, b"")
            else:
                results = cluster_messages.results_from(said, parcel.tasks, self._course, self._setup)
                self._suspected.difference_update(task.id for task in parcel.tasks)
                self._pace.learn(len(results), cluster_messages.seconds_from(said))
                self._done += results
        except NotAValue:
            if parcel.tasks:
                self._suspect(parcel.tasks)
            else:
                self._refuse(post, "it can't run the grader: install the same grader[cluster] there")

    def _meet(self, post: Post, said: dict[Any, Any]) -> None:
        """A worker answers the greeting."""
        if "wants" in said:
            self._greet(post, self._archive)
        elif "ready" in said and said["ready"] in list(Level):
            post.level = said["ready"]
            if post.threads > 1:
                self._tell_once("a worker does one job at a time: start workers with --nthreads 1, one a processor")
        else:
            self._refuse(post, cluster_messages.field(said, "refused", str)[:1000])

    def _refuse(self, post: Post, reason: str) -> None:
        post.refused = f"worker {post.address}: {reason}"
        self._tell_once(post.refused)

    def _lose(self, post: Post, *, died: bool) -> None:
        """A worker is gone, or silent: others do what it had. Something of that may be what it died of."""
        for key in post.parcels:
            parcel = self._parcels.pop(key)
            parcel.future.cancel()
            if died:
                self._suspect(parcel.tasks)
            else:
                self._waiting.tasks.extendleft(reversed(parcel.tasks))

    def _forget(self, key: str) -> tuple[_Parcel | None, Post | None]:
        """The parcel of that key, and who had it: both only if it is still wanted from there."""
        parcel = self._parcels.pop(key, None)
        post = self._posts.at(parcel.address) if parcel else None
        if post:
            post.parcels.remove(key)
            post.tested = False
        return parcel, post

    def _suspect(self, tasks: tuple[Task, ...]) -> None:
        """Something went wrong with one of these: each is tried alone; what that was done with is our fault."""
        for task in tasks:
            if task.id in self._suspected:
                self._done.append(Done(task.id, faulted(self._course.exercise(task.exercise), self._setup)))
            else:
                self._suspected.add(task.id)
                self._waiting.suspects.append(task)

    def _tell_once(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._tell(text)
