"""Input and output of the sandbox: a Job of cells and requests, a JobResult of answers. Plain data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from grader.core.wire.assignment_target import FlowRole, PathKey, Target
from grader.core.wire.data_file import DataFile
from grader.core.wire.edits.edit import Edit
from grader.core.wire.near_names import NearName
from grader.core.wire.submission import Cell
from grader.core.wire.values import Value


@dataclass(frozen=True)
class Limits:
    """Limits of one cell or one request. A child that exceeds one is stopped; the rest runs in a new child."""

    cpu: float = 2.0
    """Seconds of processor time."""
    wall: float = 10.0
    """Seconds of real time."""
    memory: int = 512 * 2**20
    """Bytes of address space in addition to the warm interpreter's."""
    output: int = 8 * 2**20
    """Bytes of one answer."""
    printed: int = 20_000
    """Bytes of printed text that are kept; further bytes are counted and dropped."""
    sleep: float = 1.5
    """Seconds of sleeping: of time during which the code neither computes nor waits for a processor."""

    def with_changes(self, changes: Mapping[str, Any]) -> "Limits":
        """Return these limits with some replaced. Raises ValueError for unknown names and non-positive values.

        More real time than usual is for code that sleeps: unless told otherwise, it may sleep all this time.
        """
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"there is no limit {name!r}; the limits are {', '.join(known)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**40:
                raise ValueError(f"the limit {name} must be a positive number, not {value!r}")
            known[name] = type(known[name])(max(value, 1) if isinstance(known[name], int) else value)
        if "wall" in changes and "sleep" not in changes and known["wall"] > Limits.wall:
            known["sleep"] = known["wall"]
        return Limits(**known)


@dataclass(frozen=True)
class ResultRef:
    """An argument that refers to an earlier action's result in the request, or to the item in it under these keys."""

    action: int
    path: tuple[PathKey, ...] = ()


@dataclass(frozen=True)
class KnownCall:
    """A call of another function, with its right result.

    `parameters` are the names of the function's parameters, and `defaults` those of the last ones.
    """

    function: str
    args: tuple[Value, ...]
    result: Value
    parameters: tuple[str, ...] = ()
    defaults: tuple[Value, ...] = ()

    def complete(self, args: Sequence[Value], by_name: Mapping[str, Value]) -> tuple[Value, ...] | None:
        """Return arguments in the order of the parameters, with defaults; None if they don't fit."""
        if not by_name and len(args) >= len(self.parameters):
            return tuple(args)
        given = dict(zip(self.parameters, args, strict=False))
        if not (given.keys().isdisjoint(by_name) and by_name.keys() <= set(self.parameters)):
            return None
        optional = self.parameters[len(self.parameters) - len(self.defaults) :]
        given = {**dict(zip(optional, self.defaults, strict=True)), **given, **by_name}
        ordered = tuple(given[name] for name in self.parameters if name in given)
        return ordered if given.keys() == set(self.parameters[: len(ordered)]) else None


@dataclass(frozen=True)
class Call:
    """Call the student's function; report its value and, if requested, its arguments after the call and some locals.

    `path` has the keys to follow if the function is in a dict or list of that name: `runs["relu"]["forward"]`.
    `set_right` maps the label of a target to a tensor: the function assigns this tensor instead of its own result. An
    `optional` function may be missing; whoever judges the call gets no value then.
    `roles` has the places of locals in the data flow, by which they are found under other names. `part` is the first
    key of the judged part of the returned value: if the function raises, what it was about to return is reported.
    `known_calls` are calls of other functions that the grader answers while this call runs. They stay with the grader:
    the sandbox gets the functions' names, and one result at a time, for the arguments that belong to it.
    """

    function: str
    args: tuple[Value | ResultRef, ...]
    locals: tuple[str, ...] = ()
    arguments: bool = False
    path: tuple[PathKey, ...] = ()
    set_right: Mapping[str, Value] = field(default_factory=dict)
    optional: bool = False
    roles: Mapping[str, FlowRole] = field(default_factory=dict)
    part: PathKey | None = None
    known_calls: tuple[KnownCall, ...] = ()


@dataclass(frozen=True)
class ListRepairs:
    """List the edits of the student's function that may mend it, with its place; nothing if it can't be edited."""

    function: str


@dataclass(frozen=True)
class TraceCall:
    """Call the student's function, and report the variables that its statements assign, one after the other."""

    function: str
    args: tuple[Value, ...]


@dataclass(frozen=True)
class Read:
    """Read a variable that the cells left behind; sets and arrays of text are returned as lists."""

    name: str


@dataclass(frozen=True)
class Parse:
    """Read a variable that holds Python source text, or a list of source texts, and report the normal form of each."""

    name: str


@dataclass(frozen=True)
class MeasureCall:
    """Call the student's function, and report its work: lines that run, and an estimate of their time."""

    function: str
    args: tuple[Value, ...]


Action = Call | Read | Parse
DiagnosisAction = ListRepairs | TraceCall | MeasureCall


@dataclass(frozen=True)
class Request:
    """The actions of one check, executed in order; one that raises doesn't stop the next.

    Requests of a later `stage` are sent only after all requests of the earlier stages are answered. With `edits`, all
    actions are calls of one function, and are performed with these edits of its text; they may run `max_lines` lines.
    """

    question: str
    check: str
    actions: tuple[Action | DiagnosisAction, ...]
    hidden: bool = False
    limits: Limits = Limits()
    stage: int = 0
    edits: tuple[Edit, ...] = ()
    max_lines: int = 0

    @property
    def known_calls(self) -> tuple[KnownCall, ...]:
        """The calls that the grader answers while this request runs."""
        return tuple(known for action in self.actions if isinstance(action, Call) for known in action.known_calls)


