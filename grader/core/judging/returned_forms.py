"""Find right values in another form than was asked for: an item of a tuple, under another key, with an axis too many.

The kinds of `ReturnedForm`, a closed list, and their details:

single_item       the value is the only item of a tuple or list (detail: which of the two)
item              the value is one item of a tuple that is returned (detail: its number, from 1)
place             a part of the result is in another place of the returned tuple (detail: its number, from 1)
unnamed           a part of the result is an item of a tuple, and a dict was asked for (detail: its number, from 1)
in_dict           a part of the result is in a dict, where a tuple was asked for (detail: its key)
key, keys         a part of the result is under another key, or a dict has other keys (detail: these keys)
returned          the value is returned, where an argument was to be changed in place
changed_argument  nothing is returned, but an argument is changed (detail: its name)
text, printed     the numbers are returned as text, or only printed
boxed             a number is in an array (detail: its shape)
extra_axis, missing_axis, other_axis   only axes of length 1 differ (detail: the shape)

Each but `changed_argument` is found by the values themselves, which must be right in every case of a check.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np

from grader.core.compare.tensors import as_tensor
from grader.core.judging.evidence import Evidence, Outcome
from grader.core.judging.evidence_strength import measure_strength
from grader.core.judging.reference_data import CallFailure, Case, select_output
from grader.core.questions.checks import Output
from grader.core.results.reason import ReturnedForm
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Value

MIN_STRENGTH: Final = 12
"""Least strength, in bits, of the values that are right in another form."""
AXIS_KINDS: Final = ("extra_axis", "missing_axis", "other_axis")
_MAX_ITEMS: Final = 8
_MAX_KEYS: Final = 20
_MAX_TEXT: Final = 20_000
_MAX_PLACES: Final = 100
"""Places in a printed text at which the right numbers may begin."""
_PRINTED_TOLERANCE: Final = 1e-6
"""Relative tolerance of printed numbers: numpy prints eight digits."""
_NUMBER: Final = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\w.])", re.IGNORECASE)
_MISSING: Final = CallFailure()

Reading = Callable[[Evidence, Case, ActionResult], Outcome]
"""Return the judged value of a call under the assumption of a form; a CallFailure if it hasn't this form."""


@dataclass(frozen=True)
class _Form:
    """A form that a check's results may have; only the kind counts for another check, where `is_general`."""

    form: ReturnedForm
    read: Reading
    is_general: bool = False


def find_forms(
    evidence: Sequence[Evidence],
    confirming: Sequence[Evidence],
    parameters: Sequence[str] = (),
    taken: Collection[object] = (),
) -> dict[str, ReturnedForm]:
    """Return the form of the results of an output, by the name of each failed check that it explains.

    A form that explains none of the failed `confirming` checks is not claimed. `parameters` are the arguments' names.
    `taken` are the keys and positions at which other parts of the result are right: no value is told to be there.
    """
    failed = [one for one in evidence if not one.is_passed and one.results]
    best: list[Evidence] = []
    chosen: _Form | None = None
    for form in _list_forms(failed, parameters, taken):
        mended = [one for one in failed if _is_mended(one, form)]
        if len(mended) > len(best) and _is_strong(mended, form):
            best, chosen = mended, form
    if chosen is None:
        return {}
    others = [one for one in confirming if not one.is_passed and one.results]
    if others and not any(_is_mended(one, chosen) for one in others):
        return {}
    return {one.name: _describe_for(one, chosen) for one in best}


def _describe_for(one: Evidence, chosen: _Form) -> ReturnedForm:
    """Return a form with the shape that this check's first such result has; any other form as it is."""
    if not chosen.is_general:
        return chosen.form
    found = (_find_axes(case.expected, actual) for case, actual in zip(one.cases, one.actual, strict=True))
    return next((form for form in found if form is not None), chosen.form)


def _is_mended(one: Evidence, form: _Form) -> bool:
    """Tell whether all values of a failed check are right if they are read in a form."""
    if form.form.kind == "changed_argument":
        return _is_changed_only(one)
    pairs = zip(one.cases, one.results, strict=True)
    return all(_is_right(one, case, form.read(one, case, result)) for case, result in pairs)


