"""Two blanks that are filled wrongly at once are told from the results of the solution with both fillings."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest

from grader.core.compare.tensors import Tolerance
from grader.core.judging.composed_fillings import find_two_fillings
from grader.core.judging.evidence import Evidence
from grader.core.judging.reference_data import Case
from grader.core.questions.checks import Check
from grader.core.questions.question import Filling, Mistake
from grader.core.results.reason import KnownMistake

Array = np.ndarray
SHIFTS: Final[dict[str, Callable[[Array], Any]]] = {
    "right": lambda u: u - u.max(axis=-1, keepdims=True),
    "no_maximum": lambda u: u,
    "batch_maximum": lambda u: u - u.max(),
}
SUMS: Final[dict[str, Callable[[Array], Any]]] = {
    "right": lambda e: e.sum(axis=-1, keepdims=True),
    "whole_sum": lambda e: e.sum(),
    "columns": lambda e: e.sum(axis=0),
}
INPUTS: Final = [np.random.default_rng(n).normal(size=(n, 3)) for n in (2, 3, 4)] + [
    np.array([[1000.0, 1.0], [0.5, 2.0]])
]


def softmax(shift: str, total: str) -> Callable[[Array], Any]:
    """Return a softmax with this shift, and this sum."""

    def calculate(u: Array) -> Any:
        with np.errstate(all="ignore"):
            powers = np.exp(SHIFTS[shift](u))
            return powers / SUMS[total](powers)

    return calculate


RIGHT: Final = softmax("right", "right")


def fill(fillings: tuple[Filling, ...]) -> tuple[Callable[[Array], Any], str] | None:
    """Return the softmax with these fillings, as `Mistake.fill` does; None for two of one blank."""
    texts = {filling.blank: filling.text for filling in fillings}
    if len(texts) < len(fillings):
        return None
    return softmax(texts.get("shift", "right"), texts.get("sum", "right")), ""


def known() -> tuple[Mistake, ...]:
    """Return the wrong fillings of softmax, and a whole wrong function."""
    texts = [("shift", text) for text in SHIFTS if text != "right"] + [
        ("sum", text) for text in SUMS if text != "right"
    ]
    fillings = [(Filling(blank, text),) for blank, text in texts]
    made = [Mistake(one[0].text, "", fill(one)[0], fillings=one, fill=fill) for one in fillings]  # type: ignore[index]
    return (*made, Mistake("powers", "", np.exp))


def make_evidence(answer: Callable[[Array], Any]) -> list[Evidence]:
    """Return the evidence of an answer, one check for each input."""
    check = Check("c", "c", 1.0, lambda rng: 0)
    cases = [Case((u,), RIGHT(u), {mistake.name: mistake.function(u) for mistake in known()}) for u in INPUTS]
    return [Evidence((case,), (answer(*case.args),), Tolerance(), check) for case in cases]


@pytest.mark.parametrize("shift", ["no_maximum", "batch_maximum"])
@pytest.mark.parametrize("total", ["whole_sum", "columns"])
def test_both_fillings_are_named(shift: str, total: str) -> None:
    """An answer with two wrong blanks is explained by both, and the computed results are kept with the case."""
    evidence = make_evidence(softmax(shift, total))
    found = find_two_fillings(evidence, known())
    assert found == (KnownMistake(shift), KnownMistake(total))
    assert f"{shift}+{total}" in evidence[0].cases[0].composed


@pytest.mark.parametrize(
    "answer",
    [
        softmax("right", "right"),
        np.exp,
        np.zeros_like,
        lambda u: u,
        lambda u: None,
        lambda u: softmax("right", "right")(u.T),
    ],
)
def test_nothing_is_claimed_of_others(answer: Callable[[Array], Any]) -> None:
    """Right, trivial and other wrong answers aren't explained by two fillings."""
    assert find_two_fillings(make_evidence(answer), known()) == ()


def test_little_evidence_is_none() -> None:
    """Results of few numbers, and results that two pairs give, say nothing of two fillings."""
    evidence = make_evidence(softmax("no_maximum", "columns"))
    assert find_two_fillings(evidence[:0], known()) == ()
    assert find_two_fillings(evidence[3:], known()) == ()
    first, *others = known()
    again = Mistake("again", "", first.function, fillings=first.fillings, fill=fill)
    assert find_two_fillings(evidence, (first, *others, again)) == ()
