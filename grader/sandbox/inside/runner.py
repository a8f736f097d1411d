"""Runs one job: cells first, then requests as they come; an answer to each, in order, as frames.

A frame is a u32 length and that many bytes of `grader.core.values`. Every answer repeats the job's nonce. Whatever
happens in here is the submission's doing: the grader's side believes nothing but values, and takes silence for
a failure.
"""

import builtins
import os
import struct
import sys
from types import ModuleType
from typing import Any

from grader.core.values import NotAValue, TooLarge, Value, decode, encode
from grader.sandbox.inside import actions, blame, cells, packages
from grader.sandbox.inside.printing import Printed

_LENGTH = struct.Struct("<I")
_CHUNK = 2**16
READY = b"ready"


def run(requests: int, answers: int, warm: packages.Warm) -> None:
    """Serves one job on two pipes until the grader closes them."""
    os.write(answers, READY)
    job = _receive(requests)
    if job is not None:
        _Runner(job, answers, warm).serve(requests)


def _receive(fd: int) -> Any:
    header = _exactly(fd, _LENGTH.size)
    if header is None:
        return None
    data = _exactly(fd, _LENGTH.unpack(header)[0])
    return None if data is None else decode(data)


def _exactly(fd: int, count: int) -> bytearray | None:
    buffer = bytearray()
    while len(buffer) < count:
        part = os.read(fd, min(count - len(buffer), _CHUNK))
        if not part:
            return None
        buffer += part
    return buffer


class _Runner:
    """The state of one job: the namespace that the cells leave behind."""

    def __init__(self, job: dict[str, Any], answers: int, warm: packages.Warm) -> None:
        self._answers = answers
        self._nonce = job["nonce"]
        self._job = job
        self._reseed = warm.reseed
        self._printed = Printed(job["printed"])
        self._finder = packages.Finder()
        self._module = ModuleType("__main__")

    def serve(self, requests: int) -> None:
        sys.modules["__main__"] = self._module
        sys.meta_path[:] = [self._finder]
        sys.path_hooks.clear()
        self._reseed(0)
        packages.supply(self._job["modules"].items())
        namespace = self._module.__dict__
        namespace.update(cells.surroundings(self._finder.remarks))
        builtins.input = namespace["input"]
        for i, (label, source, wanted) in enumerate(self._job["cells"]):
            if wanted:
                self._cell(i, label, source)
        while (batch := _receive(requests)) is not None:
            self._nonce = batch["nonce"]
            for i, request in enumerate(batch["requests"]):
                self._request(i, request)

    def _cell(self, index: int, label: str, source: str) -> None:
        self._redirect()
        blame.remember(label, source)
        error = cells.run(label, source, self._module.__dict__, self._finder.remarks, self._job["one_by_one"])
        printed, size = self._printed.take()
        answer = {"cell": index, "printed": printed, "printed_bytes": size, "remarks": self._finder.remarks[:20]}
        if error is not None:
            answer["raised"] = blame.raised(error)
        self._finder.remarks.clear()
        self._send(answer, 2**22)

    def _request(self, index: int, request: dict[str, Any]) -> None:
        self._redirect()
        self._printed.limit = request["printed"]
        self._reseed(request["number"] + 1)
        answer = actions.perform(request["actions"], self._module.__dict__)
        answer["printed"], answer["printed_bytes"] = self._printed.take()
        answer["answer"] = index
        self._send(answer, request["output"])

    def _redirect(self) -> None:
        sys.stdout = sys.stderr = self._printed

    def _send(self, answer: dict[str, Value], limit: int) -> None:
        answer["nonce"] = self._nonce
        try:
            data = encode(answer, limit)
        except (TooLarge, NotAValue):
            short = {key: answer[key] for key in ("cell", "answer", "nonce") if key in answer}
            data = encode({**short, "too_large": True}, 10_000)
        view = memoryview(_LENGTH.pack(len(data)) + data)
        while view:
            view = view[os.write(self._answers, view) :]
