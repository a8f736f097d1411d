"""Find the known wrong implementations that give the results of the student's code.

A mistake explains the checks with whose cases it agrees, every one, if it is wrong in one of them. It is ruled out by a
check that it fails and the student passes. Several mistakes may explain one answer: the fewest that explain the most
checks are taken, in the author's order where they explain equally many.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.judging.evidence import Evidence
from grader.core.judging.evidence_strength import is_specific_failure, measure_strength

MIN_STRENGTH: Final = 8
"""Least strength, in bits, of the evidence for a mistake that agrees with all results: one number of many digits, or
eight zeros and ones."""
MIN_PARTIAL_STRENGTH: Final = 36
"""Least strength of the evidence for a mistake that agrees with only some of the failed checks of an output.

It is that of these checks alone: the right result of a passed check says nothing for what is wrong elsewhere."""


def find_known_mistake(evidence: Iterable[Evidence], names: Iterable[str]) -> str | None:
    """Return the first mistake that agrees with the student on every case of an output and is wrong on at least one."""
    checks = tuple(evidence)
    return next(
        (n for n in names if all(one.agrees(n) for one in checks) and any(one.fails(n) for one in checks)), None
    )


@dataclass(frozen=True)
class _Candidate:
    """A mistake, with the positions of the checks that it explains, and of those that both fail differently.

    The latter are checks of the same outputs: what is calculated from them may have faults of its own. `elsewhere`
    counts those of other outputs, and `unconfirmed` the confirming checks that both fail differently.
    """

    name: str
    explained: frozenset[int]
    differing: frozenset[int]
    is_specific: bool
    elsewhere: int
    unconfirmed: int


def find_cover(
    evidence: Sequence[Evidence], names: Iterable[str], confirming: Sequence[Evidence] = ()
) -> dict[int, str]:
    """Return the mistake that explains a failed check, by the check's position.

    The evidence of `confirming` checks can only rule out a mistake.
    """
    found = (_judge(name, evidence, confirming) for name in names)
    candidates = [one for one in found if one is not None]
    explained_by_any = {
        name: frozenset[int]().union(*(c.explained for c in candidates if c.name != name))
        for name in (c.name for c in candidates)
    }
    candidates = [
        one
        for one in candidates
        if one.is_specific or len(one.differing - explained_by_any[one.name]) <= len(one.explained)
    ]
    cover: dict[int, str] = {}
    while candidates:
        best = max(candidates, key=lambda one: _rank(one, cover))
        new = best.explained - cover.keys()
        if not new:
            break
        cover |= dict.fromkeys(sorted(new), best.name)
        candidates.remove(best)
    return cover


def _rank(one: _Candidate, cover: Mapping[int, str]) -> tuple[int, int, int, int]:
    """Return the sort key of a candidate: the best one explains most and fails differently least."""
    return len(one.explained - cover.keys()), -len(one.differing), -one.elsewhere, -one.unconfirmed


def _judge(name: str, evidence: Sequence[Evidence], confirming: Sequence[Evidence]) -> _Candidate | None:
    """Return a mistake as a candidate; None if it explains nothing, is ruled out, or might agree by chance."""
    fitting = [i for i, one in enumerate(evidence) if not one.is_passed and one.agrees(name)]
    explained = frozenset(i for i in fitting if evidence[i].fails(name))
    if not explained or any(one.contradicts(name) for one in (*evidence, *confirming)):
        return None
    failed = [i for i, one in enumerate(evidence) if not one.is_passed and one.fails(name)]
    confirmed = [one.agrees(name) for one in confirming if not one.is_passed and one.fails(name)]
    if confirmed and not any(confirmed):
        return None
    outputs = {evidence[i].output for i in explained}
    apart = [i for i in failed if i not in explained]
    differing = frozenset(i for i in apart if evidence[i].output in outputs)
    passed = () if differing else (one for one in evidence if one.is_passed and one.agrees(name))
    agreeing = [*(evidence[i] for i in sorted(explained)), *passed]
    is_specific = any(is_specific_failure(value) for i in explained for value in evidence[i].actual)
    wanted = MIN_PARTIAL_STRENGTH if differing else MIN_STRENGTH
    if not is_specific and measure_strength(agreeing, with_arguments=not apart) < wanted:
        return None
    return _Candidate(name, explained, differing, is_specific, len(apart) - len(differing), confirmed.count(False))