def _is_right(one: Evidence, case: Case, value: Outcome) -> bool:
    return not isinstance(value, CallFailure) and one.is_right(case, value)


def _is_strong(mended: Sequence[Evidence], form: _Form) -> bool:
    """Tell whether the values say enough: an answer without any calculation has them in no form."""
    if form.form.kind == "changed_argument":
        return True
    read = [replace(one, actual=tuple(case.expected for case in one.cases)) for one in mended]
    return measure_strength(read, with_arguments=True) >= MIN_STRENGTH


def _list_forms(failed: Sequence[Evidence], parameters: Sequence[str], taken: Collection[object]) -> Iterator[_Form]:
    """Yield the forms that the first call of some failed check suggests, each once."""
    seen: set[tuple[str, str]] = set()
    for one in failed:
        for form in _suggest(one, one.cases[0], one.results[0], parameters, taken):
            key = form.form.kind, "" if form.is_general else form.form.detail
            if key not in seen:
                seen.add(key)
                yield form


def _suggest(
    one: Evidence, case: Case, result: ActionResult, parameters: Sequence[str], taken: Collection[object]
) -> Iterator[_Form]:
    output = one.output
    if output.source == "argument":
        yield _Form(ReturnedForm("returned"), _read_returned)
        return
    if output.source == "returned" and not result.raised:
        yield from _suggest_of_value(output, case, result, parameters, taken)
    if (form := _find_axes(case.expected, select_output(output, result))) is not None:
        yield _Form(form, _read_axes, is_general=True)


def _suggest_of_value(
    output: Output, case: Case, result: ActionResult, parameters: Sequence[str], taken: Collection[object]
) -> Iterator[_Form]:
    """Yield the forms that a returned value suggests."""
    value = result.value
    if isinstance(value, tuple | list) and len(value) == 1:
        yield _Form(ReturnedForm("single_item", type(value).__name__), _read_item(0))
    elif isinstance(value, tuple | list) and len(value) <= _MAX_ITEMS:
        for i in range(len(value)):
            if output.path and i not in taken:
                kind = "place" if isinstance(output.path[0], int) else "unnamed"
                yield _Form(ReturnedForm(kind, str(i + 1)), _read_place(i))
            if not output.path or isinstance(output.path[0], str):
                yield _Form(ReturnedForm("item", str(i + 1)), _read_item(i))
    if isinstance(value, dict):
        yield from _suggest_keys(output, case, value, taken)
    if value is None:
        yield _Form(ReturnedForm("printed"), _read_printed)
        if result.changed_arguments:
            position = result.changed_arguments[0]
            name = f"`{parameters[position]}`" if position < len(parameters) else str(position + 1)
            yield _Form(ReturnedForm("changed_argument", name), _read_returned)
    if isinstance(select_output(output, result), str):
        yield _Form(ReturnedForm("text"), _read_text)


def _suggest_keys(output: Output, case: Case, value: dict[object, Value], taken: Collection[object]) -> Iterator[_Form]:
    """Yield the forms that a dict suggests; a key that is the name of the output comes first."""
    if output.path and output.path[0] not in value:
        kind = "in_dict" if isinstance(output.path[0], int) else "key"
        for key in sorted(islice(value, _MAX_KEYS), key=lambda key: key != output.label):
            if key not in taken:
                yield _Form(ReturnedForm(kind, _format_keys([key])), _read_key(key))
    expected = case.expected
    if not output.path and isinstance(expected, dict) and expected.keys() != value.keys():
        yield _Form(ReturnedForm("keys", _format_keys(list(value))), _read_values)


def _format_keys(keys: Sequence[object]) -> str:
    return ", ".join(f"`{str(key)[:40]}`" for key in keys[:_MAX_ITEMS])


def _read_returned(one: Evidence, case: Case, result: ActionResult) -> Outcome:
    return _follow(one, result.value)


def _read_item(position: int) -> Reading:
    def read(one: Evidence, case: Case, result: ActionResult) -> Outcome:
        value = result.value
        return _follow(one, value[position]) if _has_item(value, position) else _MISSING

    return read


