"""From one submission to ten thousand, as ratios in one run: `python tests/benchmarks/scaling.py [--json FILE]`.

    --most N        submissions in the largest batch (10000; the whole run then takes about half an hour)
    --cache DIR     where the virtual environments of nbgrader and otter-grader are kept
    --no-others     leave those two out

No test: it prints. What counts is the marginal cost of one more submission of the whole `losses` exercise, start-up
apart. Compare ratios, not milliseconds; on a machine that does other things, call it under `chrt -f 10`.
"""

import argparse
import json
import multiprocessing
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from distributed import LocalCluster

from grader.batch import Done, Setup, Task, grade
from grader.cluster.address import Scheduler
from grader.cluster.coordinator import grade as grade_there
from grader.core.bank import bank
from grader.core.exercise import Course, Exercise
from grader.course import bundled, load
from grader.release import solved
from grader.sample import notebook
from grader.store import HandIn, Store

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # called as a file, it finds the modules beside it too

from tests.benchmarks import others
from tests.benchmarks.speed import median, process

PAGE = 200
"""Results stored in one transaction, as `grader grade` does."""
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
Batch = Callable[[Setup, Iterator[Task]], Generator[Done]]


@dataclass(frozen=True)
class Row:
    """One figure: what, how many milliseconds (or another unit), and how that compares with something of this run."""

    what: str
    value: float | None
    unit: str = "ms"
    ratio: str = ""


