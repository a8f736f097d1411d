"""A program for tests: grades a batch of jobs and prints one line of JSON for each. Tests kill it, or parts of it.

{"zygote": pid}       once it is ready
[...]                 each job's statuses and values
{"zygote": pid}       at the end
"""

import itertools
import json
import signal
import sys

import numpy as np

from grader.core.wire.job import Call, Job, JobResult, Limits, Request
from grader.core.wire.submission import Cell
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.zygote_client import Zygote

JOBS = 25
LIMITS = Limits(cpu=60, wall=240)
CODE = """
import numpy as np

def total(x):
    return float(np.cumsum(x @ x.T).sum())
"""


class Watched(Sandbox):
    """A sandbox that exposes its zygote."""

    def zygote(self) -> Zygote:
        """Return the running zygote, or start one."""
        launcher = self._get_launcher(plots=False)
        assert isinstance(launcher, Zygote)
        return launcher


def job(number: int) -> Job:
    """Return one submission of the batch."""
    calls = [Call("total", (np.arange(16.0).reshape(4, 4) + number + i,)) for i in range(3)]
    return Job(
        cells=(Cell(CODE, label="cell 1"),),
        requests=tuple(Request(f"q{i}", "check", (call,), limits=LIMITS) for i, call in enumerate(calls)),
        cell_limits=LIMITS,
        total_cpu=200,
        total_wall=500,
    )


def summarize(outcome: JobResult) -> list[object]:
    """Return the statuses and values of a result."""
    return [
        [str(cell.ended) for cell in outcome.cells],
        [[str(a.ended), *(r.value for r in a.results)] for a in outcome.answers],
    ]


def main() -> None:
    """Grade the batch; `stubborn` ignores interrupts, `endless` continues until it is killed."""
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGINT, lambda *_: None)
    with Watched(Level(sys.argv[1])) as sandbox:
        print(json.dumps({"zygote": sandbox.zygote().pid}), flush=True)
        for number in itertools.count() if "endless" in sys.argv else range(JOBS):
            print(json.dumps(summarize(sandbox.run(job(number)))), flush=True)
        print(json.dumps({"zygote": sandbox.zygote().pid}), flush=True)


if __name__ == "__main__":
    main()
