"""Runs one job: cells first, then batches of requests as they come; an answer to each, in order, as frames.

An answer is a u32 length and that many bytes of `grader.core.wire.values`, and repeats the nonce of its batch. Whatever
happens in here is the submission's doing: the grader's side believes nothing but values, and takes silence for
a failure.
"""

import builtins
import os
import sys
from mmap import mmap
from types import ModuleType
from typing import Any

import numpy as np

from grader.core.wire.assignment_target import Target
from grader.core.wire.encode import encode
from grader.core.wire.values import NotAValue, TooLarge, Value
from grader.sandbox.inside import actions, cells, environment, packages, tracebacks
from grader.sandbox.inside.answer_writer import Outbox
from grader.sandbox.inside.blanks import BLANK
from grader.sandbox.inside.captured_output import Printed
from grader.sandbox.inside.course_modules import Given
from grader.sandbox.inside.message_reader import Frames
from grader.sandbox.inside.missing_modules import Finder
from grader.sandbox.inside.protocol import CELL, HEAD, LENGTH, READY, REQUEST
from grader.sandbox.inside.randomness import CHANCE

_SLACK = 2**15  # bytes of an answer beside its values and printed text: names, lines, remarks
_CELL_BYTES = 2**18  # bytes of a cell's answer beside what it printed
_RESERVE = 2**21  # bytes that are set free to tell that there is no memory left


class Runner:
    """Serves one job. A zygote makes it once and each of its children serves with a copy.

    What is done before `serve` needn't be done in a child.
    """

    def __init__(self, warm: packages.Warm, shelf: mmap | None = None) -> None:
        self._warm = warm
        self._printed = Printed(limit=0)
        self._module = ModuleType("__main__")
        self._cells = cells.Cells(self._module.__dict__, warm.remarks)
        self._shelf = shelf
        self._outbox = Outbox(-1, None)
        self._nonce = ""
        self._memory = 0
        self._draws = True
        self._reserve: object = np.empty(_RESERVE, np.uint8)  # not touched, so it costs nothing

    def settle(self) -> None:
        """Makes this process look like a fresh notebook server, for good."""
        remarks, namespace = self._warm.remarks, self._module.__dict__
        sys.modules["__main__"] = self._module
        sys.meta_path[:] = [Finder(remarks, self._cells.optional)]
        sys.path_hooks.clear()
        environment.settle(remarks, self._warm.files)
        namespace.update(environment.names(remarks))
        builtins.input = namespace["input"]
        self._warm.reseed(0)

    def serve(self, requests: int, answers: int) -> None:
        """Runs a job's cells, then its requests, on two pipes, until the grader closes them."""
        os.write(answers, READY)
        self._outbox = Outbox(answers, self._shelf)
        frames = Frames(requests)
        if (job := frames.next()) is None:
            return
        self._begin(job)
        for i, (label, source, wanted) in enumerate(job["cells"]):
            if wanted:
                self._cell(i, label, source)
        self._outbox.send()
        while (batch := frames.next()) is not None:
            self._nonce, count = batch
            for i in range(count):
                self._request(i, frames.next())
            self._outbox.send()

    def _begin(self, job: dict[str, Any]) -> None:
        self._nonce = job["nonce"]
        self._memory = job["memory"]
        self._printed.limit = job["printed"]
        self._cells.one_by_one = job["one_by_one"]
        targets = job.get("targets", {})
        self._cells.may_set_right({f: [Target(*target) for target in ts] for f, ts in targets.items()})
        sys.meta_path.insert(0, Given(job["modules"], self._warm.remarks))
        sources = [*job["modules"].values(), *(source for _, source, _ in job["cells"])]
        self._draws = any(CHANCE in source for source in sources)
        if any(BLANK in source for source in sources):
            self._cells.watch_blanks()

    def _cell(self, index: int, label: str, source: str) -> None:
        self._redirect()
        error = self._cells.run(label, source)
        environment.remark_on(error, self._warm.remarks)
        answer: dict[str, Any] = {}
        if error is not None:
            if out_of_memory := isinstance(error, MemoryError):
                self._reserve = None
            answer["raised"] = tracebacks.raised(error)
            del error  # and with it whatever its frames hold
            answer["spoilt"] = out_of_memory and not self._has_memory()
        if remarks := self._warm.remarks.take():
            answer["remarks"] = remarks
        self._send(CELL, index, answer, _CELL_BYTES)

    def _request(self, index: int, request: dict[str, Any]) -> None:
        self._redirect()
        self._printed.limit = request["printed"]
        if self._draws:
            self._warm.reseed(request["number"] + 1)
        try:
            answer = actions.perform(request["actions"], self._cells)
        except MemoryError as error:
            self._reserve = None
            answer = actions.failed(request["actions"], error)
        self._warm.remarks.take()
        self._send(REQUEST, index, answer, request["output"])

    def _has_memory(self) -> bool:
        """There is half of what was allowed, so that requests can still be answered."""
        try:
            np.empty(self._memory // 2, np.uint8)
        except MemoryError:
            return False
        return True

    def _redirect(self) -> None:
        sys.stdout = sys.stderr = self._printed

    def _send(self, kind: bytes, index: int, answer: dict[str, Value], limit: int) -> None:
        """Sends an answer with at most `limit` bytes of values, or says how many it would have been."""
        text, size = self._printed.take()
        if size:
            answer["printed"], answer["printed_bytes"] = text, size
        most = limit + 4 * self._printed.limit + _SLACK
        try:
            data = _encoded(answer, most)
            if len(data) > limit and _values_size(answer) > limit:
                raise TooLarge(limit)
        except TooLarge:
            data = encode({"too_large": _values_size(answer)}, most)
        head = HEAD.pack(self._nonce.encode(), kind, index)
        self._outbox.put(LENGTH.pack(len(head) + len(data)) + head + data)


def _encoded(answer: dict[str, Value], limit: int) -> bytes:
    try:
        return encode(answer, limit)
    except TooLarge:
        raise
    except NotAValue:
        actions.without_strangers(answer)
        return encode(answer, limit)


def _values_size(answer: dict[str, Value]) -> int:
    """About how many bytes the values of an answer have."""
    kinds = ("value", "arguments", "locals")
    return sum(_size(item[kind]) for item in answer.get("returned", ()) for kind in kinds if kind in item)


def _size(value: Value, depth: int = 6) -> int:
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str):
        return len(value)
    if depth and isinstance(value, dict):
        return sum(_size(item, depth - 1) for item in value.values())
    if depth and isinstance(value, list | tuple):
        return sum(_size(item, depth - 1) for item in value)
    return 9
