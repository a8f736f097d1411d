"""Perform one request: calls, reads and parses in a student's namespace, with values as the answer.

The sandbox performs requests inside it; `from grader import check` performs the same ones in a notebook.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Final

import numpy as np

from grader.core.wire.assignment_target import FlowRole
from grader.core.wire.edited_calls import edit_function
from grader.core.wire.edited_function import UneditableFunctionError, list_function_repairs
from grader.core.wire.edits.combine import ConflictingEditsError
from grader.core.wire.edits.edit import write_edit
from grader.core.wire.find_variables import find_by_role
from grader.core.wire.measure_work import measure_call
from grader.core.wire.near_names import find_near_attributes, find_near_names
from grader.core.wire.observe_call import Observation, observe
from grader.core.wire.play_steps import StepPlayer
from grader.core.wire.steps import Steps, find_steps
from grader.core.wire.student_namespace import ExceptionFields, StudentNamespace
from grader.core.wire.trace_function import trace
from grader.core.wire.type_name import get_type_name
from grader.core.wire.unfilled_code import uses_parameters
from grader.core.wire.unfilled_function import list_unfilled_code, may_be_unfilled
from grader.core.wire.unreturned_value import collect_unreturned, find_frame_variables
from grader.core.wire.values import Value
from grader.core.wire.variables import parse_variable, read_variable

MAX_WARNINGS: Final = 5


def perform(
    actions: Sequence[Any], student: StudentNamespace, edits: Sequence[Any] = (), max_lines: int = 0
) -> dict[str, Any]:
    """Return the results of a request's actions in order, and numpy's warnings; empty entries are left out.

    With `edits`, all actions are calls of one function, which has these edits for as long, and is stopped if it runs
    more than `max_lines` lines in all of them.

    Warnings neither raise nor are silenced, whatever the cells have set (`np.seterr(all="raise")`). A value too small
    for a float becomes 0 without a warning, as in numpy by default.
    """
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        returned: list[dict[str, Any]] = []
        try:
            name = actions[0]["function"] if edits else ""
            with edit_function(student, name, edits, max_lines) if edits else nullcontext(student) as used:
                for action in actions:
                    returned.append(_ACTION_HANDLERS[action["do"]](action, used, returned))
        except (ConflictingEditsError, UneditableFunctionError) as error:
            return build_failed_answer(actions, student.describe_exception(error))
    texts = dict.fromkeys(str(w.message)[:200] for w in caught[:100] if issubclass(w.category, RuntimeWarning))
    answer: dict[str, Any] = {"returned": returned}
    if texts:
        answer["warnings"] = list(texts)[:MAX_WARNINGS]
    return answer


def build_failed_answer(actions: Sequence[Any], error: ExceptionFields) -> dict[str, Any]:
    """Return the answer to a request that could not be performed to the end."""
    return {"returned": [{"raised": error}] * len(actions)}


def _call(action: Mapping[str, Any], student: StudentNamespace, earlier: Sequence[dict[str, Any]]) -> dict[str, Any]:
    try:
        function = _look_up(student.namespace.get(action["function"]), action["path"])
    except BaseException:  # the item is missing, or a container of the student's own raises
        function = None
    if not callable(function):
        found = {} if function is None else {"type": get_type_name(function)}
        return _report_missing(action["function"], student, is_function=True) | found
    args = list(action["args"])
    steps = find_steps(action["args"])
    if steps is not None and (lacking := _find_lacking_name(steps, student)) is not None:
        return lacking
    if (failure := _fill_given_arguments(action["given"], earlier, args, student)) is not None:
        return {"value": None, "arguments": tuple(args), **failure}
    found_names = _find_by_role(student, function, action.get("roles", {}))
    student.begin_call(action["function"], action.get("set_right", {}), action.get("answered", ()))
    observed = observe(function, args, (*action["locals"], *found_names.values()), student.namespace)
    set_right = student.end_call()
    answer: dict[str, Any] = {"value": observed.value}
    if named := {name: observed.locals[name] for name in action["locals"] if name in observed.locals}:
        answer["locals"] = named
    if by_role := {
        wanted: (name, observed.locals[name])
        for wanted, name in found_names.items()
        if name != wanted and name in observed.locals
    }:
        answer["by_role"] = by_role
    if (blank := student.describe_met_blank()) is not None:
        answer["raised"] = blank
    elif observed.error is not None:
        answer["raised"] = student.describe_exception(observed.error)
    if "raised" in answer and observed.player is not None:
        answer["unreturned"] = observed.player.collect_partial()
        if blank is None and observed.player.is_missing:
            del answer["raised"]
            answer |= _report_missing_attribute(observed.player)
    elif "raised" in answer and action.get("part") is not None:
        answer["unreturned"] = _find_unreturned(student, function, observed, action["part"])
    called = function if observed.player is None else observed.player.method
    is_blank = bool(answer.get("raised", {}).get("blank"))
    if not is_blank and (unfilled := _find_unfilled(student, called, observed, answer.get("raised"))):
        answer["unfilled"] = unfilled
    if observed.changed_arguments:
        answer["changed"] = list(observed.changed_arguments)
    if action["arguments"]:
        answer["arguments"] = observed.arguments
        tree = None if student.is_edited else student.parse_function(function)
        if tree is not None and uses_parameters(tree):
            answer["uses_arguments"] = True
    if set_right:
        answer["set_right"] = list(set_right)
    return answer


def _list_repairs(action: Mapping[str, Any], student: StudentNamespace, _: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the place of a function, its text, and the edits that may mend it; nothing if it can't be edited."""
    function = student.namespace.get(action["function"])
    text = student.find_text(function)
    if text is None:
        return {"value": None}
    try:
        edits = list_function_repairs(function, text)
    except UneditableFunctionError:
        return {"value": None}
    return {"value": (text.file, text.first_line, text.source, [write_edit(edit) for edit in edits])}


