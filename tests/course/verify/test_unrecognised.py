"""A mistake that no answer could be evidence of is named; one with results of its own is not."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import numpy as np

from grader.core.judging.reference_data import PUBLIC_SECRET, compute_reference_data
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.registry import get_kind
from grader.core.questions.question import Mistake, Question
from grader.course.verify.unrecognised import find_unrecognised_mistakes


def test_constants_and_right_results_are_never_recognised() -> None:
    """Zeros, one constant and the right results are no evidence; numbers of a calculation are."""
    check = Check("c", "", 1.0, lambda rng: rng.normal(size=5))
    made: dict[str, Callable[..., Any]] = {
        "zeros": np.zeros_like,
        "ones": np.ones_like,
        "right": np.exp,
        "doubled": lambda x: 2 * np.exp(x),
    }
    known = tuple(Mistake(name, name, function) for name, function in made.items())
    question = Question("q", get_kind("code"), "q", (check,), known, "exp", np.exp)
    data = compute_reference_data(Exercise("e", "e", (question,), PurePath("e")), PUBLIC_SECRET)
    assert list(find_unrecognised_mistakes(question, data)) == ["zeros", "ones", "right"]
