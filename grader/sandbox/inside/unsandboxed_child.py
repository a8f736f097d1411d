"""A child without isolation: a fresh interpreter that warms up, runs one job over its standard streams, and ends."""

import os
import sys

from grader.sandbox.inside import packages
from grader.sandbox.inside.runner import JobServer


def main() -> None:
    """Serve one job; the arguments are a file with the exercise's data, or "", and additional packages to import."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # printed text must not be mixed with answers
    try:
        data, *extra = sys.argv[1:]
        runner = JobServer(packages.preload(extra))
        if data:
            runner.mount_data(os.open(data, os.O_RDONLY | getattr(os, "O_BINARY", 0)))
        runner.prepare_process()
        runner.serve(requests, answers)
    finally:
        os._exit(0)
