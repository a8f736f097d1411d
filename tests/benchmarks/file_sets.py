"""The cost of a set of five files against one file: `python tests/benchmarks/file_sets.py`. Prints; is not a test.

The same four functions, as one notebook and as four modules that the notebook imports; both are read from their bytes,
run in the sandbox with the same requests, alternately, in one process. Compare the ratio, not the times.
"""

import json
import statistics
import time

import numpy as np

from grader.core.wire.job import Call, Job, Request
from grader.core.wire.submission import ParsedSubmission
from grader.formats.file_set import pack_files
from grader.formats.read_submission import parse_submission
from grader.sandbox.sandbox import Sandbox

ROUNDS = 300
NAMES = ("scores", "loss", "forward", "gradient")


def _write_function(name: str) -> str:
    return f"def {name}(x, W):\n    y = x @ W\n    y = y - y.max(axis=1, keepdims=True)\n    return np.exp(y) / 2\n"


def _write_notebook(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def _make_job(program: ParsedSubmission) -> Job:
    x, weights = np.ones((4, 3)), np.ones((3, 2))
    requests = tuple(Request(name, "check", (Call(name, (x, weights)),)) for name in NAMES)
    return Job(tuple(cell for cell in program.cells if cell.kind != "markdown"), requests)


def main() -> None:
    """Print milliseconds per submission, and the ratio."""
    head = "import numpy as np\n"
    one = _write_notebook(head, *map(_write_function, NAMES))
    imports = "\n".join(f"from models.{name} import {name}" for name in NAMES)
    files = {f"models/{name}.py": (head + _write_function(name)).encode() for name in NAMES}
    five = pack_files({**files, "nets.ipynb": _write_notebook(head, imports)})
    times: dict[str, list[float]] = {"nets.ipynb": [], "nets.zip": []}
    with Sandbox() as sandbox:
        for _ in range(ROUNDS):
            for name, data in (("nets.ipynb", one), ("nets.zip", five)):
                start = time.perf_counter()
                result = sandbox.run(_make_job(parse_submission(name, data)))
                times[name].append(time.perf_counter() - start)
                assert all(answer.results[0].value is not None for answer in result.answers)
    single, several = (statistics.median(times[name]) * 1000 for name in ("nets.ipynb", "nets.zip"))
    print(f"one file {single:.2f} ms, five files {several:.2f} ms: {several / single:.2f} times")


if __name__ == "__main__":
    main()
