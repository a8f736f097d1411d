"""From one submission to ten thousand, as ratios in one run: `python tests/benchmarks/scaling.py [--json FILE]`.

    --only PART     starts, exercises, engines, others or growth; again for more; else all: a quarter of an hour
    --most N        submissions in the largest batch (10000)
    --cache DIR     where the virtual environments of nbgrader and otter-grader are kept

No test: it prints. What counts is the marginal cost of one more submission of the whole `losses` exercise, start-up
apart. Compare ratios, not milliseconds; on a machine that does other things, call it under `chrt -f 10`.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from grader.core.judging.reference_data import compute_reference_data
from grader.core.questions.exercise import Course, Exercise
from grader.course.demo_class import render_submitted_notebook
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission
from grader.grading.cluster.address import Scheduler
from grader.grading.cluster.connection import Connection
from grader.grading.cluster.coordinator import grade_on_cluster as grade_there
from grader.grading.pool import grade_in_pool
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult
from grader.store import NewSubmission, Store

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # called as a file, it finds the modules beside it too

from tests.benchmarks import others
from tests.benchmarks.speed import median, process
from tests.grading.cluster.ground import Ground, wait_until

PARTS = ("starts", "exercises", "engines", "others", "growth")
PAGE = 200
"""Results stored in one transaction, as `grader grade` does."""
ROUNDS = 3
"""So often each engine has its turn; what counts is the median."""
TIMES = 11
"""So often a process is started; what counts is the median."""
FRESH = """
import pickle, sys
import numpy as np
with open(sys.argv[1], "rb") as file:
    cells, calls = pickle.load(file)
names = {}
for cell in cells:
    exec(compile(cell, "cell", "exec"), names)
for function, args, expected in calls:
    assert np.allclose(names[function](*args), expected)
"""
Batch = Callable[[GradingConfig, Iterator[GradingTask]], Generator[TaskResult]]


@dataclass(frozen=True)
class Row:
    """One figure: what, how many milliseconds (or another unit), and how that compares with something of this run."""

    what: str
    value: float | None
    unit: str = "ms"
    ratio: str = ""


@dataclass(frozen=True)
class Run:
    """A batch: when each result was there, in seconds from the start; bytes that the database grew by; MiB of a worker.

    `own` is the processor time in ms that this process spent on each.
    """

    times: list[float]
    size: int
    memory: float
    own: float

    def each(self, first: int, last: int) -> float:
        """Milliseconds that one more submission cost, from the `first`-th to the `last`-th result."""
        return (self.times[last - 1] - self.times[first - 1]) / (last - first) * 1000

    @property
    def marginal(self) -> float:
        """The same over all but the first tenth, in which everything starts."""
        return self.each(max(1, len(self.times) // 10), len(self.times))


def run(course: Course, count: int, batch: Batch, name: str = "losses") -> Run:
    """Grades and stores so many submissions of an exercise, all different."""
    exercise = course.exercise(name)
    data = render_submitted_notebook(exercise, make_solved_submission(exercise))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grader.db"
        with Store.open(f"sqlite:///{file}") as store:
            hand_ins = (
                NewSubmission(f"s{i}", name, data + b" " * (i % 97) + b"\n" * (i // 97), "a.ipynb")
                for i in range(count)
            )
            ids = [recorded.id for recorded in store.record_many(hand_ins)]
            tasks = (GradingTask(id, name, "a.ipynb", store.read_content(id)) for id in ids)
            setup = GradingConfig(Path(course.folder), course.version, store.secret())
            start, own, memory, times, kept = time.perf_counter(), time.process_time(), 0.0, [], []
            for done in batch(setup, tasks):
                assert not isinstance(done.result, str)
                kept.append((done.id, done.result))
                if len(kept) == PAGE:
                    store.append_many(kept)
                    kept.clear()
                times.append(time.perf_counter() - start)
                memory = largest_worker() if len(times) == count - 1 else memory
            store.append_many(kept)
            own = (time.process_time() - own) / count * 1000
        return Run(times, file.stat().st_size - empty_size(), memory, own)


def empty_size() -> int:
    """Bytes of a database with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grader.db"
        with Store.open(f"sqlite:///{file}"):
            pass
        return file.stat().st_size


