"""Runs one job across its children: after a hang or crash, a fresh child replays the cells without the cause.

Finished answers stand. A cell that hangs, dies or uses up all memory isn't run again; a request that does so costs the
remaining requests of its question.
"""

import math
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from grader.core.wire.decode import decode
from grader.core.wire.job import Answer, CellRun, Job, JobResult, LimitHit, Limits, Request, Status
from grader.core.wire.values import InvalidValueError
from grader.sandbox import job_messages, parse_answers
from grader.sandbox.budget import Budget
from grader.sandbox.call_answers import CallAnswers
from grader.sandbox.channel import Channel, ChildStopped
from grader.sandbox.data_store import DataStore
from grader.sandbox.inside.protocol import ANSWER_HEADER, CELL_ANSWER, REQUEST_ANSWER
from grader.sandbox.kept_text import KeptText
from grader.sandbox.launcher import ChildProcess, Launcher
from grader.sandbox.request_cache import EncodedRequests

_CPU_LIMIT_MARGIN_S: Final = (
    10  # CPU seconds by which the kernel's own limit exceeds ours, so that ours is noticed first
)
_MIN_LEFT_S: Final = 0.01  # seconds: with nothing left of a limit, the next wait still ends at it as usual
_HANDED_ON: Final = Answer()
_USABLE_STATUSES: Final = (Status.DONE, Status.OUTPUT_LIMIT)

FailureRecorder = Callable[[], None]
"""Records the cause of a child's end; called only if the child, and not its zygote, is certainly to blame."""