def _read_place(position: int) -> Reading:
    def read(one: Evidence, case: Case, result: ActionResult) -> Outcome:
        value = result.value
        return _follow(one, value[position], skipped=1) if _has_item(value, position) else _MISSING

    return read


def _read_key(key: object) -> Reading:
    def read(one: Evidence, case: Case, result: ActionResult) -> Outcome:
        value = result.value
        return _follow(one, value[key], skipped=1) if isinstance(value, dict) and key in value else _MISSING

    return read


def _read_values(one: Evidence, case: Case, result: ActionResult) -> Outcome:
    """Return a dict with the expected keys, each with the only value that is right for it."""
    value, expected = result.value, case.expected
    if not isinstance(value, dict) or not isinstance(expected, dict) or len(value) != len(expected) or not value:
        return _MISSING
    if len(value) > _MAX_KEYS:
        return _MISSING
    left, found = dict(value), {}
    for key, item in expected.items():
        part = replace(case, expected=item)
        fitting = [own for own, mine in left.items() if Evidence((part,), (mine,), one.tolerance).is_passed]
        if len(fitting) != 1:
            return _MISSING
        found[key] = left.pop(fitting[0])
    return found


def _read_text(one: Evidence, case: Case, result: ActionResult) -> Outcome:
    selected = select_output(one.output, result)
    return _shape_numbers(case.expected, _list_numbers(selected)) if isinstance(selected, str) else _MISSING


def _read_printed(one: Evidence, case: Case, result: ActionResult) -> Outcome:
    """Return the expected value if its numbers are printed one after the other."""
    wanted = _as_tensor(case.expected)
    if result.value is not None or wanted is None or not wanted.size:
        return _MISSING
    numbers, flat = np.array(_list_numbers(one.printed)), wanted.ravel()
    for start in np.flatnonzero(np.isclose(numbers, flat[0], rtol=_PRINTED_TOLERANCE))[:_MAX_PLACES]:
        found = numbers[start : start + flat.size]
        if found.size == flat.size and np.allclose(found, flat, rtol=_PRINTED_TOLERANCE, atol=1e-8):
            return case.expected
    return _MISSING


def _list_numbers(text: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text[:_MAX_TEXT])]


def _shape_numbers(expected: Value, numbers: Sequence[float]) -> Outcome:
    wanted = _as_tensor(expected)
    return np.reshape(numbers, wanted.shape) if wanted is not None and wanted.size == len(numbers) else _MISSING


def _read_axes(one: Evidence, case: Case, result: ActionResult) -> Outcome:
    selected = select_output(one.output, result)
    if _find_axes(case.expected, selected) is None:
        return selected
    wanted = _as_tensor(case.expected)
    return np.reshape(as_tensor(selected), wanted.shape) if wanted is not None else _MISSING


def _find_axes(expected: Value, actual: Outcome) -> ReturnedForm | None:
    """Return how the shapes differ, if only axes of length 1 do."""
    wanted, given = _as_tensor(expected), None if isinstance(actual, CallFailure) else _as_tensor(actual)
    if wanted is None or given is None or wanted.shape == given.shape:
        return None
    if [n for n in wanted.shape if n != 1] != [n for n in given.shape if n != 1]:
        return None
    if not wanted.shape:
        return ReturnedForm("boxed", str(given.shape))
    kind = "extra_axis" if given.ndim > wanted.ndim else "missing_axis" if given.ndim < wanted.ndim else "other_axis"
    return ReturnedForm(kind, str(given.shape))


def _is_changed_only(one: Evidence) -> bool:
    return all(result.value is None and not result.raised and bool(result.changed_arguments) for result in one.results)


def _has_item(value: Value, position: int) -> bool:
    return isinstance(value, tuple | list) and position < len(value)


def _follow(one: Evidence, value: Value, skipped: int = 0) -> Outcome:
    """Return the part of a value under the output's path, without its first keys."""
    for key in one.output.path[skipped:]:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return value


def _as_tensor(value: Value) -> np.ndarray | None:
    try:
        tensor = as_tensor(value)
    except ValueError:
        return None
    return tensor if tensor.dtype.kind in "biuf" else None
