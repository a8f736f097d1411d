"""Find two blanks that are filled wrongly at once, each in a way that is known.

The solution with both fillings gives the results of both; they are computed when first needed, and kept with the case.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from grader.core.judging.composed_mistakes import MIN_COMPOSED_STRENGTH
from grader.core.judging.evidence import Evidence, Outcome, is_same_output
from grader.core.judging.evidence_strength import measure_strength
from grader.core.judging.reference_data import Case, compute_output
from grader.core.questions.checks import Output
from grader.core.questions.question import Mistake
from grader.core.results.reason import KnownMistake


def find_two_fillings(evidence: Sequence[Evidence], mistakes: Sequence[Mistake]) -> tuple[KnownMistake, ...]:
    """Return the two wrong fillings that together give all results of an output; nothing if there are other such two.

    `evidence` is that of all checks of one output, which no single mistake explains.
    """
    output = evidence[0].check.output if evidence and evidence[0].check else None
    fillings = [mistake for mistake in mistakes if mistake.fillings and mistake.fill]
    if output is None or len(fillings) < 2 or all(one.is_passed for one in evidence):
        return ()
    if measure_strength(evidence) < MIN_COMPOSED_STRENGTH:
        return ()
    found = list(_list_pairs(evidence, fillings, output))
    return tuple(KnownMistake(mistake.name) for mistake in found[0]) if len(found) == 1 else ()


def _list_pairs(
    evidence: Sequence[Evidence], fillings: Sequence[Mistake], output: Output
) -> Iterator[tuple[Mistake, Mistake]]:
    for pair in combinations(fillings, 2):
        both = pair[0].compose_with(pair[1])
        if both is not None and all(_agrees(one, both, output) for one in evidence):
            yield pair


def _agrees(one: Evidence, both: Mistake, output: Output) -> bool:
    return all(
        is_same_output(_get_composed(case, both, output), actual, case.widen(one.tolerance))
        for case, actual in zip(one.cases, one.actual, strict=True)
    )


def _get_composed(case: Case, both: Mistake, output: Output) -> Outcome:
    """Return the output of two mistakes at once in a case, from the case if it was computed before."""
    if both.name not in case.composed:
        case.composed[both.name] = compute_output(both.function, case.args, output)
    return case.composed[both.name]