class JobRunner:
    """The state of one job."""

    def __init__(self, job: Job, requests: EncodedRequests, data: DataStore | None = None) -> None:
        self._job = job
        self._data = data
        self._requests = requests
        self._list_following = job.list_following
        self._first_unread = 0  # the first request whose answer has not been handed on
        self._cells: list[CellRun | None] = [None] * len(job.cells)
        self._answers: list[Answer | None] = [None] * len(job.requests)
        self._skipped: set[int] = set()
        self._budget = Budget(job)
        self._kept_text = KeptText(job.total_printed)
        self._peak = 0

    @property
    def unfinished(self) -> bool:
        """True while some cell or request has not been run."""
        return None in self._cells or None in self._answers

    def outcome(self, level: str) -> JobResult:
        """Return the result of the job; `unfinished` must be false."""
        cells = tuple(cell for cell in self._cells if cell)
        answers = tuple(answer for answer in self._answers[: len(self._job.requests)] if answer)
        return JobResult(level, cells, answers, self._budget.cpu, self._peak, self._budget.slept)

    def run_child(self, launcher: Launcher) -> None:
        """Run one child: all permitted cells, then requests, visible ones first, until the first failure."""
        if hit := self._budget.find_exhausted():
            self._end_by_limit(hit)
            self._add_following()
            return
        memory = self._get_next_memory()
        child = launcher.launch(memory, math.ceil(self._job.total_cpu) + _CPU_LIMIT_MARGIN_S, self._data)
        blame: FailureRecorder | None = None
        channel = _LimitedChannel(child, self._budget)
        try:
            blame = self._run_in_child(channel, memory)
        finally:
            self._budget.slept += channel.slept
            ending = child.finish()
            self._budget.cpu += ending.cpu
            self._peak = max(self._peak, ending.peak)
        if blame:  # recorded only now: a child that was killed because its zygote died is not to blame
            blame()
            self._add_following()

    def fail_missing(self) -> None:
        """Mark everything that is still missing as the grader's own fault."""
        for i, cell in enumerate(self._job.cells):
            self._cells[i] = self._cells[i] or CellRun(cell.label, Status.FAULT)
        self._answers = [answer or Answer(Status.FAULT) for answer in self._answers]
        self._list_following = None

    def _run_in_child(self, child: "_LimitedChannel", memory: int) -> FailureRecorder | None:
        """Run cells and requests. Return the recorder of the failure that ended the child, if one did."""
        known = {i for i, cell in enumerate(self._cells) if cell is not None}
        child.send(job_messages.encode_job(self._job, child.nonce, memory, self._skipped, known))
        limits = replace(self._job.cell_limits, memory=memory)
        for i in range(len(self._job.cells)):
            if i not in self._skipped and (blame := self._run_cell(child, i, limits)):
                return blame
        while True:
            for batch in self._batches(memory):
                if blame := self._run_batch(child, batch):
                    return blame
            if not self._add_following():
                return None

    def _run_batch(self, child: "_LimitedChannel", batch: Sequence[int]) -> FailureRecorder | None:
        child.nonce = secrets.token_hex(8)
        child.send(job_messages.encode_batch(child.nonce, len(batch)), *(self._requests.messages[i] for i in batch))
        for position, i in enumerate(batch):
            if blame := self._run_request(child, i, position):
                return blame
        return None

    def _add_following(self) -> bool:
        """Hand on the last answers, if all are there, and take the requests that follow; return whether there are any.

        Answers that were handed on are kept no longer, but for those to the job's own requests.
        """
        if self._list_following is None or None in self._answers:
            return False
        first, self._first_unread = self._first_unread, len(self._answers)
        answers = tuple(answer for answer in self._answers[first:] if answer)
        self._requests.drop_messages(first, len(self._answers))
        first = max(first, len(self._job.requests))
        self._answers[first:] = [_HANDED_ON] * (len(self._answers) - first)
        following = self._list_following(answers)
        self._requests.extend(following)
        self._answers += [None] * len(following)
        if not following:
            self._list_following = None
        return bool(following)

    def _run_cell(self, child: "_LimitedChannel", i: int, limits: Limits) -> FailureRecorder | None:
        """Receive one cell's message. If the child can't go on, return the recorder of its failure."""
        label = self._job.cells[i].label
        spoilt = True
        try:
            data = decode(child.receive(CELL_ANSWER, i, limits))
            run = parse_answers.parse_cell_run(data, label, limits)
            spoilt = parse_answers.is_child_exhausted(data)
        except InvalidValueError:
            run = CellRun(label, Status.DIED)
        except ChildStopped as stopped:
            run = CellRun(label, stopped.ended, limit=stopped.limit)
        if spoilt:
            return lambda: self._record_failed_cell(i, run)
        self._cells[i] = self._cells[i] or self._kept_text.trim_cell(run)
        return None

    def _record_failed_cell(self, i: int, run: CellRun) -> None:
        self._cells[i] = self._kept_text.trim_cell(run)
        self._skipped.add(i)

    def _run_request(self, child: "_LimitedChannel", i: int, position: int) -> FailureRecorder | None:
        """Receive one request's answer. If the child can't go on, return the recorder of its failure."""
        request = self._requests.requests[i]
        calls = CallAnswers(request)
        try:
            answer = self._requests.decode_answer(i, child.receive_answer(position, request.limits, calls))
            answer = replace(answer, answered_calls=calls.answered, is_shared=False) if calls.answered else answer
        except InvalidValueError:
            answer = Answer(Status.DIED)
        except ChildStopped as stopped:
            answer = Answer(stopped.ended, limit=stopped.limit)
        if answer.ended not in _USABLE_STATUSES:
            return lambda: self._record_failed_request(i, answer)
        self._answers[i] = self._kept_text.trim_answer(answer)
        return None

    def _record_failed_request(self, i: int, answer: Answer) -> None:
        answer = self._answers[i] = self._kept_text.trim_answer(answer)
        question = self._requests.requests[i].question
        for other, pending in list(self._pending()):
            if pending.question == question:
                self._answers[other] = replace(answer, skipped=True, printed="", printed_bytes=0)

    def _pending(self) -> Iterator[tuple[int, Request]]:
        return ((i, r) for i, r in enumerate(self._requests.requests) if self._answers[i] is None)

    def _get_next_memory(self) -> int:
        """Return the next child's memory limit: it is fixed per process, so each limit needs its own child."""
        pending = sorted(self._pending(), key=lambda item: _get_order_key(item[1]))
        return pending[0][1].limits.memory if pending else self._job.cell_limits.memory

    def _batches(self, memory: int) -> Iterator[list[int]]:
        """Yield visible requests by stage, then hidden ones; each only if no earlier one waits for another child.

        A request with calls that the grader answers is sent alone, so that its answers are the next messages.
        """
        for turn in sorted({_get_order_key(r) for _, r in self._pending()}):
            pending = [(i, r) for i, r in self._pending() if _get_order_key(r) == turn]
            batch = [i for i, r in pending if r.limits.memory == memory]
            if batch and any(r.known_calls for _, r in pending):
                yield from ([i] for i in batch)
            elif batch:
                yield batch
            if len(batch) < len(pending):
                return

    def _end_by_limit(self, hit: LimitHit) -> None:
        """End everything that is left, because the submission has used up its budget."""
        for i, cell in enumerate(self._job.cells):
            self._cells[i] = self._cells[i] or CellRun(cell.label, Status.TIME_LIMIT, limit=hit)
        for i, _ in list(self._pending()):
            self._answers[i] = Answer(Status.TIME_LIMIT, limit=hit)


