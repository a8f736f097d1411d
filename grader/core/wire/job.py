"""What goes into the sandbox and what comes back: a Job of cells and requests, an Outcome of answers. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from grader.core.wire.assignment_target import PathKey, Target
from grader.core.wire.submission import Cell
from grader.core.wire.values import Value


@dataclass(frozen=True)
class Limits:
    """What one cell or one request may use. A child that goes beyond is stopped; the rest goes on in a fresh one."""

    cpu: float = 2.0
    """Seconds of processor time."""
    wall: float = 10.0
    """Seconds on the clock: the backstop for code that sleeps."""
    memory: int = 512 * 2**20
    """Bytes of address space beyond what the warm interpreter has."""
    output: int = 8 * 2**20
    """Bytes of one answer."""
    printed: int = 20_000
    """Bytes of printed text that are kept; more is counted and dropped."""

    def with_changes(self, changes: Mapping[str, Any]) -> "Limits":
        """These limits with some replaced; unknown names and values that are no positive numbers raise ValueError."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"there is no limit {name!r}; the limits are {', '.join(known)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**40:
                raise ValueError(f"the limit {name} must be a positive number, not {value!r}")
            known[name] = type(known[name])(max(value, 1) if isinstance(known[name], int) else value)
        return Limits(**known)


@dataclass(frozen=True)
class ResultRef:
    """Instead of an argument: what an earlier action of the request gave, or what is found in it under these keys."""

    action: int
    path: tuple[PathKey, ...] = ()


@dataclass(frozen=True)
class Call:
    """Call the student's function; report its value and, where asked, its arguments after the call and some locals.

    `path` are the keys to follow where the function lies in a dict or list of that name: `runs["relu"]["forward"]`.
    `set_right` are tensors by the label of a target: the function assigns these instead of what it works out itself.
    """

    function: str
    args: tuple[Value | ResultRef, ...]
    locals: tuple[str, ...] = ()
    arguments: bool = False
    path: tuple[PathKey, ...] = ()
    set_right: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """Read a variable that the cells left behind; sets come as lists, arrays of text too."""

    name: str


@dataclass(frozen=True)
class Parse:
    """Read a variable that holds Python source text, or a list of such, and report each in its normal form."""

    name: str


Action = Call | Read | Parse


@dataclass(frozen=True)
class Request:
    """The actions of one check, done in order; one that raises doesn't stop the next.

    Nothing of a later `stage` is sent before all of the earlier ones is answered.
    """

    question: str
    check: str
    actions: tuple[Action, ...]
    hidden: bool = False
    limits: Limits = Limits()
    stage: int = 0


@dataclass(frozen=True)
class Job:
    """One submission's cells and everything that is asked of them.

    `modules` are the helper modules which the course supplies, as source by dotted name. `targets` may be set right,
    by the name of the function that assigns them.
    """

    cells: tuple[Cell, ...]
    requests: tuple[Request, ...]
    modules: Mapping[str, str] = field(default_factory=dict)
    statement_by_statement: bool = False
    cell_limits: Limits = Limits()
    total_cpu: float = 20.0
    total_wall: float = 60.0
    targets: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)


class Status(StrEnum):
    """How the sandbox's part of a request, or of a cell, ended."""

    DONE = "done"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    DIED = "died"
    """The child ended, or broke the protocol: the submission's doing, whatever the signal."""
    FAULT = "fault"
    """The sandbox's own failure, twice."""


@dataclass(frozen=True)
class ExceptionInfo:
    """An exception in student code. `line` counts from 1 in the cell; `text` is that line."""

    type: str
    message: str
    cell: str = ""
    line: int | None = None
    text: str = ""
    function: str = ""
    blank: bool = False
    """It was raised by a `____` that nobody filled in."""


@dataclass(frozen=True)
class MissingName:
    """The function or variable was not there; `blank` if what stands there is a `____`."""

    name: str
    blank: bool = False


@dataclass(frozen=True)
class ActionResult:
    """What one action gave."""

    value: Value = None
    arguments: tuple[Value, ...] | None = None
    locals: Mapping[str, Value] = field(default_factory=dict)
    changed: tuple[int, ...] = ()
    """Positions of arguments that differ after the call."""
    raised: ExceptionInfo | MissingName | None = None
    set_right: tuple[str, ...] = ()
    """Labels of the targets that were set right."""


@dataclass(frozen=True)
class LimitHit:
    """Which limit ended it, what was allowed, what was used (None: unknown). Units: `s` or `bytes`."""

    name: str
    allowed: float
    used: float | None
    unit: str


@dataclass(frozen=True)
class Answer:
    """What came back for one request. `returned` has one item per action where `ended` is DONE, else none.

    `skipped`: not run, because an earlier request of the same question hung or crashed (the other fields repeat why).
    """

    ended: Status = Status.DONE
    returned: tuple[ActionResult, ...] = ()
    limit: LimitHit | None = None
    signal: str | None = None
    printed: str = ""
    printed_bytes: int = 0
    warnings: tuple[str, ...] = ()
    skipped: bool = False
    shared: bool = field(default=False, compare=False)
    """Whoever answers the same gets this very object: nobody may change it."""


@dataclass(frozen=True)
class CellRun:
    """What came of running one cell. `remarks` tell what couldn't be given: a missing package, a magic."""

    label: str
    ended: Status = Status.DONE
    raised: ExceptionInfo | None = None
    limit: LimitHit | None = None
    signal: str | None = None
    printed: str = ""
    printed_bytes: int = 0
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class JobResult:
    """All that came back: one CellRun per code cell, one Answer per request in the job's order."""

    level: str
    cells: tuple[CellRun, ...]
    answers: tuple[Answer, ...]
    cpu: float = 0.0
    peak_memory: int = 0