@dataclass(frozen=True)
class Run:
    """A batch: when each result was there, in seconds from the start; bytes of the database; MiB of a worker."""

    times: list[float]
    size: int
    memory: float = 0.0

    def each(self, first: int, last: int) -> float:
        """Milliseconds that one more submission cost, from the `first`-th to the `last`-th result."""
        return (self.times[last - 1] - self.times[first - 1]) / (last - first) * 1000

    @property
    def marginal(self) -> float:
        """The same over all but the first tenth, in which everything starts."""
        return self.each(max(1, len(self.times) // 10), len(self.times))


def run(course: Course, count: int, batch: Batch) -> Run:
    """Grades and stores so many submissions of losses, all different."""
    exercise = course.exercise("losses")
    data = notebook(exercise, solved(exercise))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grader.db"
        with Store.open(f"sqlite:///{file}") as store:
            hand_ins = (
                HandIn(f"s{i}", "losses", data + b" " * (i % 97) + b"\n" * (i // 97), "a.ipynb") for i in range(count)
            )
            ids = [recorded.id for recorded in store.record_many(hand_ins)]
            tasks = (Task(id, "losses", "a.ipynb", store.data(id)) for id in ids)
            setup = Setup(Path(course.folder), course.version, store.secret())
            start, memory, times, kept = time.perf_counter(), 0.0, [], []
            for done in batch(setup, tasks):
                assert not isinstance(done.result, str)
                kept.append((done.id, done.result))
                if len(kept) == PAGE:
                    store.append_many(kept)
                    kept.clear()
                times.append(time.perf_counter() - start)
                memory = largest_worker() if len(times) == count - 1 else memory
            store.append_many(kept)
        return Run(times, file.stat().st_size, memory)


def largest_worker() -> float:
    """MiB of memory of the largest process that this one started; what it shares with others in parts."""
    sizes = [0.0]
    for child in multiprocessing.active_children():
        rows = Path(f"/proc/{child.pid}/smaps_rollup").read_text().splitlines()[1:]
        sizes.append(int(dict(row.split(":", 1) for row in rows)["Pss"].split()[0]) / 1024)
    return max(sizes)


def on_cluster(course: Course, count: int, workers: int) -> Run:
    """The same on a Dask cluster of this machine."""
    own = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with LocalCluster(**own) as cluster:
        scheduler = Scheduler(cluster.scheduler_address)
        return run(course, count, lambda setup, tasks: grade_there(setup, tasks, scheduler, print))


def fresh(exercise: Exercise) -> float:
    """Milliseconds of a fresh Python without a sandbox that runs the cells and asserts what our checks compare."""
    judged_by = bank(exercise, b"benchmark")
    functions = {question.id: question.function for question in exercise.questions}
    calls = [(functions[q], case.args, case.expected) for (q, _), cases in judged_by.cases.items() for case in cases]
    cells = [cell.source for cell in solved(exercise).cells if cell.kind == "code"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "exercise.pickle"
        file.write_bytes(pickle.dumps((cells, calls)))
        command = [sys.executable, "-c", FRESH, str(file)]
        one = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        return median(lambda: subprocess.run(command, env=one, check=True, capture_output=True), 11)


def starts(exercise: Exercise) -> list[Row]:
    """How long the program takes to start, beside Python."""
    bare, numpy = median(process("pass"), 11), median(process("import numpy"), 11)
    help = median(process("import sys; sys.argv = ['grader', '--help']\nfrom grader.cli import main; main()"), 11)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "losses.ipynb"
        file.write_bytes(notebook(exercise, solved(exercise)))
        command = [sys.executable, "-m", "grader", "check", str(file)]
        check = median(lambda: subprocess.run(command, check=False, capture_output=True), 5)
    return [
        Row("python -c pass", bare),
        Row('python -c "import numpy"', numpy, ratio=f"{numpy / bare:.1f} x pass"),
        Row("grader --help", help, ratio=f"{help / bare:.1f} x pass"),
        Row("grader check losses.ipynb, all of it", check, ratio=f"{check / bare:.1f} x pass"),
    ]


def engines(course: Course, count: int) -> tuple[list[Row], Run]:
    """One and two local workers, one and two of a cluster; the run of two local workers."""
    here = {n: run(course, count, partial(_local, n)) for n in (1, 2)}
    there = {n: on_cluster(course, count, n) for n in (1, 2)}
    rows = []
    for n in (1, 2):
        local, remote = here[n].marginal, there[n].marginal
        rows.append(Row(f"each of {count}, local workers: {n}", local, ratio=f"{here[1].marginal / local:.2f} x one"))
        rows.append(Row(f"each of {count}, cluster workers: {n}", remote, ratio=f"{remote / local:.2f} x local"))
    return rows, here[2]


def _local(workers: int, setup: Setup, tasks: Iterator[Task]) -> Generator[Done]:
    return grade(setup, tasks, workers)


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


def compared(exercise: Exercise, ours: float, cache: Path | None) -> list[Row]:
    """What others take, as multiples of ours."""
    alone = fresh(exercise)
    rows = [Row("a fresh Python without sandbox, same cells, asserts", alone, ratio=f"{alone / ours:.1f} x ours")]
    for name, packages, graded in (
        ("nbgrader", ("nbgrader", "numpy", "ipykernel"), others.nbgrader),
        ("otter", ("otter-grader", "numpy", "ipykernel"), others.otter),
    ):
        if cache is not None:
            cost = others.measured(name, cache, packages, graded, exercise)
            ratio = f"{cost.each / ours:.0f} x ours" if cost.each is not None else cost.why
            rows.append(Row(f"{packages[0]}, the same questions", cost.each, ratio=ratio))
    return rows


def main() -> None:
    """Prints the table as it comes, and writes the JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "grader-benchmarks")
    parser.add_argument("--no-others", action="store_true")
    options = parser.parse_args()
    course = load(bundled())
    exercise = course.exercise("losses")
    found: list[Row] = []

    def show(rows: list[Row]) -> None:
        for row in rows:
            value = "-" if row.value is None else f"{row.value:.2f}"
            print(f"{row.what:<54} {value:>10} {row.unit:<8} {row.ratio}", flush=True)
        found.extend(rows)

    show(starts(exercise))
    rows, two = engines(course, min(options.most, 1000))
    show(rows)
    show(compared(exercise, two.marginal, None if options.no_others else options.cache))
    show(growth(course, options.most))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in found], indent=1))


if __name__ == "__main__":
    main()
