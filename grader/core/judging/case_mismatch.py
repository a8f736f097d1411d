"""The mismatch between the output of one call and what a check requires: the expected value, or a property."""

from collections.abc import Sequence
from copy import deepcopy

import numpy as np

from grader.core.compare.mismatch import KeysMismatch, PropertyMismatch, TypeMismatch
from grader.core.compare.tensors import Comparison, as_tensor, compare, compare_form, format_number, get_value_type
from grader.core.judging.reference_data import CallFailure, Case, select_output
from grader.core.questions.checks import Check
from grader.core.text.messages import gettext
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Value


def passes(check: Check, cases: tuple[Case, ...], results: Sequence[ActionResult]) -> bool:
    """Tell whether the results of a check's calls are right in every case."""
    pairs = zip(cases, results, strict=True)
    return all(
        find_case_mismatch(check, case, select_output(check.output, one), one.value).mismatch is None
        for case, one in pairs
    )


def find_case_mismatch(check: Check, case: Case, actual: Value | CallFailure, returned: Value) -> Comparison:
    """Compare an output with the reference's, or judge its property; `returned` is the value of the whole call.

    A property is judged only if types, keys, shapes and kinds of numbers are those of the reference, and if no value is
    NaN or infinite, unless the reference has such values too.
    """
    if isinstance(actual, CallFailure):
        if returned is None and check.output.part is not None:
            return Comparison(PropertyMismatch(gettext("The function returns None: is a `return` missing?")))
        if check.output.path or check.output.source == "local":
            name = check.output.label or str(check.output.path[-1] if check.output.path else check.output.name)
            return Comparison(KeysMismatch(missing=(name,)))
        return Comparison(TypeMismatch("", get_value_type(returned)))
    if check.holds is None:
        return compare(case.expected, actual, case.widen(check.tolerance))
    if mismatch := compare_form(case.expected, actual).mismatch:
        return Comparison(mismatch)
    nonfinite = find_nonfinite(actual)
    if nonfinite and not find_nonfinite(case.expected):
        text = gettext("The result contains {value}, but all of its numbers must be finite.", value=nonfinite)
        return Comparison(PropertyMismatch(text))
    try:
        problem = check.holds(deepcopy(actual), *case.args[1 if check.is_of_class else 0 :])
    except Exception as error:
        problem = gettext("The property could not be checked ({kind}).", kind=type(error).__name__)
    return Comparison(PropertyMismatch(problem) if problem else None)


def find_nonfinite(value: Value) -> str:
    """Return the first number of a value that is NaN or infinite, as text; an empty text if all are finite."""
    if isinstance(value, dict | list | tuple):
        items = value.values() if isinstance(value, dict) else value
        return next((found for item in items if (found := find_nonfinite(item))), "")
    try:
        numbers = np.ravel(as_tensor(value))
    except ValueError:
        return ""
    wrong = numbers[~np.isfinite(numbers)]
    return format_number(wrong[0]) if wrong.size else ""