def largest_worker() -> float:
    """MiB of memory of the largest process that this one started; what it shares with others in parts."""
    sizes = [0.0]
    for child in multiprocessing.active_children():
        rows = Path(f"/proc/{child.pid}/smaps_rollup").read_text().splitlines()[1:]
        sizes.append(int(dict(row.split(":", 1) for row in rows)["Pss"].split()[0]) / 1024)
    return max(sizes)


def on_cluster(course: Course, count: int, workers: int) -> Run:
    """The same on a Dask cluster of this machine, each part of which is a process of its own."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ended:
        ground = Ground(Path(folder))
        ended.callback(ground.end)
        scheduler = Scheduler(ground.start_scheduler().address)
        for _ in range(workers):
            ground.start_worker()
        with contextlib.closing(Connection(scheduler)) as connection:
            wait_until(lambda: len(connection.workers()) == workers)
        return run(course, count, lambda setup, tasks: grade_there(setup, tasks, scheduler, print))


def fresh(exercise: Exercise, at_once: int) -> float:
    """Milliseconds that each fresh Python costs which, without a sandbox, runs the cells and asserts as our checks do.

    So many run at once, each in turns of its own.
    """
    judged_by = compute_reference_data(exercise, b"benchmark")
    functions = {question.id: question.function for question in exercise.questions}
    calls = [(functions[q], case.args, case.expected) for (q, _), cases in judged_by.cases.items() for case in cases]
    cells = [cell.source for cell in make_solved_submission(exercise).cells if cell.kind == "code"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "exercise.pickle"
        file.write_bytes(pickle.dumps((cells, calls)))
        command = [sys.executable, "-c", FRESH, str(file)]
        one = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

        def all_at_once() -> None:
            running = [subprocess.Popen(command, env=one, stdout=subprocess.DEVNULL) for _ in range(at_once)]
            assert not any(each.wait() for each in running)

        return median(all_at_once, TIMES) / at_once


def starts(exercise: Exercise) -> list[Row]:
    """Measure how long the program takes to start, beside Python."""
    bare, numpy = median(process("pass"), TIMES), median(process("import numpy"), TIMES)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "losses.ipynb"
        file.write_bytes(render_submitted_notebook(exercise, make_solved_submission(exercise)))
        compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        compiled["PYTHONPYCACHEPREFIX"] = folder  # as when it is installed: compiled once, at the first call

        def call(*arguments: str) -> None:
            command = [sys.executable, "-m", "grader", *arguments]
            subprocess.run(command, env=compiled, check=False, capture_output=True)

        help, check = median(lambda: call("--help"), TIMES), median(lambda: call("check", str(file)), TIMES)
    return [
        Row("python -c pass", bare),
        Row('python -c "import numpy"', numpy, ratio=f"{numpy / bare:.1f} x pass"),
        Row("grader --help", help, ratio=f"{help / bare:.1f} x pass"),
        Row("grader check losses.ipynb, all of it", check, ratio=f"{check / bare:.1f} x pass"),
    ]


def exercises(course: Course, count: int) -> list[Row]:
    """Measure the cost of each exercise: one worker's time, the command's own time, and the size of the records."""
    rows, judging, record = [], 0.0, 0.0
    for exercise in course.exercises:
        alone = run(course, count, partial(_local, 1), exercise.name)
        fed = run(course, count, partial(_local, 2), exercise.name)
        size = alone.size / count / 1024
        rows += [
            Row(f"{exercise.name}, to judge and record, one worker", alone.marginal),
            Row("  of that in the command that feeds workers", fed.own),
            Row("  on record", size, "KiB"),
        ]
        judging, record = judging + alone.marginal, record + size
    return [*rows, Row("a student's five, to judge", judging), Row("a student's five, on record", record, "KiB")]


def engines(course: Course, count: int) -> list[Row]:
    """One and two local workers, one and two of a cluster, by turns."""
    here: dict[int, list[float]] = {1: [], 2: []}
    there: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for n in (1, 2):
            here[n].append(run(course, count, partial(_local, n)).marginal)
            there[n].append(on_cluster(course, count, n).marginal)
    rows = []
    one = statistics.median(here[1])
    for n in (1, 2):
        local, remote = statistics.median(here[n]), statistics.median(there[n])
        ratio = statistics.median(b / a for a, b in zip(here[n], there[n], strict=True))
        rows.append(Row(f"each of {count}, local workers: {n}", local, ratio=f"{one / local:.2f} x as fast as one"))
        rows.append(Row(f"each of {count}, cluster workers: {n}", remote, ratio=f"{ratio:.2f} x local"))
    return rows


def _local(workers: int, setup: GradingConfig, tasks: Iterator[GradingTask]) -> Generator[TaskResult]:
    return grade_in_pool(setup, tasks, workers)


def growth(course: Course, most: int) -> list[Row]:
    """Batches of 10, 100, … on two workers; in the largest, what one costs around the 100th and at the end."""
    rows = []
    counts = [10**power for power in range(1, 8) if 10**power < most] + [most]
    for count in counts:
        done = run(course, count, partial(_local, 2))
        rows.append(Row(f"a batch of {count}, all of it", done.times[-1] * 1000 / count, "ms each"))
    if most >= 400:
        early, late = done.each(100, 300), done.each(most - 200, most)
        rows += [
            Row("  one more around the 200th", early),
            Row(f"  one more around the {most - 100}th", late, ratio=f"{late / early:.2f} x the 200th"),
        ]
    rows.append(Row("database, a submission with its grading", done.size / most / 1024, "KiB"))
    rows.append(
        Row("memory of the coordinator, at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB")
    )
    rows.append(Row("memory of a worker, without its sandbox", done.memory, "MiB"))
    return rows


def compared(course: Course, count: int, cache: Path) -> list[Row]:
    """Measure other graders alone, as multiples of ours on two cores and on one; and two fresh Pythons at once."""
    exercise = course.exercise("losses")
    one, ours = (run(course, count, partial(_local, n)).marginal for n in (1, 2))
    alone, numpy = fresh(exercise, 1), median(process("import numpy"), TIMES)
    two = fresh(exercise, 2)

    def beside(cost: float) -> str:
        return f"{cost / ours:.1f} x ours on two workers, {cost / one:.1f} x on one"

    rows = [
        Row("ours, one worker", one),
        Row("ours, two workers", ours),
        Row('python -c "import numpy"', numpy, ratio=beside(numpy)),
        Row("a fresh Python, same cells, asserts", alone, ratio=beside(alone)),
        Row("the same, two at once", two, ratio=f"{two / ours:.1f} x ours on two workers"),
    ]
    for name, packages, graded in (
        ("nbgrader", ("nbgrader", "numpy", "ipykernel"), others.nbgrader),
        ("otter", ("otter-grader", "numpy", "ipykernel"), others.otter),
    ):
        cost = others.measured(name, cache, packages, graded, exercise)
        ratio = beside(cost.each) if cost.each is not None else cost.why
        rows.append(Row(f"{packages[0]}, the same questions", cost.each, ratio=ratio))
    return rows


def main() -> None:
    """Prints the table as it comes, and writes the JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "grader-benchmarks")
    options = parser.parse_args()
    course = load_course(bundled_course_folder())
    some = min(options.most, 600)
    parts: dict[str, Callable[[], list[Row]]] = {
        "starts": lambda: starts(course.exercise("losses")),
        "exercises": lambda: exercises(course, min(options.most, 200)),
        "engines": lambda: engines(course, some),
        "others": lambda: compared(course, some, options.cache),
        "growth": lambda: growth(course, options.most),
    }
    found: dict[str, list[dict[str, object]]] = {}
    for name in options.only or PARTS:
        begun = time.perf_counter()
        rows = parts[name]()
        print(f"{name}, in {time.perf_counter() - begun:.0f} s", flush=True)
        for row in rows:
            value = "-" if row.value is None else f"{row.value:.2f}"
            print(f"    {row.what:<54} {value:>10} {row.unit:<8} {row.ratio}", flush=True)
        found[name] = [asdict(row) for row in rows]
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
