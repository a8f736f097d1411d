"""A sandbox for the tests of a process, and helpers to run cells in it."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from grader.core.wire.job import Call, Job, JobResult, Limits, Request
from grader.core.wire.submission import Cell
from grader.core.wire.values import Value
from grader.sandbox.sandbox import Sandbox

GENEROUS = Limits(cpu=10.0, wall=60.0)
"""Limits that no honest code reaches, even on a slow and noisy machine."""

Run = Callable[..., JobResult]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The strongest sandbox of this machine."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    """Run cells and requests in the sandbox: `run("x = 1", requests=[...]) -> JobResult`."""

    def run(
        *sources: str,
        requests: tuple[Request, ...] = (),
        modules: Mapping[str, str] | None = None,
        statement_by_statement: bool = False,
        cell_limits: Limits = GENEROUS,
        total_cpu: float = 100.0,
        total_wall: float = 300.0,
        total_sleep: float = 100.0,
    ) -> JobResult:
        cells = tuple(Cell(source, label=f"cell {number}") for number, source in enumerate(sources, 1))
        return sandbox.run(
            Job(cells, requests, modules or {}, statement_by_statement, cell_limits, total_cpu, total_wall, total_sleep)
        )

    return run


@pytest.fixture
def call() -> Callable[..., Request]:
    """Make a request of one call: `call("softmax", x, limits=...)`."""

    def call(
        function: str, *args: Value, question: str = "", hidden: bool = False, limits: Limits = GENEROUS
    ) -> Request:
        return Request(question or function, "check", (Call(function, args),), hidden, limits)

    return call
