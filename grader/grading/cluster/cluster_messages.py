"""Orders, tasks and results as bytes. Whatever comes back is checked as if a stranger had written it.

Messages are dicts in the format of `core.wire.values`, gradings in them JSON, validated strictly and compared with
what was asked: of that exercise, that version, that secret, with those checks and no more points than they have.
"""

import hashlib
import math
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from grader.core.judging.reference_data import fingerprint
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import CheckResult, Grading
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.values import NotAValue, Value
from grader.grading.pool import Done, Setup, Task
from grader.sandbox.level import Level
from grader.version import __version__

LARGEST: Final = 2**28
LARGEST_RESULT: Final = 2**24
"""Characters of one grading."""
_LONGEST_LINE: Final = 4000


def versions() -> dict[str, str]:
    """What has to be the same on all machines, so that the results are."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"grader": __version__, "numpy": np.__version__, "Python": python}


@dataclass(frozen=True)
class Order:
    """What a worker has to have at hand to judge: versions, the course by its hash, secret, levels."""

    versions: Mapping[str, str]
    course: str
    course_version: str
    secret: bytes
    level: Level
    least: Level
    visible_only: bool

    @classmethod
    def of(cls, setup: Setup, course: str) -> "Order":
        """The order for this setup, with a course of that hash."""
        return cls(versions(), course, setup.version, setup.secret, setup.level, setup.least, setup.visible_only)

    def setup(self, folder: Path) -> Setup:
        """The setup, where the course was unpacked into this folder."""
        return Setup(folder, self.course_version, self.secret, self.level, self.least, self.visible_only)

    def encoded(self) -> bytes:
        """Its bytes."""
        fields = dict(vars(self)) | {
            "versions": dict(self.versions),
            "secret": np.frombuffer(self.secret, np.uint8),
            "level": str(self.level),
            "least": str(self.least),
        }
        return encode(fields, LARGEST)


def name_of(order: bytes) -> str:
    """What an order is known by."""
    return hashlib.sha256(order).hexdigest()


def order_from(data: bytes) -> Order:
    """The order in these bytes. Raises NotAValue."""
    fields = message(data)
    said = field(fields, "versions", dict)
    if not all(type(k) is str and type(v) is str for k, v in said.items()):
        raise NotAValue("versions that are none")
    try:
        level, least = (Level(field(fields, name, str)) for name in ("level", "least"))
    except ValueError as error:
        raise NotAValue(str(error)) from None
    return Order(
        said,
        field(fields, "course", str),
        field(fields, "course_version", str),
        octets(fields, "secret"),
        level,
        least,
        field(fields, "visible_only", bool),
    )


def encode_tasks(tasks: Sequence[Task]) -> bytes:
    """Tasks as bytes."""
    items = [(t.id, t.exercise, t.file_name, np.frombuffer(t.data, np.uint8)) for t in tasks]
    return encode({"tasks": items}, LARGEST)


def tasks_from(data: bytes) -> Iterator[Task]:
    """The tasks in these bytes. Raises NotAValue."""
    for item in field(message(data), "tasks", list):
        match item:
            case (int() as id, str() as exercise, str() as name, np.ndarray() as octets) if octets.dtype == np.uint8:
                yield Task(id, exercise, name, octets.tobytes())
            case _:
                raise NotAValue("a task that is none")


def results_message(results: Sequence[Done], seconds: float) -> dict[Value, Value]:
    """Results, and how many seconds they took together."""
    from grader.grading.cluster.grading_json import packed

    items = [
        (d.id, True, packed(d.result)) if isinstance(d.result, Grading) else (d.id, False, d.result) for d in results
    ]
    return {"results": items, "seconds": seconds}


def results_from(fields: Mapping[Any, Any], tasks: Sequence[Task], course: Course, setup: Setup) -> list[Done]:
    """The results of these tasks, one each, in order. Raises NotAValue for anything else."""
    items = field(fields, "results", list)
    if len(items) != len(tasks):
        raise NotAValue("not one result for each task")
    return [_result(item, task, course.exercise(task.exercise), setup) for item, task in zip(items, tasks, strict=True)]


def seconds_from(fields: Mapping[Any, Any]) -> float:
    """How long it took, as the worker says. Raises NotAValue."""
    seconds: float = field(fields, "seconds", float)
    if not 0 <= seconds < math.inf:
        raise NotAValue("no length of time")
    return seconds


def message(data: object) -> dict[Any, Any]:
    """The dict in these bytes. Raises NotAValue."""
    if not isinstance(data, bytes) or len(data) > LARGEST:
        raise NotAValue("no bytes")
    fields = decode(data)
    if not isinstance(fields, dict):
        raise NotAValue("no message")
    return fields


def field(fields: Mapping[Any, Any], name: str, kind: type) -> Any:
    """A field of exactly this type. Raises NotAValue."""
    value = fields.get(name)
    if type(value) is not kind:
        raise NotAValue(f"{name} is {type(value).__name__}")
    return value


def octets(fields: Mapping[Any, Any], name: str) -> bytes:
    """A field of bytes. Raises NotAValue."""
    array: Value = field(fields, name, np.ndarray)
    if array.dtype != np.uint8 or array.ndim != 1:
        raise NotAValue(f"{name} is no bytes")
    return bytes(array.tobytes())


def _result(item: Value, task: Task, exercise: Exercise, setup: Setup) -> Done:
    from grader.grading.cluster.grading_json import unpacked

    if type(item) is not tuple:
        raise NotAValue("a result that is none")
    match item:
        case (int() as id, False, str() as line) if id == task.id and 0 < len(line) <= _LONGEST_LINE:
            return Done(id, line)
        case (int() as id, True, str() as text) if id == task.id and len(text) <= LARGEST_RESULT:
            try:
                grading = unpacked(text)
            except ValueError as error:
                raise NotAValue(str(error)) from None
            must_answer(grading, exercise, setup)
            return Done(id, grading)
    raise NotAValue("a result of something else")


def must_answer(grading: Grading, exercise: Exercise, setup: Setup) -> None:
    """Holds that a grading is one of this exercise under this setup. Raises NotAValue."""
    made = grading.exercise, grading.course_version, grading.grader_version, grading.seed
    if made != (exercise.name, setup.version, __version__, fingerprint(setup.secret)):
        raise NotAValue("a grading of something else")
    if grading.sandbox not in list(Level) or not Level(grading.sandbox).at_least(setup.least):
        raise NotAValue("a grading without the sandbox that was asked for")
    asked = [
        (q.id, str(q.kind), c.name, c.points, c.hidden)
        for q in exercise.questions
        for c in q.checks
        if not (c.hidden and setup.visible_only)
    ]
    came = [(q.id, q.kind, c.name, c.max_points, c.hidden) for q in grading.questions for c in q.checks]
    if asked != came or len(grading.questions) > len(exercise.questions):
        raise NotAValue("a grading with other checks")
    if not all(_in_bounds(c) for q in grading.questions for c in q.checks) or not 0 <= grading.elapsed_ms < math.inf:
        raise NotAValue("a grading with numbers out of bounds")


def _in_bounds(check: CheckResult) -> bool:
    return all(0 <= points <= check.max_points for points in (check.points, check.pending))
