"""Find two things that are wrong at once: a known mistake's result that is scaled, transposed… or has overflowed.

The results of two mistakes at once aren't known from those of each; but a relation, such as a factor, can be tested
against a mistake's results as it is against the right ones. So can a second mistake whose only effect is a factor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from grader.core.judging.evidence import Evidence, Outcome, is_same_output
from grader.core.judging.evidence_strength import measure_strength
from grader.core.judging.explanations import find_relation
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.results.reason import Explanation, KnownMistake, Relation
from grader.core.wire.values import Value

COMPOSING_RELATIONS: Final = ("transposed", "negated", "summed", "averaged", "scaled", "overflow")
"""Relations that may hold between a student's results and those of a mistake; `also_` precedes their kind then."""
_BY_SAMPLES: Final = ("summed", "averaged")
"""Relations by a factor that varies with the number of samples."""
MIN_COMPOSED_STRENGTH: Final = 60
"""Least strength, in bits, of the evidence for two things at once, because there are many pairs: five numbers."""


def find_composition(evidence: Sequence[Evidence], names: Iterable[str]) -> tuple[Explanation, ...]:
    """Return a known mistake and what is wrong in addition, if together they give all these results; else nothing.

    `evidence` is that of checks of one output.
    """
    known = [name for name in names if any(one.fails(name) for one in evidence)]
    if all(one.is_passed for one in evidence) or measure_strength(evidence) < MIN_COMPOSED_STRENGTH:
        return ()
    for name in known:
        for other in known:
            if other != name and _is_product(evidence, name, other):
                return tuple(KnownMistake(one) for one in known if one in (name, other))
    for name in known:
        mistaken = _take_as_expected(evidence, name)
        relation = find_relation(mistaken) if mistaken else None
        if relation is not None and relation.kind in _BY_SAMPLES and _is_varying_factor(evidence, name):
            continue
        if relation is not None and relation.kind in COMPOSING_RELATIONS:
            return KnownMistake(name), Relation(f"also_{relation.kind}", relation.detail)
    return ()


def _take_as_expected(evidence: Sequence[Evidence], name: str) -> list[Evidence]:
    """Return the evidence with a mistake's results as the expected ones; none if it has none in some case."""
    if any(isinstance(case.mistakes[name], CallFailure) for one in evidence for case in one.cases):
        return []
    return [
        Evidence(tuple(replace(case, expected=case.mistakes[name]) for case in one.cases), one.actual, one.tolerance)
        for one in evidence
    ]


def _is_product(evidence: Sequence[Evidence], name: str, scaling: str) -> bool:
    """Tell whether all results are those of a mistake, times the factors by which another one is wrong.

    Two mistakes that are both wrong by factors, each by another one in other cases, may be one fault in one divisor.
    """
    if _is_varying_factor(evidence, name) and _is_varying_factor(evidence, scaling):
        return False
    is_scaled = False
    for one in evidence:
        for case, actual in zip(one.cases, one.actual, strict=True):
            factor = _measure_factor(case, case.mistakes[scaling])
            made = None if factor is None else _scale(case.mistakes[name], factor)
            if made is None or not is_same_output(made, actual, case.widen(one.tolerance)):
                return False
            is_scaled = is_scaled or factor != 1.0
    return is_scaled


def _is_varying_factor(evidence: Sequence[Evidence], name: str) -> bool:
    """Tell whether a mistake's results are the expected ones times a length or by it, not the same in all cases."""
    factors = [_measure_factor(case, case.mistakes[name]) for one in evidence for case in one.cases]
    lengths = [max(abs(factor), 1 / abs(factor)) if factor else 0.5 for factor in factors]
    are_lengths = all(abs(length - round(length)) < 1e-6 * length for length in lengths)
    return are_lengths and not np.allclose(lengths, lengths[0], rtol=1e-6, atol=0.0)


def _measure_factor(case: Case, mistaken: Outcome) -> float | None:
    """Return the number by which a mistake multiplies all expected numbers of a case; None if there is none."""
    try:
        expected, scaled = np.asarray(case.expected, float), np.asarray(mistaken, float)
    except (TypeError, ValueError):
        return None
    if expected.shape != scaled.shape or not expected.size or not np.isfinite(expected).all():
        return None
    at = int(np.argmax(np.abs(expected)))
    largest = float(expected.ravel()[at])
    if largest == 0.0:
        return None
    factor = float(scaled.ravel()[at]) / largest
    return factor if np.isfinite(factor) and np.allclose(scaled, factor * expected, rtol=1e-9, atol=0.0) else None


def _scale(value: Outcome, factor: float) -> Value:
    """Return a tensor times a factor; None for anything else."""
    if not isinstance(value, int | float | np.ndarray | np.generic):
        return None
    scaled: Value = np.asarray(value) * factor
    return scaled
