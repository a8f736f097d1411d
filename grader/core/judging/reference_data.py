"""Compute the data that a whole class is judged against: inputs, expected tensors and known mistakes' tensors.

Every check's inputs come from a generator seeded by the secret and the check's name, so that all students get the
same.
"""

import ast
import copy
import hashlib
import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import CodeType
from typing import Final

import numpy as np

from grader.core.compare.tensors import Tolerance
from grader.core.errors import CourseError
from grader.core.questions.checks import AnswerCheck, Check, Output, Probe
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Question
from grader.core.wire.assignment_target import PathKey
from grader.core.wire.failed_operation import TREE_ATTRIBUTE, SourceReader, find_failed_operation
from grader.core.wire.job import ActionResult, Call, ExceptionInfo, Limits, MissingName, Request
from grader.core.wire.observe_call import Observation, materialize, observe
from grader.core.wire.play_steps import list_functions
from grader.core.wire.values import Value


@dataclass(frozen=True)
class CallFailure:
    """A call without a value: it raised an exception of this type, or the output was missing (`type` is empty).

    `operation` is the one that raised, or the form of the value in which the output was missing; empty if not known.
    """

    type: str = ""
    operation: str = ""

    def agrees(self, other: "CallFailure") -> bool:
        """Tell whether two calls are known to have failed in the same way."""
        return bool(self.operation) and self == other


@dataclass(frozen=True)
class Case:
    """One call of a check: its arguments, the expected output, and the outputs of the known mistakes.

    `composed` has the outputs of two mistakes at once that have been computed so far.
    """

    args: tuple[Value, ...]
    expected: Value
    mistakes: Mapping[str, Value | CallFailure]
    composed: dict[str, Value | CallFailure] = field(default_factory=dict, compare=False, repr=False)

    def widen(self, tolerance: Tolerance) -> Tolerance:
        """Return a check's tolerance for the precision of this call's arguments."""
        return tolerance.for_inputs(self.args)


Trace = tuple[tuple[str, Value], ...]
"""The local variables of a reference in one call, (name, value), each value once, in the order of assignment."""


@dataclass(frozen=True)
class ReferenceData:
    """The data that an exercise's submissions are judged against, by (question, check).

    `cases` are those of functions, `probes` those of other answers; the checks of a text need neither. A release also
    has what explanations need, because it has no reference: `confirmation` and `traces`. Elsewhere these are empty, and
    are computed from the course where they are needed.
    """

    cases: Mapping[tuple[str, str], tuple[Case, ...]]
    requests: tuple[Request, ...]
    probes: Mapping[tuple[str, str], Probe] = field(default_factory=dict)
    confirmation: Mapping[tuple[str, str], tuple[Case, ...]] = field(default_factory=dict)
    """Further cases of visible checks, with inputs from another generator, to confirm an explanation with."""
    traces: Mapping[tuple[str, str], tuple[Trace, ...]] = field(default_factory=dict)
    """For each case of a visible check, in order, the values of the reference's local variables."""


_MAX_FORM_KEYS: Final = 50


def compute_reference_data(exercise: Exercise, secret: bytes, *, visible_only: bool = False) -> ReferenceData:
    """Compute an exercise's reference data. Raises CourseError if the course's own code fails."""
    with exercise.enter_folder():
        return _compute_reference_data(exercise, secret, visible_only)


def _compute_reference_data(exercise: Exercise, secret: bytes, visible_only: bool) -> ReferenceData:
    cases: dict[tuple[str, str], tuple[Case, ...]] = {}
    asked: dict[tuple[str, str], Probe] = {}
    requests: list[Request] = []
    for question in exercise.questions:
        limits = exercise.limits.with_changes(question.limits)
        for check in question.checks:
            if check.hidden and visible_only:
                continue
            key = question.id, check.name
            if isinstance(check, Check):
                cases[key] = _compute_cases(exercise, question, check, secret)
                requests.append(build_request(question, check, cases[key], limits.with_changes(check.limits)))
            elif isinstance(check, AnswerCheck):
                asked[key] = _make_probe(exercise, question, check, secret)
                own = limits.with_changes(check.limits)
                requests.append(Request(*key, asked[key].actions, check.hidden, own))
    return ReferenceData(cases, tuple(requests), asked)


