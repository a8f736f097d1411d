"""Decode answers from the messages of a child, which are untrusted: values, never pickles; every field is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from grader.core.wire.assignment_target import format_access_path
from grader.core.wire.failed_operation import MAX_LENGTH as MAX_OPERATION_LENGTH
from grader.core.wire.job import (
    Action,
    ActionResult,
    Answer,
    Call,
    CellRun,
    DiagnosisAction,
    ExceptionInfo,
    LimitHit,
    Limits,
    ListRepairs,
    MeasureCall,
    MissingName,
    NameOrigin,
    Request,
    Status,
    TraceCall,
)
from grader.core.wire.near_names import MAX_NAME_LENGTH, MAX_NEAR_NAMES, NearName
from grader.core.wire.step_text import describe_attribute
from grader.core.wire.steps import find_steps
from grader.core.wire.values import InvalidValueError, Value

_MAX_TEXT_LENGTH: Final = 4000
_MAX_NAME_LENGTH: Final = 40
_MAX_NAMES: Final = 10


class _Fields:
    """Takes fields of the right type out of an untrusted dict; lists and counts are optional.

    Raises InvalidValueError.
    """

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise InvalidValueError("the answer is not a dict")
        self._data: dict[Any, Any] = data

    def get(self, name: str, *kinds: type) -> Any:
        value = self._data.get(name)
        if type(value) not in kinds:
            raise InvalidValueError(f"{name} has the type {type(value).__name__}")
        return value

    def has(self, name: str) -> bool:
        return name in self._data

    def text(self, name: str) -> str:
        return str(self.get(name, str))[:_MAX_TEXT_LENGTH]

    def items(self, name: str) -> Sequence[Any]:
        found: Sequence[Any] = self.get(name, list, tuple) if self.has(name) else ()
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        items = self.items(name)
        if not all(type(item) is str for item in items):
            raise InvalidValueError(f"{name} contains values that are not strings")
        return tuple(item[:_MAX_TEXT_LENGTH] for item in items)

    def count(self, name: str) -> int:
        if not self.has(name):
            return 0
        return min(max(int(self.get(name, int)), 0), 2**62)

    def read_printed(self, limits: Limits) -> tuple[str, int]:
        text = str(self.get("printed", str)) if self.has("printed") else ""
        return text[: limits.printed], self.count("printed_bytes")


def parse_cell_run(data: Value, label: str, limits: Limits) -> CellRun:
    """Validate and decode a cell's message. Raises InvalidValueError."""
    fields = _Fields(data)
    if fields.has("too_large"):
        return CellRun(label, Status.OUTPUT_LIMIT, limit=make_output_hit(limits, fields.count("too_large")))
    printed, size = fields.read_printed(limits)
    run = CellRun(label, printed=printed, printed_bytes=size, remarks=fields.texts("remarks"))
    if not fields.has("raised"):
        return run
    data = fields.get("raised", dict)
    if _is_out_of_memory(data):
        return replace(run, ended=Status.MEMORY_LIMIT, limit=make_memory_hit(limits, data))
    return replace(run, raised=_parse_raised(data))


def is_child_exhausted(data: Value) -> bool:
    """Return whether a cell ran out of memory and still holds it, so that its child can't go on.

    Raises InvalidValueError.
    """
    fields = _Fields(data)
    return fields.has("spoilt") and bool(fields.get("spoilt", bool))


def parse_answer(data: Value, request: Request) -> Answer:
    """Validate and decode a request's message. Raises InvalidValueError."""
    fields = _Fields(data)
    limits = request.limits
    if fields.has("too_large"):
        return Answer(Status.OUTPUT_LIMIT, limit=make_output_hit(limits, fields.count("too_large")))
    items = fields.get("returned", list, tuple)
    if len(items) != len(request.actions):
        raise InvalidValueError("the number of results differs from the number of actions")
    printed, size = fields.read_printed(limits)
    out = next((i["raised"] for i in items if isinstance(i, dict) and _is_out_of_memory(i.get("raised"))), None)
    if out is not None:
        return Answer(Status.MEMORY_LIMIT, limit=make_memory_hit(limits, out), printed=printed, printed_bytes=size)
    returned = tuple(_parse_returned(item, action) for item, action in zip(items, request.actions, strict=True))
    return Answer(results=returned, printed=printed, printed_bytes=size, warnings=fields.texts("warnings")[:5])


