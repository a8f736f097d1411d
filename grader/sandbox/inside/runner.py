"""Runs one job: first the cells, then batches of requests as they arrive; sends one answer to each, in order.

An answer is a frame: a u32 length and that many bytes of `grader.core.wire.values`; it repeats the nonce of its batch.
Everything that happens in this process counts as the submission's doing: the grader accepts nothing but values, and
treats silence as a failure.
"""

import builtins
import os
import pickle
import sys
from contextlib import nullcontext
from mmap import mmap
from types import ModuleType
from typing import Any

import numpy as np

from grader.core.wire import perform_actions
from grader.core.wire.assignment_target import FlowRole, PathKey, Target
from grader.core.wire.encode_answer import encode_answer
from grader.core.wire.text_budget import MAX_SAID_BYTES, TextBudget
from grader.core.wire.values import Value
from grader.sandbox.inside import cells, environment, event_loop, packages, tracebacks
from grader.sandbox.inside.answer_writer import AnswerWriter
from grader.sandbox.inside.answered_calls import CallReply
from grader.sandbox.inside.blanks import BLANK
from grader.sandbox.inside.captured_output import CapturedOutput
from grader.sandbox.inside.course_modules import CourseModuleFinder
from grader.sandbox.inside.files.data_block import DataBlock
from grader.sandbox.inside.files.file_tree import FileTree
from grader.sandbox.inside.message_reader import MessageReader
from grader.sandbox.inside.missing_modules import MissingModuleFinder
from grader.sandbox.inside.protocol import (
    ANSWER_HEADER,
    CALL_QUERY,
    CELL_ANSWER,
    CHILD_READY,
    FRAME_LENGTH,
    REQUEST_ANSWER,
)
from grader.sandbox.inside.randomness import RANDOMNESS_WORD
from grader.sandbox.inside.repeated_sleep import skip_sleep
from grader.sandbox.inside.submitted_modules import SubmittedModules

_ANSWER_OVERHEAD_BYTES = 2**15  # bytes of an answer besides its values and printed text: names, lines, remarks
_MAX_CELL_ANSWER_BYTES = 2**18  # bytes of a cell's answer besides its printed text
_RESERVE_BYTES = 2**21  # bytes that are freed in order to report that there is no memory left


