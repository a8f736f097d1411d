"""What runs in a worker of the cluster: courses and warm sandboxes, kept from one call to the next.

Each worker process has one bench, and on it one thread that does everything, however many threads Dask has there: a
sandbox does one job at a time, and lives as long as the thread that started it.
"""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from grader.core.errors import CourseError, GraderError
from grader.core.questions.exercise import Course
from grader.core.wire.encode import encode
from grader.core.wire.values import Value
from grader.course.loader import load_course
from grader.grading.cluster import cluster_messages
from grader.grading.cluster import course_archive as archives
from grader.grading.cpu_affinity import CpuSlot, use_batch_scheduling
from grader.grading.pool import Worker

MAX_CACHED_ORDERS: Final = 2
"""Orders of which a bench keeps the sandbox: of several coordinators, or a course before and after a change."""


def prepare_worker(order: bytes, archive: bytes, number: int, of: int) -> bytes:
    """Makes ready for an order, with the course if it comes along: called by the coordinator, on each worker.

    It is the `number`-th worker `of` those on its machine, from 0.

    Answers `ready` with the sandbox's level, `wants` the course, or `refused` with the reason.
    """
    return _get_own_runtime().run_action(lambda bench: bench.prepare_order(order, archive, CpuSlot(number, of)))


def judge_tasks(order: str, tasks: bytes) -> bytes:
    """Judges tasks under an order that this worker was greeted with: called by the coordinator.

    Answers `results` and `seconds`; `stranger` where it doesn't know the order; `course` with what is wrong in it.
    """
    return _get_own_runtime().run_action(lambda bench: bench.grade_tasks(order, tasks))


class WorkerRuntime:
    """The courses, by hash, and the sandboxes, by order, of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, "grader", initializer=use_batch_scheduling)
        self._courses: dict[str, tuple[Course, tempfile.TemporaryDirectory[str]]] = {}
        self._workers: dict[str, Worker] = {}
        self._is_pinned = False

    def run_action(self, action: Callable[["WorkerRuntime"], dict[Value, Value]]) -> bytes:
        """Does something on the bench's thread; whatever goes wrong is told, never raised: Dask would pickle it."""
        try:
            said = self._thread.submit(action, self).result()
        except CourseError as error:
            said = {"course": str(error)}
        except Exception as error:
            said = {"broke": f"{type(error).__name__}: {error}"[:1000]}
        return encode(said, cluster_messages.MAX_CLUSTER_MESSAGE_BYTES)

    def close(self) -> None:
        """Ends the sandboxes and removes the courses' files."""
        for worker in self._workers.values():
            worker.__exit__()
        for _, folder in self._courses.values():
            folder.cleanup()
        self._thread.shutdown()

    def prepare_order(self, data: bytes, archive: bytes, seat: CpuSlot) -> dict[Value, Value]:
        """Has a sandbox for this order from now on. It stays in the first seat that it is given."""
        order, name = cluster_messages.decode_order(data), cluster_messages.hash_order(data)
        for what, wanted in order.versions.items():
            if (here := cluster_messages.get_versions().get(what)) != wanted:
                return {"refused": f"it has {what} {here}, and the coordinator has {wanted}: install the same"}
        if name not in self._workers:
            try:
                course = self._get_course(order.course, archive)
                if course is None:
                    return {"wants": True}
                if not self._is_pinned:
                    seat.pin_thread()
                    self._is_pinned = True
                worker = Worker(order.to_config(Path(course.folder)), course)
                self._workers[name] = worker.__enter__()
            except GraderError as error:
                return {"refused": str(error)}
            self._evict_unused()
        return {"ready": str(self._workers[name].level)}

    def grade_tasks(self, name: str, data: bytes) -> dict[Value, Value]:
        """The results of tasks, in order."""
        worker = self._workers.get(name)
        if worker is None:
            return {"stranger": True}
        self._workers[name] = self._workers.pop(name)  # the one used last comes last
        begun = time.perf_counter()
        results = [worker.grade_task(task) for task in cluster_messages.decode_tasks(data)]
        return cluster_messages.build_results_message(results, time.perf_counter() - begun)

    def _get_course(self, digest: str, archive: bytes) -> Course | None:
        """The course of this hash: at hand, or from the archive, or None."""
        if digest not in self._courses and archive:
            folder = tempfile.TemporaryDirectory(prefix="course-", dir=self._folder)
            self._courses[digest] = load_course(archives.unpack_course(archive, digest, Path(folder.name))), folder
        return self._courses[digest][0] if digest in self._courses else None

    def _evict_unused(self) -> None:
        """Ends the sandbox that was used longest ago, and forgets courses that no order needs, beyond so many."""
        while len(self._workers) > MAX_CACHED_ORDERS:
            self._workers.pop(next(iter(self._workers))).__exit__()
        used = {worker.course.version for worker in self._workers.values()}
        for digest, (course, folder) in list(self._courses.items()):
            if course.version not in used:
                del self._courses[digest]
                folder.cleanup()


def _get_own_runtime() -> WorkerRuntime:
    """This process's bench; made when it is first needed, and kept with Dask's own worker."""
    from distributed import get_worker

    worker = get_worker()
    return get_runtime(vars(worker), Path(worker.local_directory))


def get_runtime(kept: dict[str, object], folder: Path) -> WorkerRuntime:
    """The bench that is kept there."""
    bench = kept.get("_grader_bench") or kept.setdefault("_grader_bench", WorkerRuntime(folder))
    assert isinstance(bench, WorkerRuntime)
    return bench
