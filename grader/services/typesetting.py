"""Text of unknown authors typeset in the sandbox: a disposable process for each page, within limits."""

import queue
from typing import Final, Self

from grader.core.errors import SandboxUnavailable
from grader.core.wire.job import Call, Job, Limits, Request
from grader.core.wire.submission import Cell
from grader.sandbox.sandbox import Sandbox

_CONVERTER: Final = "grader.feedback.markup_worker"
TYPESETTING_LIMITS: Final = Limits(cpu=4.0, wall=30.0, memory=256 * 2**20, output=4 * 2**20, printed=100)
"""What one page's text may use."""


class Typesetting:
    """Warm processes that know the converter, one for each thread that calls at once; call it with a request."""

    def __init__(self) -> None:
        self._idle: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        self._there = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while not self._idle.empty():
            self._idle.get().close()

    def __call__(self, request: str) -> str | None:
        """The converter's answer; None if it overran its limits or died, or this machine gives no sandbox."""
        if not self._there:
            return None
        asked = Request("page", "convert", (Call("convert", (request,)),), limits=TYPESETTING_LIMITS)
        job = Job(
            (Cell(f"from {_CONVERTER} import convert"),),
            (asked,),
            cell_limits=TYPESETTING_LIMITS,
            total_cpu=TYPESETTING_LIMITS.cpu * 2,
        )
        try:
            sandbox = self._idle.get_nowait()
        except queue.Empty:
            sandbox = Sandbox(packages=(_CONVERTER,))
        try:
            outcome = sandbox.run(job)
        except SandboxUnavailable:
            self._there = False
            return None
        finally:
            self._idle.put(sandbox)
        returned = outcome.answers[0].returned
        value = returned[0].value if returned else None
        return value if isinstance(value, str) else None