class JobServer:
    """Serves one job. A zygote makes one, and each of its children serves with a copy.

    Work that is done before `serve` needn't be repeated in a child.
    """

    def __init__(self, warm: packages.PreloadedState, buffer: mmap | None = None) -> None:
        self._warm = warm
        self._printed = CapturedOutput(limit=0)
        self._printed_left = 0
        self._said = TextBudget(MAX_SAID_BYTES)
        self._module = ModuleType("__main__")
        self._cells = cells.CellRunner(self._module.__dict__, warm.remarks, self._ask)
        self._files = FileTree(warm.files)
        self._data: DataBlock | None = None
        self._buffer = buffer
        self._submitted: SubmittedModules | None = None
        self._answers = AnswerWriter(-1, None)
        self._frames: MessageReader | None = None
        self._nonce = ""
        self._index = 0
        self._memory = self._max_printed = 0
        self._draws = True
        self._reserve: object = np.empty(_RESERVE_BYTES, np.uint8)  # its pages are not touched, so it uses no memory

    def prepare_process(self) -> None:
        """Make this process look like a fresh notebook server, permanently."""
        remarks, namespace = self._warm.remarks, self._module.__dict__
        sys.modules["__main__"] = self._module
        sys.meta_path[:] = [MissingModuleFinder(remarks, self._cells.optional)]
        sys.path_hooks.clear()
        environment.install_environment(self._files, remarks, self._warm.packages)
        namespace.update(environment.make_notebook_names(remarks, self._cells.run_magic))
        event_loop.use_everywhere()
        builtins.input = namespace["input"]
        self._warm.seed_all(0)

    def mount_data(self, fd: int | None) -> int:
        """Map the files of an exercise, in place of those of another one; return the bytes of address space."""
        self._files.add_files({})
        if self._data is not None:
            self._data.close()
        self._data = None if fd is None else DataBlock(fd)
        self._files.add_files(self._data.files if self._data else {})
        return self._data.size if self._data else 0

    def serve(self, requests: int, answers: int) -> None:
        """Run a job's cells, then its requests, on two pipes, until the grader closes them."""
        os.write(answers, CHILD_READY)
        self._answers = AnswerWriter(answers, self._buffer)
        frames = self._frames = MessageReader(requests)
        if (job := frames.read_message()) is None:
            return
        self._begin(job)
        for i, (label, source, wanted, repeated) in enumerate(job["cells"]):
            if wanted:
                with skip_sleep() if repeated else nullcontext():
                    self._cell(i, label, source)
        self._answers.flush()
        self._printed_left = job["total_printed"]
        while (batch := frames.read_message()) is not None:
            self._nonce, count = batch
            for i in range(count):
                self._request(i, frames.read_message())
            self._answers.flush()

    def _begin(self, job: dict[str, Any]) -> None:
        self._nonce = job["nonce"]
        self._memory = job["memory"]
        self._max_printed, self._printed_left = job["printed"], job["total_printed"]
        self._cells.statement_by_statement = job["one_by_one"]
        targets = job.get("targets", {})
        self._cells.enable_substitution({f: [_read_target(*target) for target in ts] for f, ts in targets.items()})
        sys.meta_path.insert(0, CourseModuleFinder(job["modules"], self._warm.remarks))
        if files := job.get("files"):
            sources = {label: source for label, source, *_ in job["cells"] if label in files}
            self._submitted = self._cells.supply_modules(sources, job["files_by_name"], job["modules"])
            sys.meta_path.insert(0, self._submitted)
        sys.meta_path.insert(0, self._cells.written_modules)
        texts = [*job["modules"].values(), *(source for _, source, *_ in job["cells"])]
        self._draws = any(RANDOMNESS_WORD in text for text in texts)
        if any(BLANK in text for text in texts):
            self._cells.watch_blanks()

    def _cell(self, index: int, label: str, source: str) -> None:
        self._redirect(self._max_printed)
        error = (
            self._submitted.run(label)
            if self._submitted and label in self._submitted
            else self._cells.run(label, source)
        )
        environment.note_denied_access(error, self._warm.remarks)
        answer: dict[str, Any] = {}
        if error is not None:
            if out_of_memory := isinstance(error, MemoryError):
                self._reserve = None
            answer["raised"] = self._shorten(tracebacks.describe_exception(error))
            del error  # and with it the objects that its frames hold
            answer["spoilt"] = out_of_memory and not self._has_memory()
        if remarks := [kept for remark in self._warm.remarks.take() if (kept := self._said.take(remark))]:
            answer["remarks"] = remarks
        self._send(CELL_ANSWER, index, answer, _MAX_CELL_ANSWER_BYTES)

    def _request(self, index: int, request: dict[str, Any]) -> None:
        self._redirect(request["printed"])
        self._index = index
        self._cells.begin_request()
        if self._draws:
            self._warm.seed_all(request["number"] + 1)
        edits = request.get("edits", ())
        actions = pickle.loads(request["actions"]) if edits else request["actions"]
        try:
            answer = perform_actions.perform(actions, self._cells, edits, request.get("max_lines", 0))
        except MemoryError as error:
            self._reserve = None
            answer = perform_actions.build_failed_answer(actions, tracebacks.describe_exception(error))
        self._warm.remarks.take()
        self._send(REQUEST_ANSWER, index, answer, request["output"])

    def _has_memory(self) -> bool:
        """Return whether half of the memory limit is free, so that requests can still be answered."""
        try:
            np.empty(self._memory // 2, np.uint8)
        except MemoryError:
            return False
        return True

    def _shorten(self, raised: dict[str, Any]) -> dict[str, Any]:
        """Return an exception with as much of its text as the submission may still add."""
        return raised | {name: self._said.take(raised[name]) for name in ("message", "text")}

    def _redirect(self, max_printed: int) -> None:
        sys.stdout = sys.stderr = self._printed
        self._printed.limit = min(max_printed, self._printed_left)

    def _send(self, kind: bytes, index: int, answer: dict[str, Value], limit: int) -> None:
        """Send an answer with at most `limit` bytes of values, or report the size that it would have had."""
        text, size = self._printed.take()
        if size:
            answer["printed"], answer["printed_bytes"] = text, size
            self._printed_left -= len(text.encode("utf-8", "replace"))
        data = encode_answer(answer, limit, 4 * self._printed.limit + _ANSWER_OVERHEAD_BYTES)
        self._append(kind, index, data)

    def _ask(self, query: bytes) -> tuple[CallReply, Any]:
        """Ask the grader about a call during this request, and wait for its reply."""
        assert self._frames is not None
        self._append(CALL_QUERY, self._index, query)
        self._answers.flush()
        reply = self._frames.read_message()
        return (CallReply(reply[0]), reply[1]) if reply else (CallReply.OVER, None)

    def _append(self, kind: bytes, index: int, data: bytes) -> None:
        head = ANSWER_HEADER.pack(self._nonce.encode(), kind, index)
        self._answers.append(FRAME_LENGTH.pack(len(head) + len(data)) + head + data)


def _read_target(name: str, path: tuple[PathKey, ...], part: PathKey | None, role: tuple[Any, Any] | None) -> Target:
    return Target(name, path, part, FlowRole(*role) if role else None)
