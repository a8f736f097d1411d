"""A small job run in the zygote itself before it forks.

Python's caches are then filled and its bytecode is specialised before the fork, and needn't be copied after it.
"""

import linecache
import os
import pickle
import sys
from mmap import mmap
from typing import Any, Final

import numpy as np

from grader.sandbox.inside import packages
from grader.sandbox.inside.protocol import FRAME_LENGTH, PICKLE_PROTOCOL
from grader.sandbox.inside.runner import JobServer

_REPETITIONS: Final = 20  # enough for Python 3.11 to 3.14 to specialise a function
_MAX_OUTPUT_BYTES: Final = 2**15  # bytes; small enough that a pipe holds the whole conversation
_CELL: Final = """
import numpy as np

def f(x, t):
    '''The shape of a learner's function.'''
    y = np.exp(x - np.max(x, axis=1, keepdims=True))
    y = y / np.sum(y, axis=1, keepdims=True)
    return -np.sum(t * np.log(y + 1e-7)) / x.shape[0]

def g(x):
    raise ValueError("no")

answer = {"a", "b"}
line = "y = np.dot(x, W) + b"
print("shape", np.ones((2, 3)).shape)
"""


def warm_up(warm: packages.PreloadedState, buffer: mmap) -> None:
    """Run the job, and remove all traces of it."""
    streams = sys.stdout, sys.stderr
    for _ in range(_REPETITIONS):
        _serve(JobServer(warm, buffer))
    sys.stdout, sys.stderr = streams
    linecache.clearcache()


def _serve(runner: JobServer) -> None:
    requests, to_runner = os.pipe()
    from_runner, answers = os.pipe()
    frames = (pickle.dumps(message, PICKLE_PROTOCOL) for message in _make_messages())
    os.write(to_runner, b"".join(FRAME_LENGTH.pack(len(frame)) + frame for frame in frames))
    os.close(to_runner)
    runner.serve(requests, answers)
    for fd in (requests, from_runner, answers):
        os.close(fd)


def _make_messages() -> list[Any]:
    x = np.linspace(0.0, 1.0, 6).reshape(2, 3)
    actions = (
        _make_call("f", (x, np.eye(3)[:2]), ("y",)),
        _make_call("f", (x, x.astype(np.float32)), ()),
        _make_call("g", (1.0,), ()),
        {"do": "read", "name": "answer"},
        {"do": "parse", "name": "line"},
        {"do": "read", "name": "missing"},
    )
    requests = (
        {"number": i, "actions": [action], "output": _MAX_OUTPUT_BYTES, "printed": 100}
        for i, action in enumerate(actions)
    )
    cells = [("cell 1", _CELL, True, False), ("cell 2", "f(1)", True, False)]
    job = {"nonce": "", "modules": {}, "cells": cells, "one_by_one": False, "memory": 2**20}
    job |= {"printed": 100, "total_printed": 1000}
    return [job, ("", len(actions)), *requests]


def _make_call(function: str, args: tuple[object, ...], local: tuple[str, ...]) -> dict[str, Any]:
    looks = {"args": args, "given": {}, "locals": local, "arguments": bool(local)}
    return {"do": "call", "function": function, "path": (), **looks}
