"""Orders, tasks and results as bytes. Received messages are validated as if an attacker had written them.

Messages are dicts in the format of `core.wire.values`. Gradings in them are JSON, strictly validated and compared with
the task: exercise, version, secret and checks must match, and no check may exceed its points.
"""

import hashlib
import math
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from grader.core.judging.reference_data import fingerprint_secret
from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import CheckResult, Grading
from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.values import InvalidValueError, Value
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult
from grader.sandbox.level import Level
from grader.version import __version__

MAX_CLUSTER_MESSAGE_BYTES: Final = 2**28
MAX_RESULT_LENGTH: Final = 2**24
"""Maximum number of characters of one grading."""
_MAX_ERROR_LENGTH: Final = 4000


def get_versions() -> dict[str, str]:
    """Return the versions that must agree on all machines, so that the results do."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"grader": __version__, "numpy": np.__version__, "Python": python}


@dataclass(frozen=True)
class WorkerOrder:
    """Everything that a worker needs in order to judge: versions, the course by its hash, secret, levels."""

    versions: Mapping[str, str]
    course: str
    course_version: str
    secret: bytes
    level: Level
    min_level: Level
    visible_only: bool

    @classmethod
    def from_config(cls, setup: GradingConfig, course: str) -> "WorkerOrder":
        """Return the order for this configuration, with a course of that hash."""
        return cls(
            get_versions(), course, setup.version, setup.secret, setup.level, setup.min_level, setup.visible_only
        )

    def to_config(self, folder: Path) -> GradingConfig:
        """Return the configuration for a course that was unpacked into this folder."""
        return GradingConfig(folder, self.course_version, self.secret, self.level, self.min_level, self.visible_only)

    def encode(self) -> bytes:
        """Return the order as bytes."""
        fields = dict(vars(self)) | {
            "versions": dict(self.versions),
            "secret": np.frombuffer(self.secret, np.uint8),
            "level": str(self.level),
            "min_level": str(self.min_level),
        }
        return encode(fields, MAX_CLUSTER_MESSAGE_BYTES)


def hash_order(order: bytes) -> str:
    """Return the name that identifies an order."""
    return hashlib.sha256(order).hexdigest()


def decode_order(data: bytes) -> WorkerOrder:
    """Decode an order. Raises InvalidValueError."""
    fields = decode_cluster_message(data)
    versions = get_typed_field(fields, "versions", dict)
    if not all(type(k) is str and type(v) is str for k, v in versions.items()):
        raise InvalidValueError("the versions are not strings")
    try:
        level, min_level = (Level(get_typed_field(fields, name, str)) for name in ("level", "min_level"))
    except ValueError as error:
        raise InvalidValueError(str(error)) from None
    return WorkerOrder(
        versions,
        get_typed_field(fields, "course", str),
        get_typed_field(fields, "course_version", str),
        get_bytes_field(fields, "secret"),
        level,
        min_level,
        get_typed_field(fields, "visible_only", bool),
    )


def encode_tasks(tasks: Sequence[GradingTask]) -> bytes:
    """Encode tasks."""
    items = [(t.id, t.exercise, t.file_name, np.frombuffer(t.data, np.uint8)) for t in tasks]
    return encode({"tasks": items}, MAX_CLUSTER_MESSAGE_BYTES)


def decode_tasks(data: bytes) -> Iterator[GradingTask]:
    """Decode tasks. Raises InvalidValueError."""
    for item in get_typed_field(decode_cluster_message(data), "tasks", list):
        match item:
            case (int() as id, str() as exercise, str() as name, np.ndarray() as octets) if octets.dtype == np.uint8:
                yield GradingTask(id, exercise, name, octets.tobytes())
            case _:
                raise InvalidValueError("invalid task")


def build_results_message(results: Sequence[TaskResult], seconds: float) -> dict[Value, Value]:
    """Return a message with results, and the seconds that they took together."""
    from grader.grading.cluster.grading_json import serialize_grading

    items = [
        (d.id, True, serialize_grading(d.result)) if isinstance(d.result, Grading) else (d.id, False, d.result)
        for d in results
    ]
    return {"results": items, "seconds": seconds}


def parse_results(
    fields: Mapping[Any, Any], tasks: Sequence[GradingTask], course: Course, setup: GradingConfig
) -> list[TaskResult]:
    """Return the results of these tasks, one each, in order. Raises InvalidValueError for anything else."""
    items = get_typed_field(fields, "results", list)
    if len(items) != len(tasks):
        raise InvalidValueError("the number of results differs from the number of tasks")
    return [
        _parse_result(item, task, course.exercise(task.exercise), setup)
        for item, task in zip(items, tasks, strict=True)
    ]


def parse_seconds(fields: Mapping[Any, Any]) -> float:
    """Return the duration that the worker reports. Raises InvalidValueError."""
    seconds: float = get_typed_field(fields, "seconds", float)
    if not 0 <= seconds < math.inf:
        raise InvalidValueError("the duration is negative or not finite")
    return seconds


def decode_cluster_message(data: object) -> dict[Any, Any]:
    """Decode a message. Raises InvalidValueError."""
    if not isinstance(data, bytes) or len(data) > MAX_CLUSTER_MESSAGE_BYTES:
        raise InvalidValueError("the message is not bytes, or too large")
    fields = decode(data)
    if not isinstance(fields, dict):
        raise InvalidValueError("the message is not a dict")
    return fields


def get_typed_field(fields: Mapping[Any, Any], name: str, kind: type) -> Any:
    """Return a field of exactly this type. Raises InvalidValueError."""
    value = fields.get(name)
    if type(value) is not kind:
        raise InvalidValueError(f"{name} has the type {type(value).__name__}")
    return value


def get_bytes_field(fields: Mapping[Any, Any], name: str) -> bytes:
    """Return a field of bytes. Raises InvalidValueError."""
    array: Value = get_typed_field(fields, name, np.ndarray)
    if array.dtype != np.uint8 or array.ndim != 1:
        raise InvalidValueError(f"{name} is not an array of bytes")
    return bytes(array.tobytes())


def _parse_result(item: Value, task: GradingTask, exercise: Exercise, setup: GradingConfig) -> TaskResult:
    from grader.grading.cluster.grading_json import deserialize_grading

    if type(item) is not tuple:
        raise InvalidValueError("the result is not a tuple")
    match item:
        case (int() as id, False, str() as line) if id == task.id and 0 < len(line) <= _MAX_ERROR_LENGTH:
            return TaskResult(id, line)
        case (int() as id, True, str() as text) if id == task.id and len(text) <= MAX_RESULT_LENGTH:
            try:
                grading = deserialize_grading(text)
            except ValueError as error:
                raise InvalidValueError(str(error)) from None
            require_matching_grading(grading, exercise, setup)
            return TaskResult(id, grading)
    raise InvalidValueError("the result does not belong to this task")


def require_matching_grading(grading: Grading, exercise: Exercise, setup: GradingConfig) -> None:
    """Require that a grading belongs to this exercise under this configuration. Raises InvalidValueError."""
    actual = grading.exercise, grading.course_version, grading.grader_version, grading.seed
    if actual != (exercise.name, setup.version, __version__, fingerprint_secret(setup.secret)):
        raise InvalidValueError("the grading is of another exercise or version")
    if grading.sandbox not in list(Level) or not Level(grading.sandbox).at_least(setup.min_level):
        raise InvalidValueError("the sandbox of the grading is weaker than required")
    expected_checks = [
        (q.id, str(q.kind), c.name, c.points, c.hidden)
        for q in exercise.questions
        for c in q.checks
        if not (c.hidden and setup.visible_only)
    ]
    actual_checks = [(q.id, q.kind, c.name, c.max_points, c.hidden) for q in grading.questions for c in q.checks]
    if expected_checks != actual_checks or len(grading.questions) > len(exercise.questions):
        raise InvalidValueError("the grading has other checks than the exercise")
    if not all(_is_in_bounds(c) for q in grading.questions for c in q.checks) or not 0 <= grading.elapsed_ms < math.inf:
        raise InvalidValueError("the grading has numbers out of range")


def _is_in_bounds(check: CheckResult) -> bool:
    return all(0 <= points <= check.max_points for points in (check.points, check.pending))