def _parse_returned(data: Value, action: Action | DiagnosisAction) -> ActionResult:
    fields = _Fields(data)
    if fields.has("missing"):
        name = _find_missing_name(fields, action)
        origin = NameOrigin(name, fields.text("type")) if fields.has("type") else None
        near = _parse_near(fields)
        if isinstance(action, Call) and find_steps(action.args) is not None:  # a class is what is asked for
            near = tuple(replace(one, kind="name") if one.kind == "class" else one for one in near)
        missing = MissingName(name, fields.get("blank", bool), origin, near)
        return ActionResult(raised=missing, unreturned=data.get("unreturned"))
    raised = _parse_raised(fields.get("raised", dict)) if fields.has("raised") else None
    value = data.get("value")
    if not isinstance(action, Call):
        return ActionResult(value, raised=raised)
    changed = fields.items("changed")
    if not all(type(i) is int and 0 <= i < len(action.args) for i in changed):
        raise InvalidValueError("the index of a changed argument is out of range")
    arguments = fields.get("arguments", tuple) if action.arguments else None
    if arguments is not None and len(arguments) != len(action.args):
        raise InvalidValueError("the number of arguments differs from that of the call")
    found = fields.get("locals", dict) if fields.has("locals") else {}
    named = {name: found[name] for name in action.locals if name in found}
    taken = fields.texts("set_right") if action.set_right else ()
    set_right = tuple(t for t in action.set_right if t in taken)
    has_parts = action.part is not None or find_steps(action.args) is not None
    unreturned = data.get("unreturned") if raised and has_parts else None
    by_role, unfilled = _parse_by_role(fields, action), tuple(map(_shorten, fields.texts("unfilled")[:_MAX_NAMES]))
    uses = fields.has("uses_arguments") and bool(fields.get("uses_arguments", bool))
    return ActionResult(value, arguments, named, tuple(changed), raised, set_right, by_role, unreturned, unfilled, uses)


def _shorten(text: str) -> str:
    return text[:MAX_NAME_LENGTH]


def _parse_near(fields: _Fields) -> tuple[NearName, ...]:
    """Decode the names that resemble a missing one."""
    found = []
    for item in fields.items("near")[:MAX_NEAR_NAMES]:
        if not (type(item) is tuple and len(item) == 5 and all(type(text) is str for text in item[:4])):
            raise InvalidValueError("a near name is not one")
        name, kind, owner, cell = map(_shorten, item[:4])
        line = item[4] if type(item[4]) is int and 0 < item[4] < 2**31 else None
        found.append(NearName(name, kind, owner, cell, line))
    return tuple(found)


def _find_missing_name(fields: _Fields, action: Action | DiagnosisAction) -> str:
    """Return the name that is missing: the one that the action looks for, or one that its steps need."""
    steps = find_steps(action.args) if isinstance(action, Call) else None
    for key, count in (("name", len(steps.names)), ("step", len(steps.steps))) if steps is not None else ():
        if fields.has(key):
            number = fields.get(key, int)
            if not 0 <= number < count:
                raise InvalidValueError(f"there is no {key} {number}")
            assert steps is not None
            return steps.names[number] if key == "name" else describe_attribute(steps, number)
    return _get_wanted_name(action)


def _get_wanted_name(action: Action | DiagnosisAction) -> str:
    """Return the name that an action looks for, in Python's notation."""
    match action:
        case Call():
            return format_access_path(action.function, action.path)
        case ListRepairs() | TraceCall() | MeasureCall():
            return action.function
    return action.name


def _parse_by_role(fields: _Fields, action: Call) -> dict[str, tuple[str, Value]]:
    """Decode the locals that were found under other names, each with that name."""
    found = fields.get("by_role", dict) if action.roles and fields.has("by_role") else {}
    pairs = {name: found[name] for name in action.roles if name in found}
    for pair in pairs.values():
        if not (type(pair) is tuple and len(pair) == 2 and type(pair[0]) is str and pair[0].isidentifier()):
            raise InvalidValueError("a variable that was found has no name")
    return {name: (own[:_MAX_NAME_LENGTH], value) for name, (own, value) in pairs.items()}


def _parse_raised(data: Mapping[Any, Any]) -> ExceptionInfo:
    fields = _Fields(data)
    return ExceptionInfo(
        type=fields.text("type"),
        message=fields.text("message"),
        cell=fields.text("cell"),
        line=fields.get("line", int, type(None)),
        text=fields.text("text"),
        function=fields.text("function"),
        blank=fields.get("blank", bool),
        origin=NameOrigin(fields.text("name"), fields.text("name_type")) if fields.has("name_type") else None,
        operation=fields.text("operation")[:MAX_OPERATION_LENGTH] if fields.has("operation") else "",
    )


def _is_out_of_memory(raised: object) -> bool:
    return isinstance(raised, dict) and raised.get("memory") is True


def make_memory_hit(limits: Limits, error: Mapping[Any, Any]) -> LimitHit:
    """Return a hit of the memory limit, with the size of the failed allocation if numpy reported it."""
    wanted = error.get("wanted")
    used = wanted if type(wanted) is int and wanted > limits.memory else None
    return LimitHit("memory", limits.memory, used, "bytes")


def make_output_hit(limits: Limits, size: int) -> LimitHit:
    """Return a hit of the output limit: the answer had about `size` bytes, according to the child."""
    return LimitHit("output", limits.output, size, "bytes")