def _trace(action: Mapping[str, Any], student: StudentNamespace, _: Sequence[dict[str, Any]]) -> dict[str, Any]:
    function = student.namespace.get(action["function"])
    text = student.find_text(function)
    if text is None:
        return {"value": None}
    student.begin_call(action["function"], {}, ())
    try:
        steps, error = trace(function, text, list(action["args"]))
    except UneditableFunctionError:
        return {"value": None}
    finally:
        student.end_call()
    answer: dict[str, Any] = {"value": steps}
    return answer if error is None else {**answer, "raised": student.describe_exception(error)}


def _measure(action: Mapping[str, Any], student: StudentNamespace, earlier: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the work of a call; nothing if there is no such function."""
    function = student.namespace.get(action["function"])
    if not callable(function):
        return {"value": None}
    student.begin_call(action["function"], {}, ())
    try:
        return {"value": measure_call(function, list(action["args"]), [one["value"] or (0, 0) for one in earlier])}
    finally:
        student.end_call()


def _find_by_role(student: StudentNamespace, function: object, roles: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Return the function's variables with these roles, by the names that are asked for."""
    tree = student.parse_function(function) if roles else None
    if tree is None:
        return {}
    wanted = {name: FlowRole(tuple(feeds), tuple(reads)) for name, (feeds, reads) in roles.items()}
    try:
        return find_by_role(tree, wanted)
    except RecursionError:  # an expression that is nested very deeply
        return {}


def _find_unreturned(
    student: StudentNamespace, function: Callable[..., Any], observed: Observation, part: str | int
) -> Value:
    """Return what a call was about to return, or what it returned if it went on after an empty blank."""
    if observed.error is None:
        return observed.value
    variables = find_frame_variables(observed.error, function)
    try:
        return collect_unreturned(student.parse_function(function), variables, observed.arguments, part)
    except RecursionError:
        return None


def _fill_given_arguments(
    given: Mapping[int, tuple[int, Sequence[Any]]],
    earlier: Sequence[dict[str, Any]],
    args: list[Any],
    student: StudentNamespace,
) -> dict[str, Any] | None:
    """Insert results of earlier actions into the arguments; return the failure if one is missing."""
    for position, (number, path) in given.items():
        result = earlier[number]
        for reason in ("missing", "raised"):
            if reason in result:
                return {key: result[key] for key in (reason, "blank", "type") if key in result}
        try:
            item = _look_up(result["value"], path)
        except BaseException as error:  # the result has no such item
            return {"raised": student.describe_exception(error)}
        args[position] = item.copy() if type(item) is np.ndarray else item
    return None


def _look_up(value: Any, path: Sequence[str | int]) -> Any:
    """Return the item at this path of keys. Raises any exception of the container."""
    for key in path:
        value = value[key]
    return value


def _read(action: Mapping[str, Any], student: StudentNamespace, _: Sequence[dict[str, Any]]) -> dict[str, Any]:
    name = action["name"]
    if name not in student.namespace:
        return _report_missing(name, student, is_function=False)
    return {"value": read_variable(student.namespace[name])}


def _parse(action: Mapping[str, Any], student: StudentNamespace, _: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a variable's text in its normal form, or the error in it."""
    name = action["name"]
    if name not in student.namespace:
        return _report_missing(name, student, is_function=False)
    try:
        return {"value": parse_variable(student.namespace[name])}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"value": None, "raised": student.describe_exception(error)}


def _report_missing(name: str, student: StudentNamespace, *, is_function: bool) -> dict[str, Any]:
    report: dict[str, Any] = {"missing": name, "blank": name in student.blanks}
    if name not in student.namespace and not report["blank"]:
        try:
            near = find_near_names(name, student.namespace, is_function=is_function)
        except Exception:  # an object of the student's own raises when it is looked at
            near = []
        if near:
            report["near"] = [(one.name, one.kind, one.owner, one.cell, one.line) for one in near]
    return report


def _find_lacking_name(steps: Steps, student: StudentNamespace) -> dict[str, Any] | None:
    """Return the report of the first global name, besides the class, that the steps need and that is missing."""
    for number, name in enumerate(steps.names):
        if number and name not in student.namespace:
            return _report_missing(name, student, is_function=True) | {"name": number}
    return None


def _report_missing_attribute(player: StepPlayer) -> dict[str, Any]:
    """Return the report of an attribute that an object lacks, with the names of its class that resemble it."""
    report: dict[str, Any] = {"missing": "", "blank": False, "step": player.failed}
    try:
        near = find_near_attributes(player.target, player.failed_name)
    except Exception:  # an object of the student's own raises when it is looked at
        near = []
    if near:
        report["near"] = [(one.name, one.kind, one.owner, one.cell, one.line) for one in near]
    return report


def _find_unfilled(
    student: StudentNamespace, function: object, observed: Observation, raised: ExceptionFields | None
) -> list[str]:
    """Return the code of a function that was given out and not filled in, if that may be why it failed."""
    if student.is_edited:
        return []
    text = student.find_text(function)
    if observed.player is None and not may_be_unfilled(observed, text.source if text else ""):
        return []
    tree = student.parse_function(function)
    return list_unfilled_code(tree, text, observed, raised) if tree is not None else []


_ACTION_HANDLERS: Final[
    Mapping[str, Callable[[Mapping[str, Any], StudentNamespace, Sequence[dict[str, Any]]], dict[str, Any]]]
] = {
    "call": _call,
    "read": _read,
    "parse": _parse,
    "list_repairs": _list_repairs,
    "trace": _trace,
    "measure": _measure,
}
