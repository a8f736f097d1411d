"""Code that runs in a worker of the cluster: keeps courses and warm sandboxes from one call to the next.

Each worker process has one WorkerRuntime, with one thread that does all the work, however many threads Dask uses: a
sandbox runs one job at a time, and lives as long as the thread that started it.
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
from grader.grading.task_worker import Worker

MAX_CACHED_ORDERS: Final = 2
"""Number of orders whose sandbox is kept: of several coordinators, or of a course before and after a change."""


def prepare_worker(order: bytes, archive: bytes, number: int, of: int) -> bytes:
    """Prepare for an order, with the course if it is included: called by the coordinator, on each worker.

    This is the `number`-th worker, from 0, `of` those on its machine.

    Replies `ready` with the sandbox's level, `needs_course`, or `refused` with the reason.
    """
    return _get_own_runtime().run_action(lambda runtime: runtime.prepare_order(order, archive, CpuSlot(number, of)))


def judge_tasks(order: str, tasks: bytes) -> bytes:
    """Judge tasks under an order that this worker has prepared: called by the coordinator.

    Replies `results` and `seconds`; `unknown_order` if it isn't prepared for the order; `course_error` with an error in
    the course.
    """
    return _get_own_runtime().run_action(lambda runtime: runtime.grade_tasks(order, tasks))


class WorkerRuntime:
    """The courses, by hash, and the sandboxes, by order, of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, "grader", initializer=use_batch_scheduling)
        self._courses: dict[str, tuple[Course, tempfile.TemporaryDirectory[str]]] = {}
        self._workers: dict[str, Worker] = {}
        self._is_pinned = False

    def run_action(self, action: Callable[["WorkerRuntime"], dict[Value, Value]]) -> bytes:
        """Run an action on the runtime's thread. Exceptions are reported in the reply: Dask would pickle them."""
        try:
            reply = self._thread.submit(action, self).result()
        except CourseError as error:
            reply = {"course_error": str(error)}
        except Exception as error:
            reply = {"worker_error": f"{type(error).__name__}: {error}"[:1000]}
        return encode(reply, cluster_messages.MAX_CLUSTER_MESSAGE_BYTES)

    def close(self) -> None:
        """End the sandboxes and remove the courses' files."""
        for worker in self._workers.values():
            worker.__exit__()
        for _, folder in self._courses.values():
            folder.cleanup()
        self._thread.shutdown()

    def prepare_order(self, data: bytes, archive: bytes, slot: CpuSlot) -> dict[Value, Value]:
        """Prepare a sandbox for this order. The runtime keeps the first CPU slot that it is given."""
        order, name = cluster_messages.decode_order(data), cluster_messages.hash_order(data)
        installed = cluster_messages.get_versions()
        for package, required in order.versions.items():
            if (version := installed.get(package)) != required:
                return {
                    "refused": f"it has {package} {version}, but the coordinator has {required}: "
                    "install the same version"
                }
        if name not in self._workers:
            try:
                course = self._get_course(order.course, archive)
                if course is None:
                    return {"needs_course": True}
                if not self._is_pinned:
                    slot.pin_thread()
                    self._is_pinned = True
                worker = Worker(order.to_config(Path(course.folder)), course)
                self._workers[name] = worker.__enter__()
            except GraderError as error:
                return {"refused": str(error)}
            self._evict_unused()
        return {"ready": str(self._workers[name].level)}

    def grade_tasks(self, name: str, data: bytes) -> dict[Value, Value]:
        """Return the results of tasks, in order."""
        worker = self._workers.get(name)
        if worker is None:
            return {"unknown_order": True}
        self._workers[name] = self._workers.pop(name)  # the most recently used worker comes last
        begun = time.perf_counter()
        results = [worker.grade_task(task) for task in cluster_messages.decode_tasks(data)]
        return cluster_messages.build_results_message(results, time.perf_counter() - begun)

    def _get_course(self, digest: str, archive: bytes) -> Course | None:
        """Return the course with this hash, from the cache or the archive; None if neither has it."""
        if digest not in self._courses and archive:
            folder = tempfile.TemporaryDirectory(prefix="course-", dir=self._folder)
            self._courses[digest] = load_course(archives.unpack_course(archive, digest, Path(folder.name))), folder
        return self._courses[digest][0] if digest in self._courses else None

    def _evict_unused(self) -> None:
        """End the least recently used sandboxes beyond the limit, and remove courses that no order needs."""
        while len(self._workers) > MAX_CACHED_ORDERS:
            self._workers.pop(next(iter(self._workers))).__exit__()
        used = {worker.course.version for worker in self._workers.values()}
        for digest, (course, folder) in list(self._courses.items()):
            if course.version not in used:
                del self._courses[digest]
                folder.cleanup()


def _get_own_runtime() -> WorkerRuntime:
    """Return this process's runtime, which is made on first use and kept with Dask's own worker."""
    from distributed import get_worker

    worker = get_worker()
    return get_runtime(vars(worker), Path(worker.local_directory))


def get_runtime(attributes: dict[str, object], folder: Path) -> WorkerRuntime:
    """Return the runtime of this dict of attributes, which gets one if it has none."""
    runtime = attributes.get("_grader_runtime") or attributes.setdefault("_grader_runtime", WorkerRuntime(folder))
    assert isinstance(runtime, WorkerRuntime)
    return runtime