def _get_order_key(request: Request) -> tuple[bool, int]:
    """Return the sort key of a request in the order of all requests."""
    return request.hidden, request.stage


class _LimitedChannel:
    """The messages of one child, within its limits and the budget; its answers must repeat `nonce`."""

    def __init__(self, child: ChildProcess, budget: Budget) -> None:
        self._child = child
        self._budget = budget
        self._exchange = Channel(child)
        self.send = self._exchange.send
        self.nonce = secrets.token_hex(8)

    @property
    def slept(self) -> float:
        """The seconds that the child has slept."""
        return self._exchange.slept

    def receive(self, kind: bytes, index: int, limits: Limits) -> bytes:
        """Return the content of the next frame.

        Raises ChildStopped, or InvalidValueError if the frame answers another message.
        """
        return job_messages.unwrap_answer(self._receive_frame(limits), self.nonce, kind, index)

    def receive_answer(self, index: int, limits: Limits, calls: CallAnswers) -> bytes:
        """Return the content of the answer to a request, and answer the calls that are asked about before it.

        The limits hold for the child's own time between all these frames together. Raises ChildStopped, or
        InvalidValueError.
        """
        while True:
            before = self._measure()
            frame = self._receive_frame(limits)
            if not job_messages.is_call_query(frame, self.nonce, index):
                return job_messages.unwrap_answer(frame, self.nonce, REQUEST_ANSWER, index)
            if self._exchange.has_unread:
                raise InvalidValueError("a call is asked for before the last reply was read")
            limits = _subtract(limits, [now - then for now, then in zip(self._measure(), before, strict=True)])
            self.send(calls.answer(frame[ANSWER_HEADER.size :]))

    def _measure(self) -> tuple[float, float, float]:
        """Return the child's CPU seconds, the time, and the seconds that the child has slept."""
        return self._child.cpu(), time.monotonic(), self.slept

    def _receive_frame(self, limits: Limits) -> bytes:
        try:
            frame = self._exchange.take_buffered(limits)
            if frame is None:
                frame = self._exchange.receive(self._budget.cap_limits(limits, self._child.cpu(), self.slept))
        except ChildStopped as stopped:
            raise ChildStopped(stopped.ended, self._budget.attribute_hit(stopped.limit, limits)) from None
        return frame


def _subtract(limits: Limits, used: Sequence[float]) -> Limits:
    """Return limits without the CPU time, wall time and sleep that are used already."""
    cpu, wall, sleep = (
        max(left - seconds, _MIN_LEFT_S)
        for left, seconds in zip((limits.cpu, limits.wall, limits.sleep), used, strict=True)
    )
    return replace(limits, cpu=cpu, wall=wall, sleep=sleep)
