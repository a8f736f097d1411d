"""A job in, an outcome out. After a hang or a crash a fresh child replays the cells without what was to blame."""

import math
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Self

from grader.core.errors import SandboxFault, SandboxUnavailable
from grader.core.job import Answer, CellRun, Ended, Job, LimitHit, Limits, Outcome, Request
from grader.core.values import NotAValue
from grader.sandbox import messages
from grader.sandbox.exchange import Exchange, Stopped
from grader.sandbox.launcher import Launcher
from grader.sandbox.level import Level

PLOTTING = "matplotlib"


class Sandbox:
    """Runs jobs, one at a time. Use it as a context manager; one for each thread or process.

    `level` is the strongest level to use (tests force weaker ones), `least` the weakest that is accepted; a machine
    which gives less raises SandboxUnavailable.
    """

    def __init__(self, level: Level = Level.FULL, least: Level = Level.SECCOMP, packages: Iterable[str] = ()) -> None:
        self._strongest = level
        self._least = least
        self._packages = tuple(packages)
        self._plain: Launcher | None = None
        self._plotting: Launcher | None = None

    def __enter__(self) -> Self:
        self._launcher(plots=False)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def level(self) -> Level:
        """The level that is in force."""
        return self._launcher(plots=False).level

    def close(self) -> None:
        """Ends all processes."""
        for launcher in (self._plain, self._plotting):
            if launcher:
                launcher.close()
        self._plain = self._plotting = None

    def run(self, job: Job) -> Outcome:
        """Runs the job's cells and requests. What the submission does wrong is in the outcome; never raises for it.

        A failure of our own is tried once more; then the answers that are still missing say FAULT.
        """
        plots = any(PLOTTING in cell.source for cell in job.cells)
        run = _Run(job)
        for last in (False, True):
            try:
                launcher = self._launcher(plots)
                while run.unfinished:
                    run.attempt(launcher)
                break
            except SandboxFault:
                self.close()
                if last:
                    run.give_up()
        return run.outcome(self._strongest if self._plain is None else self._plain.level)

    def _launcher(self, plots: bool) -> Launcher:
        """The zygote for a job; the one that knows matplotlib starts when the first job needs it."""
        launcher = self._plotting if plots else self._plain
        if launcher is None:
            launcher = self._start((*self._packages, PLOTTING) if plots else self._packages)
            if plots:
                self._plotting = launcher
            else:
                self._plain = launcher
        return launcher

    def _start(self, packages: tuple[str, ...]) -> Launcher:
        """A zygote; where there can be none, and that is accepted, plain subprocesses."""
        if self._least is Level.NONE and (self._strongest is Level.NONE or not sys.platform.startswith("linux")):
            return _plain(packages)
        from grader.sandbox.process import Zygote  # Linux only

        try:
            zygote = Zygote.start(self._strongest, packages)
        except SandboxUnavailable:
            if self._least is Level.NONE:
                return _plain(packages)
            raise
        if not zygote.level.at_least(self._least):
            zygote.close()
            raise SandboxUnavailable(
                f"this machine gives the sandbox level {zygote.level}, but {self._least} is asked for; "
                "`grader doctor` says why and what raises it"
            )
        return zygote


def _plain(packages: tuple[str, ...]) -> Launcher:
    from grader.sandbox.plain import Plain

    return Plain(packages)


