"""Answers as they are judged: right values in another order or with an extra item, and local variables by their role.

Returned items are matched with the asked ones, one to one and the same way in all checks of a function. Values choose
an item's place, so this is limited, lest several guesses earn what one of them deserves: an item in its own place stays
there; there are few extra items; and none of them may be another candidate for an item that is found elsewhere. Visible
checks decide about the places, hidden ones only where there are none. What a course declares as a known mistake stays
one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from grader.core.compare.tensors import Remark
from grader.core.judging.case_mismatch import passes
from grader.core.judging.evidence import collect_evidence
from grader.core.judging.item_order import ItemOrder, find_item_order
from grader.core.judging.known_mistakes import find_known_mistake
from grader.core.judging.reference_data import Case
from grader.core.judging.reference_outline import list_returned_names
from grader.core.questions.checks import Check
from grader.core.questions.question import Question
from grader.core.wire.job import Answer, Status
from grader.core.wire.values import Value

Cases = Mapping[str, tuple[Case, ...]]
"""The cases by the name of the check."""

MAX_EXTRA_KEYS: Final = 2
"""Least number of extra keys that a dict may have; a dict with more keys than this may have as many again."""


@dataclass(frozen=True)
class ArrangedAnswer:
    """An answer as it is judged, with remarks about the difference to what was returned."""

    answer: Answer
    remarks: tuple[Remark, ...] = ()


def find_order(
    question: Question, checks: Sequence[Check], cases: Cases, answers: Mapping[str, Answer]
) -> ItemOrder | None:
    """Return the places of the asked items among those that a function returned; None if they are as asked."""
    returned = [check for check in checks if check.output.source == "returned" and _has_returned(answers[check.name])]
    telling = [check for check in returned if not check.hidden] or returned
    if all(_is_passed(check, cases[check.name], answers[check.name]) for check in telling):
        return None
    order = find_item_order(telling, cases, answers, _list_names(returned))
    if order is None or _is_known_mistake(question, telling, cases, answers):
        return None
    return order


def arrange_answer(check: Check, cases: tuple[Case, ...], answer: Answer, order: ItemOrder | None) -> ArrangedAnswer:
    """Return one answer as it is judged."""
    if check.output.source == "local":
        return _find_local(check, cases, answer)
    if check.output.source != "returned" or not answer.results:
        return ArrangedAnswer(answer)
    remarks: tuple[Remark, ...] = ()
    if order is not None:
        remarks = order.remarks
        answer = _replace_values(answer, [order.apply(result.value) for result in answer.results])
    pruned = [_drop_extra_keys(case.expected, r.value) for case, r in zip(cases, answer.results, strict=False)]
    extra = dict.fromkeys(key for _, keys in pruned for key in keys)
    if extra and not check.output.path:
        without = _replace_values(answer, [value for value, _ in pruned])
        if _is_passed(check, cases, without):
            return ArrangedAnswer(without, (*remarks, Remark("extra_keys", ", ".join(f"`{key}`" for key in extra))))
    return ArrangedAnswer(answer, remarks)


def _find_local(check: Check, cases: tuple[Case, ...], answer: Answer) -> ArrangedAnswer:
    """Return the answer with the variable that has the asked one's role, if that is missing or wrong."""
    name = str(check.output.name)
    if not answer.results or not all(name in result.by_role for result in answer.results):
        return ArrangedAnswer(answer)
    found = replace(
        answer,
        results=tuple(replace(r, locals={**r.locals, name: r.by_role[name][1]}) for r in answer.results),
    )
    is_missing = not any(name in result.locals for result in answer.results)
    if is_missing or (not _is_passed(check, cases, answer) and _is_passed(check, cases, found)):
        return ArrangedAnswer(found, (Remark("found_as", answer.results[0].by_role[name][0]),))
    return ArrangedAnswer(answer)


def _list_names(checks: Sequence[Check]) -> tuple[str, ...]:
    """Return the names of the returned items, as labels of outputs or as the reference's variables; none if unknown."""
    labels = {check.output.path[0]: check.output.label for check in checks if len(check.output.path) == 1}
    if labels and sorted(labels, key=str) == list(range(len(labels))):
        return tuple(labels[position] for position in range(len(labels)))
    return list_returned_names(checks[0].reference)


def _replace_values(answer: Answer, values: Sequence[Value]) -> Answer:
    pairs = zip(answer.results, values, strict=True)
    return replace(answer, results=tuple(replace(result, value=value) for result, value in pairs))


def _has_returned(answer: Answer) -> bool:
    return answer.ended is Status.DONE and not any(result.raised for result in answer.results)


def _is_passed(check: Check, cases: tuple[Case, ...], answer: Answer) -> bool:
    return answer.ended is Status.DONE and passes(check, cases, answer.results)


def _is_known_mistake(question: Question, checks: Sequence[Check], cases: Cases, answers: Mapping[str, Answer]) -> bool:
    """Tell whether a known mistake gives all these answers as they were returned."""
    evidence = [collect_evidence(check, cases[check.name], answers[check.name]) for check in checks]
    return find_known_mistake(evidence, (m.name for m in question.mistakes_of(checks[0]))) is not None


def _drop_extra_keys(expected: Value, actual: Value) -> tuple[Value, tuple[str, ...]]:
    """Return a value without the keys of its dicts that aren't expected, if they are few; and these keys."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        extra = [key for key in actual if key not in expected]
        if len(extra) > max(MAX_EXTRA_KEYS, len(expected)):
            return actual, ()
        pairs = {key: _drop_extra_keys(expected[key], item) for key, item in actual.items() if key in expected}
        inner = tuple(key for _, keys in pairs.values() for key in keys)
        return {key: item for key, (item, _) in pairs.items()}, (*(str(key)[:40] for key in extra), *inner)
    if isinstance(expected, tuple) and isinstance(actual, tuple | list) and len(expected) == len(actual):
        items = [_drop_extra_keys(one, other) for one, other in zip(expected, actual, strict=True)]
        return type(actual)(item for item, _ in items), tuple(key for _, keys in items for key in keys)
    return actual, ()
