"""The cost of one submission, as ratios in one run: `python tests/benchmarks/speed.py [--json FILE] [--many N]`.

Prints; is not a test. Compare ratios, not milliseconds: machines are noisy. The unit is `python -c "import numpy"` with
one BLAS thread. Start-up (the zygote, the workers, the expected tensors) is reported apart, because the figure that
counts is the marginal cost of one more submission.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from grader.core.questions.exercise import Course
from grader.core.wire.job import Call, Job, Request
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.demo_class import render_submitted_notebook
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission
from grader.grading.judge import Judge
from grader.grading.pool import grade_in_pool
from grader.grading.tasks import GradingConfig, GradingTask
from grader.sandbox.sandbox import Sandbox
from grader.store import NewSubmission, Store

FORK = """
import os, time, sys, gc
import numpy
gc.freeze()
def once():
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return time.perf_counter() - start
print(sorted(once() for _ in range(200))[100])
"""
ONE_THREAD = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
ONE = Cell("import numpy as np\n\ndef double(x):\n    return 2 * x\n", label="cell 1")
STORED_TOGETHER = 100  # gradings in one transaction, as the command line does
Row = tuple[str, float]


def median(action: Callable[[], object], runs: int) -> float:
    """Milliseconds of the median run."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def process(code: str) -> Callable[[], object]:
    """A fresh Python that runs this text."""
    return lambda: subprocess.run([sys.executable, "-c", code], env=ONE_THREAD, check=True, capture_output=True)


def bare_fork() -> float:
    """Milliseconds of fork, exit and wait in a Python that has imported numpy."""
    done = subprocess.run([sys.executable, "-c", FORK], env=ONE_THREAD, check=True, capture_output=True, text=True)
    return float(done.stdout) * 1000


def one_question() -> list[Row]:
    """One job with one cell and one call."""
    job = Job((ONE,), (Request("double", "check", (Call("double", (np.ones((4, 5)),)),)),))
    start = time.perf_counter()
    with Sandbox() as sandbox:
        started = (time.perf_counter() - start) * 1000
        for _ in range(20):
            sandbox.run(job)
        outcome = sandbox.run(job)
        row = ("a job with one question", median(lambda: sandbox.run(job), 200))
        rows = [
            row,
            ("  of which processor time of the child", outcome.cpu * 1000),
            ("starting a zygote, once", started),
        ]
        return [*rows, ("peak memory of a child, MB", outcome.peak_memory / 2**20)]


def never_the_same(program: ParsedSubmission, number: int) -> ParsedSubmission:
    """The same program, but what its functions print makes every answer a new one, to be read and compared."""
    cells = (
        replace(cell, source=re.sub(r"^(def .*:\n)", rf"\1    print({number})\n", cell.source, flags=re.MULTILINE))
        for cell in program.cells
    )
    return replace(program, cells=tuple(cells))


def one_exercise(course: Course) -> list[Row]:
    """The whole losses exercise, judged one after the other in this process."""
    exercise = course.exercise("losses")
    program = make_solved_submission(exercise)
    with Sandbox() as sandbox:
        judge = Judge(course, sandbox, b"benchmark")
        start = time.perf_counter()
        judge.judge(exercise, program)
        first = (time.perf_counter() - start) * 1000
        new = iter([never_the_same(program, i) for i in range(100)])
        return [
            ("losses, judged, one process", median(lambda: judge.judge(exercise, program), 100)),
            ("  where no function answers as another's did", median(lambda: judge.judge(exercise, next(new)), 100)),
            ("the first one, with the bank", first),
        ]


def batch(course: Course, count: int, folder: Path, workers: int) -> list[float]:
    """When each of `count` submissions of losses, all different, had been graded: seconds from the start."""
    exercise = course.exercise("losses")
    data = render_submitted_notebook(exercise, make_solved_submission(exercise))
    with Store.open(f"sqlite:///{folder}/{count}-{workers}.db") as store:
        hand_ins = (NewSubmission(f"s{i}", "losses", data + b" " * i, "losses.ipynb") for i in range(count))
        ids = [recorded.id for recorded in store.record_many(hand_ins)]
        waiting = store.iterate_ungraded(ids=ids)
        tasks = (GradingTask(s.id, "losses", s.file_name, data) for s, data in store.contents(waiting))
        setup = GradingConfig(Path(course.folder), course.version, store.secret())
        start = time.perf_counter()
        kept, times = [], []
        for done in grade_in_pool(setup, tasks, workers):
            assert not isinstance(done.result, str)
            kept.append((done.id, done.result))
            if len(kept) == STORED_TOGETHER:
                store.append_many(kept)
                kept.clear()
            times.append(time.perf_counter() - start)
        store.append_many(kept)
        return [*times[:-1], time.perf_counter() - start]


def marginal(course: Course, count: int, workers: int) -> list[Row]:
    """Milliseconds that one more submission costs, in the middle, early and late; and what the start costs."""
    with tempfile.TemporaryDirectory() as folder:
        times = batch(course, count, Path(folder), workers)

    def each(first: int, last: int) -> float:
        return (times[last - 1] - times[first - 1]) / (last - first) * 1000

    name = f"losses, graded and stored, {workers} workers"
    part = max(STORED_TOGETHER, count // 10 // STORED_TOGETHER * STORED_TOGETHER)
    return [
        (f"{name}: each of {count}", each(STORED_TOGETHER, count)),
        (f"  those from {STORED_TOGETHER} on", each(STORED_TOGETHER, STORED_TOGETHER + part)),
        (f"  those up to {count}", each(count - part, count)),
        (f"{name}: start", times[STORED_TOGETHER - 1] * 1000 - STORED_TOGETHER * each(STORED_TOGETHER, count)),
    ]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    parser.add_argument("--many", type=int, default=400, help="submissions in the larger batch")
    options = parser.parse_args()
    course = load_course(bundled_course_folder())
    unit = median(process("import numpy"), 11)
    rows = [
        ('python -c "import numpy"', unit),
        ("python -c pass", median(process("pass"), 11)),
        ("bare fork + exit + wait, numpy loaded", bare_fork()),
        *one_question(),
        *one_exercise(course),
        *marginal(course, options.many, 1),
        *marginal(course, options.many, len(os.sched_getaffinity(0))),
        ("peak memory of the coordinator, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    ]
    for name, value in rows:
        ratio = "" if "MB" in name else f"1/{unit / value:.1f}" if value < unit else f"{value / unit:.1f}"
        print(f"{name:<58} {value:10.2f}  {ratio:>8}")
    if options.json:
        options.json.write_text(json.dumps(dict(rows), indent=1))


if __name__ == "__main__":
    main()
