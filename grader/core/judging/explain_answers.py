"""Explain the wrong answers to the checks of a function, as far as no further run is needed.

A student may learn of places, shapes and values from visible checks alone. Therefore the explanations of visible checks
follow from visible checks, and hidden ones can only rule them out. Those of a hidden check follow from all checks.
"""

from collections.abc import Collection, Mapping, Sequence

from grader.core.judging.composed_fillings import find_two_fillings
from grader.core.judging.composed_mistakes import find_composition
from grader.core.judging.evidence import Evidence, collect_evidence
from grader.core.judging.explanations import confirm_relation, find_relation
from grader.core.judging.known_mistakes import find_cover
from grader.core.judging.reference_data import Case
from grader.core.judging.returned_forms import AXIS_KINDS, find_forms
from grader.core.questions.checks import Check
from grader.core.questions.question import Mistake, Question
from grader.core.results.reason import Explanation, KnownMistake, ReturnedForm
from grader.core.wire.job import Answer, Status

Explanations = dict[str, tuple[Explanation, ...]]
"""The explanations by the name of the check."""


def explain_answers(
    question: Question,
    checks: Sequence[Check],
    failed: Collection[str],
    cases: Mapping[str, tuple[Case, ...]],
    answers: Mapping[str, Answer],
) -> Explanations:
    """Return the explanations of the failed checks of one function, as far as there are any."""
    done = [check for check in checks if answers[check.name].ended is Status.DONE]
    evidence = [collect_evidence(check, cases[check.name], answers[check.name]) for check in done]
    visible = [one for one in evidence if not one.is_hidden]
    hidden = [one for one in evidence if one.is_hidden]
    found: Explanations = {}
    if any(one.name in failed for one in visible):
        found = _explain(question, visible, hidden)
    if any(one.name in failed for one in hidden):
        shown = {one.name for one in visible}
        found |= {name: why for name, why in _explain(question, evidence, []).items() if name not in shown}
    return {name: why for name, why in found.items() if name in failed}


def _explain(question: Question, evidence: Sequence[Evidence], confirming: Sequence[Evidence]) -> Explanations:
    """Return the explanations that follow from this evidence and aren't ruled out by the confirming one."""
    checks = [one.check for one in evidence if one.check]
    mistakes = question.mistakes_of(checks[0])
    names = [mistake.name for mistake in mistakes]
    cover = find_cover(evidence, names, confirming)
    found: Explanations = {
        evidence[i].name: (KnownMistake(name, evidence[i].raised_at),) for i, name in sorted(cover.items())
    }
    groups = group_by_output(question, checks)
    for group in groups:
        own = [one for one in evidence if one.check in group]
        if not any(one.name in found for one in own):
            others = [one for one in confirming if one.check and is_same_output_of(question, one.check, group[0])]
            found |= _explain_output_alone(own, others, names)
    taken = {
        group[0].output.path[0]
        for group in groups
        if group[0].output.path and all(one.is_passed for one in evidence if one.check in group)
    }
    for group in groups:
        own = [one for one in evidence if one.check in group and one.name not in found]
        others = [one for one in confirming if one.check and is_same_output_of(question, one.check, group[0])]
        forms = _find_forms(question, own, others, taken)
        found |= {name: (form,) for name, form in forms.items()}
        own = [one for one in own if one.name not in forms]
        if not all(one.is_passed for one in own):
            foreign = [one for one in evidence if one.check not in group]
            possible = [m for m in mistakes if not any(one.contradicts(m.name) for one in foreign)]
            explanations = _explain_output(question, own, others, possible)
            found |= {one.name: explanations for one in own if explanations and not one.is_passed}
    return found


def _explain_output_alone(own: Sequence[Evidence], others: Sequence[Evidence], names: Sequence[str]) -> Explanations:
    """Return the one mistake that explains all failed checks of an output, whatever the function's other outputs are.

    A line that makes one output wrong as a mistake does may make another one right.
    """
    cover = find_cover(own, names, others)
    failed = [i for i, one in enumerate(own) if not one.is_passed]
    if sorted(cover) != failed or len(set(cover.values())) != 1:
        return {}
    return {own[i].name: (KnownMistake(name, own[i].raised_at),) for i, name in cover.items()}


def _find_forms(
    question: Question, own: Sequence[Evidence], others: Sequence[Evidence], taken: Collection[object]
) -> dict[str, ReturnedForm]:
    """Return the forms of an output's results; a relation that says more of the axes comes first."""
    if all(one.is_passed for one in own) or own[0].check is None:
        return {}
    parameters = question.parameters_of(own[0].check)
    forms = find_forms(own, others, parameters, taken)
    if any(form.kind in AXIS_KINDS for form in forms.values()):
        relation = find_relation(own)
        if relation is not None and confirm_relation(relation, [*own, *others]):
            return {}
    return forms


def _explain_output(
    question: Question, own: Sequence[Evidence], others: Sequence[Evidence], mistakes: Sequence[Mistake]
) -> tuple[Explanation, ...]:
    """Return the relation, or the composition, that explains all results of an output that no mistake explains."""
    check = own[0].check
    parameters = question.parameters_of(check) if check else ()
    relation = find_relation(own, parameters)
    if relation is not None:
        return (relation,) if confirm_relation(relation, [*own, *others]) else ()
    composition = _compose(own, mistakes)
    is_open = all(one.is_passed for one in others) or not composition
    return composition if is_open or _compose([*own, *others], mistakes) == composition else ()


def _compose(evidence: Sequence[Evidence], mistakes: Sequence[Mistake]) -> tuple[Explanation, ...]:
    """Return the two things that together give all results of an output."""
    names = [mistake.name for mistake in mistakes]
    return find_two_fillings(evidence, mistakes) or find_composition(evidence, names)


def group_by_output(question: Question, checks: Sequence[Check]) -> list[list[Check]]:
    """Group the checks that judge the same output of the same function."""
    groups: dict[tuple[object, ...], list[Check]] = {}
    for check in checks:
        groups.setdefault(_get_output_key(question, check), []).append(check)
    return list(groups.values())


def is_same_output_of(question: Question, one: Check, other: Check) -> bool:
    """Tell whether two checks judge the same output of the same function."""
    return _get_output_key(question, one) == _get_output_key(question, other)


def _get_output_key(question: Question, check: Check) -> tuple[object, ...]:
    output = check.output
    return question.function_of(check), output.source, output.name, output.path