def make_generator(secret: bytes, *names: str) -> np.random.Generator:
    """Return a check's random generator: `numpy.random.default_rng` seeded with SHA-256 of secret and names."""
    digest = hashlib.sha256(secret + b"\0" + "/".join(names).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


PUBLIC_SECRET: Final = b"public"
"""The secret of inputs that may be known: those of a student's own check, of a release and of verification."""


def fingerprint_secret(secret: bytes) -> str:
    """Return 16 hex digits that differ for different secrets and don't reveal them."""
    return hashlib.sha256(b"fingerprint\0" + secret).hexdigest()[:16]


def build_request(question: Question, check: Check, cases: tuple[Case, ...], limits: Limits) -> Request:
    """Return the request to a student's function for a check."""
    output = check.output
    name, arguments = question.function_of(check), output.source == "argument"
    calls = tuple(Call(name, c.args, output.locals, arguments, roles=output.roles, part=output.part) for c in cases)
    return Request(question.id, check.name, calls, check.hidden, limits)


def select_output(output: Output, result: ActionResult) -> Value | CallFailure:
    """Return the judged output of a call, or CallFailure."""
    if isinstance(result.raised, MissingName) and result.unreturned is None:
        return CallFailure()
    failure = _build_failure(result)
    held: list[Value] = [result.value]
    if output.source == "argument":
        held = [] if result.raised else [result.arguments[int(output.name or 0)] if result.arguments else None]
    elif output.source == "local":
        held = [result.locals[str(output.name)]] if str(output.name) in result.locals else []
    elif result.raised:
        held = [value for value in (result.locals.get(output.local), result.unreturned) if value is not None]
    found = (_follow(output.path, value, failure) for value in held)
    return next((value for value in found if not isinstance(value, CallFailure)), failure)


def _build_failure(result: ActionResult) -> CallFailure:
    """Return the failure of a call whose output is missing; without an exception, its operation is a form."""
    if isinstance(result.raised, ExceptionInfo):
        return CallFailure(result.raised.type, result.raised.operation)
    return CallFailure("", describe_form(result.value))


def describe_form(value: Value) -> str:
    """Describe what kind of value was returned: the keys of a dict, the length of a tuple, or the type."""
    if isinstance(value, dict):
        return f"dict: {', '.join(sorted(map(repr, list(value)[:_MAX_FORM_KEYS])))}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}: {len(value)}"
    return type(value).__name__


def _follow(path: tuple[PathKey, ...], value: Value, failure: CallFailure) -> Value | CallFailure:
    """Return the item under a path of keys, or the failure."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return failure
    return value


def _make_probe(exercise: Exercise, question: Question, check: AnswerCheck, secret: bytes) -> Probe:
    rng = make_generator(secret, exercise.name, question.id, check.name)
    try:
        return check.make_probe(rng)
    except CourseError:
        raise
    except Exception as error:
        where = f"{exercise.name}: question {question.id}: check {check.name}"
        raise CourseError(f"{where}: making its calls raised {type(error).__name__}: {error}") from error


def _compute_cases(exercise: Exercise, question: Question, check: Check, secret: bytes) -> tuple[Case, ...]:
    rng = make_generator(secret, exercise.name, question.id, check.name)
    where = f"{exercise.name}: question {question.id}: check {check.name}"
    cases = []
    for _ in range(check.repeat):
        try:
            inputs = check.inputs(rng)
            args = inputs if isinstance(inputs, tuple) else (inputs,)
            for arg in args:  # an expression of the author's may be wrong too
                materialize(arg)
        except CourseError as error:
            raise CourseError(f"{where}: {error}") from error
        except Exception as error:
            raise CourseError(f"{where}: making its inputs raised {type(error).__name__}: {error}") from error
        expected = compute_output(question.reference_of(check), args, check.output)
        if isinstance(expected, CallFailure):
            what = f"raised {expected.type}" if expected.type else f"gave no {check.output.label or 'output'}"
            raise CourseError(f"{where}: the reference {what} on inputs of this check")
        mistakes = {m.name: compute_output(m.function, args, check.output) for m in question.mistakes_of(check)}
        cases.append(Case(args, expected, mistakes))
    return tuple(cases)


def observe_reference(
    function: Callable[..., Value], args: tuple[Value, ...], local_names: tuple[str, ...] = ()
) -> Observation:
    """Call a course's function with copies of the arguments, like in the sandbox; its warnings are dropped."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        observed = observe(function, copy.deepcopy(args), local_names)
    if isinstance(observed.error, KeyboardInterrupt):  # a person's, not the course's
        raise observed.error
    return observed


def compute_output(
    function: Callable[..., Value] | None, args: tuple[Value, ...], output: Output
) -> Value | CallFailure:
    """Return the output of a course's function."""
    if function is None:
        return CallFailure()
    observed = observe_reference(function, args, output.locals)
    error = observed.error
    raised = None
    if error is not None:
        operation = find_failed_operation(error, _is_file_of(function), _make_source_reader(function))
        raised = ExceptionInfo(type(error).__name__, "", operation=operation)
    partial = observed.player.collect_partial() if observed.player and raised else None
    result = ActionResult(observed.value, observed.arguments, observed.locals, raised=raised, unreturned=partial)
    return copy.deepcopy(select_output(output, result))


def _make_source_reader(function: Callable[..., Value]) -> SourceReader:
    """Return the reader of a course's files; a function that was made from a tree has it as `TREE_ATTRIBUTE`."""
    own = inspect.unwrap(function)
    tree = getattr(own, TREE_ATTRIBUTE, None)
    functions = list_functions(own) if isinstance(own, type) else [own]
    made = {code for one in functions for code in _list_codes(one.__code__)} if isinstance(tree, ast.AST) else set()

    def read_source(code: CodeType) -> str | ast.AST:
        if isinstance(tree, ast.AST) and code in made:
            return tree
        try:
            return "".join(inspect.findsource(code)[0])
        except OSError:
            return ""

    return read_source


def _list_codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function, and that of the functions within it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _list_codes(inner)


def _is_file_of(function: Callable[..., Value]) -> Callable[[str], bool]:
    """Return a test of whether a file lies in the folder of the function's own: it is the course's."""
    own = inspect.unwrap(function)
    functions = list_functions(own) if isinstance(own, type) else [own]
    code = getattr(functions[0], "__code__", None) if functions else None
    folder = PurePath(code.co_filename).parent if code else None
    return lambda name: PurePath(name).parent == folder