class _Run:
    """The state of one job across the children that it takes."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._cells: list[CellRun | None] = [None] * len(job.cells)
        self._answers: list[Answer | None] = [None] * len(job.requests)
        self._skipped: set[int] = set()
        self._cpu = 0.0
        self._peak = 0
        self._started = time.monotonic()

    @property
    def unfinished(self) -> bool:
        """Something has not been run yet."""
        return None in self._cells or None in self._answers

    def outcome(self, level: Level) -> Outcome:
        """What came of it; `unfinished` must be false."""
        cells = tuple(cell for cell in self._cells if cell)
        answers = tuple(answer for answer in self._answers if answer)
        return Outcome(str(level), cells, answers, self._cpu, self._peak)

    def attempt(self, launcher: Launcher) -> None:
        """One child: all cells that may run, then requests, visible ones first, until the end or the first failure."""
        if self._over_budget():
            return
        memory = self._memory()
        child = launcher.launch(memory, math.ceil(self._job.total_cpu) + 1)
        blame: Callable[[], None] | None = None
        try:
            blame = self._talk(Exchange(child), memory)
        finally:
            ending = child.finish()
            self._cpu += ending.cpu
            self._peak = max(self._peak, ending.peak)
        if blame:  # only now: where the zygote died, its child was killed with it, and that is nobody's verdict
            blame()

    def give_up(self) -> None:
        """Whatever is still missing failed through our own fault."""
        self._cells = [
            c or CellRun(cell.label, Ended.FAULT) for c, cell in zip(self._cells, self._job.cells, strict=True)
        ]
        self._answers = [answer or Answer(Ended.FAULT) for answer in self._answers]

    def _talk(self, exchange: Exchange, memory: int) -> Callable[[], None] | None:
        """Goes through cells and requests. Returns what notes the failure that ended it, if one did."""
        nonce = secrets.token_hex(8)
        exchange.send(messages.job_message(self._job, nonce, self._skipped))
        for i in range(len(self._job.cells)):
            if i not in self._skipped and (blame := self._run_cell(exchange, i, nonce)):
                return blame
        for batch in self._batches(memory):
            nonce = secrets.token_hex(8)
            requests = [(i, self._job.requests[i]) for i in batch]
            exchange.send(messages.requests_message(requests, nonce))
            for position, i in enumerate(batch):
                if blame := self._run_request(exchange, i, position, nonce):
                    return blame
        return None

    def _run_cell(self, exchange: Exchange, i: int, nonce: str) -> Callable[[], None] | None:
        """Takes one cell's message. If the child is of no more use, returns what notes that."""
        label, limits = self._job.cells[i].label, self._job.cell_limits
        try:
            data = exchange.receive(self._bounded(limits))
            messages.must_echo(data, nonce, "cell", i)
            run = messages.cell_run(data, label, limits)
        except NotAValue:
            run = CellRun(label, Ended.DIED)
        except Stopped as stopped:
            run = CellRun(label, stopped.ended, limit=stopped.limit)
        if run.ended in (Ended.DONE, Ended.OUTPUT_LIMIT):
            self._cells[i] = self._cells[i] or run
            return None
        return lambda: self._blame_cell(i, run)

    def _blame_cell(self, i: int, run: CellRun) -> None:
        """This cell ended its child: it isn't run again."""
        self._cells[i] = run
        self._skipped.add(i)

    def _run_request(self, exchange: Exchange, i: int, position: int, nonce: str) -> Callable[[], None] | None:
        """Takes one request's answer. If the child is of no more use, returns what notes that."""
        request = self._job.requests[i]
        try:
            data = exchange.receive(self._bounded(request.limits))
            messages.must_echo(data, nonce, "answer", position)
            answer = messages.answer(data, request)
        except NotAValue:
            answer = Answer(Ended.DIED)
        except Stopped as stopped:
            answer = Answer(stopped.ended, limit=stopped.limit)
        if answer.ended in (Ended.DONE, Ended.OUTPUT_LIMIT):
            self._answers[i] = answer
            return None
        return lambda: self._blame_request(i, answer)

    def _blame_request(self, i: int, answer: Answer) -> None:
        """This request ended its child: its question's others are skipped."""
        self._answers[i] = answer
        question = self._job.requests[i].question
        for other, pending in list(self._pending()):
            if pending.question == question:
                self._answers[other] = replace(answer, skipped=True, printed="", printed_bytes=0)

    def _pending(self) -> Iterator[tuple[int, Request]]:
        return ((i, r) for i, r in enumerate(self._job.requests) if self._answers[i] is None)

    def _memory(self) -> int:
        """The memory of the next child: a process's limit can't change, so requests with another one take another."""
        pending = sorted(self._pending(), key=lambda item: item[1].hidden)
        return pending[0][1].limits.memory if pending else self._job.cell_limits.memory

    def _batches(self, memory: int) -> Iterator[list[int]]:
        """Visible requests, then hidden ones; hidden ones only when no visible one is left for another child."""
        for hidden in (False, True):
            pending = [(i, r) for i, r in self._pending() if r.hidden == hidden]
            batch = [i for i, r in pending if r.limits.memory == memory]
            if batch:
                yield batch
            if len(batch) < len(pending):
                return

    def _bounded(self, limits: Limits) -> Limits:
        """Limits cut to what is left of the submission's budget."""
        wall = self._job.total_wall - (time.monotonic() - self._started)
        cpu = self._job.total_cpu - self._cpu
        return replace(limits, cpu=min(limits.cpu, max(cpu, 0.01)), wall=min(limits.wall, max(wall, 0.01)))

    def _over_budget(self) -> bool:
        """The whole submission has used up what it may: everything that is left ends here."""
        job, wall = self._job, time.monotonic() - self._started
        if self._cpu < job.total_cpu and wall < job.total_wall:
            return False
        hit = LimitHit("total_cpu", job.total_cpu, self._cpu, "s")
        if self._cpu < job.total_cpu:
            hit = LimitHit("total_wall", job.total_wall, wall, "s")
        for i, cell in enumerate(job.cells):
            self._cells[i] = self._cells[i] or CellRun(cell.label, Ended.TIME_LIMIT, limit=hit)
        for i, _ in list(self._pending()):
            self._answers[i] = Answer(Ended.TIME_LIMIT, limit=hit)
        return True