@dataclass(frozen=True)
class Job:
    """One submission's cells and all requests to them. Cells that are modules can be imported under their paths.

    `modules` are the helper modules that the course supplies, as source by dotted name. `targets` are the variables
    that may be set right, by the name of the function that assigns them; in these functions, a statement that raises
    does not stop the next one.
    """

    cells: tuple[Cell, ...]
    requests: tuple[Request, ...]
    modules: Mapping[str, str] = field(default_factory=dict)
    statement_by_statement: bool = False
    cell_limits: Limits = Limits()
    total_cpu: float = 20.0
    total_wall: float = 60.0
    total_sleep: float = 3.0
    total_printed: int = 200_000
    """Bytes of text printed by all cells that are kept, and as many printed by all requests."""
    targets: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    data_files: tuple[DataFile, ...] = ()
    """The files that the code can read, besides those that it writes."""
    files_by_name: Mapping[str, str] = field(default_factory=dict)
    """The paths of the modules in which names are looked up first, by name."""
    is_repeated: bool = False
    """Whether the same cells ran before in another job, so that they needn't sleep again."""
    list_following: "ListFollowing | None" = field(default=None, compare=False)
    """Returns further requests after the answers to the last ones, to be run in the same child; none to end."""

    @property
    def is_rerun(self) -> bool:
        """Whether a submission runs again for other calls, so that all its cells have run before."""
        is_again = self.is_repeated or bool(self.targets) or self.list_following is not None
        return is_again or any(request.known_calls for request in self.requests)


ListFollowing = Callable[[tuple["Answer", ...]], tuple[Request, ...]]


class Status(StrEnum):
    """The end of a request or of a cell in the sandbox."""

    DONE = "done"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    DIED = "died"
    """The child ended or broke the protocol, which counts as the submission's own failure, whatever the signal."""
    FAULT = "fault"
    """The sandbox itself failed twice."""


@dataclass(frozen=True)
class NameOrigin:
    """A global name that is missing (without `type`), or isn't what the code that uses it needs (its type's name).

    `cell` is the label of the cell that stopped before it defined the name, or of the one that assigned it last.
    """

    name: str
    type: str = ""
    cell: str = ""


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
    """The exception was raised by a `____` that was not filled in."""
    origin: NameOrigin | None = None
    """The global name at fault."""
    operation: str = ""
    """The operation that raised, as `find_failed_operation` names it; empty if it is not known."""


@dataclass(frozen=True)
class MissingName:
    """The function or variable was missing; `blank` if it still holds a `____`; `origin` if it is no function.

    `near` are names that resemble it, the nearest first. If it is there, but was given out and not filled in,
    `unfilled` is its statement, such as `pass` or `raise NotImplementedError`, or `None` for a variable.
    """

    name: str
    blank: bool = False
    origin: NameOrigin | None = None
    near: tuple[NearName, ...] = ()
    unfilled: str = ""


@dataclass(frozen=True)
class ActionResult:
    """The result of one action."""

    value: Value = None
    arguments: tuple[Value, ...] | None = None
    locals: Mapping[str, Value] = field(default_factory=dict)
    changed_arguments: tuple[int, ...] = ()
    """Positions of arguments that the call changed."""
    raised: ExceptionInfo | MissingName | None = None
    set_right: tuple[str, ...] = ()
    """Labels of the targets that were set right."""
    by_role: Mapping[str, tuple[str, Value]] = field(default_factory=dict)
    """Locals that were found by their role: by the name asked for, the name found and its value."""
    unreturned: Value = None
    """The value that the function was about to return when it raised."""
    unfilled: tuple[str, ...] = ()
    """The statement of a function that computes nothing, or empty; then the variables that it only sets to None."""
    uses_arguments: bool = False
    """Whether the function is known to read an argument, if the call reports the arguments."""


@dataclass(frozen=True)
class LimitHit:
    """A limit that was exceeded: its name, the allowed and the used amount (None: unknown). Units: `s` or `bytes`."""

    name: str
    allowed: float
    used: float | None
    unit: str


@dataclass(frozen=True)
class Answer:
    """The answer to one request. `results` has one item per action if `ended` is DONE, and none otherwise.

    `skipped` means that the request was not run, because an earlier one of the same question hung or crashed; the other
    fields repeat that failure.
    """

    ended: Status = Status.DONE
    results: tuple[ActionResult, ...] = ()
    limit: LimitHit | None = None
    signal: str | None = None
    printed: str = ""
    printed_bytes: int = 0
    warnings: tuple[str, ...] = ()
    skipped: bool = False
    answered_calls: tuple[str, ...] = ()
    """Names of the functions of which the grader answered calls."""
    is_shared: bool = field(default=False, compare=False)
    """Equal answers may be this same object, so it must not be changed."""


@dataclass(frozen=True)
class CellRun:
    """The result of running one cell. `remarks` are about missing things: a package, a magic command."""

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
    """The complete result: one CellRun per code cell, and one Answer per request in the job's order.

    Answers to requests that followed have been handed on, and are not in it.
    """

    level: str
    cells: tuple[CellRun, ...]
    answers: tuple[Answer, ...]
    cpu: float = 0.0
    peak_memory: int = 0
    slept: float = 0.0
