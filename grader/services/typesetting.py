"""Typesetting of untrusted text in the sandbox: one disposable process per page, within limits."""

import queue
from typing import Final, Self

from grader.core.errors import SandboxUnavailable
from grader.core.wire.job import Call, Job, Limits, Request
from grader.core.wire.submission import Cell
from grader.sandbox.sandbox import Sandbox

_CONVERTER: Final = "grader.feedback.markup_worker"
TYPESETTING_LIMITS: Final = Limits(cpu=4.0, wall=30.0, memory=256 * 2**20, output=4 * 2**20, printed=100)
"""The limits for the text of one page."""


class Typesetting:
    """Warm processes with the converter loaded, one per concurrent caller; call it with a request."""

    def __init__(self) -> None:
        self._idle: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        self._is_available = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while not self._idle.empty():
            self._idle.get().close()

    def __call__(self, request: str) -> str | None:
        """Return the converter's answer; None if it exceeded its limits or died, or if this machine has no sandbox."""
        if not self._is_available:
            return None
        conversion = Request("page", "convert", (Call("convert", (request,)),), limits=TYPESETTING_LIMITS)
        job = Job(
            (Cell(f"from {_CONVERTER} import convert"),),
            (conversion,),
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
            self._is_available = False
            return None
        finally:
            self._idle.put(sandbox)
        returned = outcome.answers[0].results
        value = returned[0].value if returned else None
        return value if isinstance(value, str) else None
