"""Known mistakes are recognised if all their tensors agree with the student's, in a check or in all of them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.compare.tensors import Tolerance
from grader.core.judging.evidence import Evidence
from grader.core.judging.known_mistakes import find_cover, find_known_mistake
from grader.core.judging.reference_data import CallFailure, Case
from grader.core.questions.checks import Check, Output
from grader.core.wire.job import ActionResult
from grader.core.wire.values import Value

Outcomes = Mapping[str, Value | CallFailure]
NAMES = ("negated", "doubled", "crashing", "silent")


def mistakes(x: float) -> Outcomes:
    """Return the mistakes' results for x; `silent` is right for negative numbers."""
    silent = np.array(x) if x < 0 else CallFailure("", "dict: 'a'")
    return {
        "negated": np.array(-x),
        "doubled": np.array(2 * x),
        "crashing": CallFailure("ValueError", "truth:if"),
        "silent": silent,
    }


def evidence(
    xs: tuple[float, ...], actual: tuple[Value | CallFailure, ...], tolerance: Tolerance = Tolerance()
) -> Evidence:
    """Return the evidence of a check with these cases."""
    return Evidence(tuple(Case((x,), np.array(x), mistakes(x)) for x in xs), actual, tolerance)


@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_recognised(name: str) -> None:
    """An answer that equals a mistake's in every case, exceptions and missing outputs included, is recognised."""
    xs = (1.5, -2.0, 3.0)
    shown = evidence(xs, tuple(mistakes(x)[name] for x in xs))
    assert find_known_mistake([shown], NAMES) == name


def test_every_check_of_an_output_counts() -> None:
    """A mistake that explains one check of an output and not another is not recognised."""
    first, second = evidence((1.5,), (np.array(-1.5),)), evidence((2.0,), (np.array(4.0),))
    assert find_known_mistake([first], NAMES) == "negated"
    assert find_known_mistake([first, second], NAMES) is None
    assert find_known_mistake(iter([first, first]), iter(NAMES)) == "negated"


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=4))
def test_right_answers_are_not_mistakes(xs: list[float]) -> None:
    """An answer that is right in every case is not a mistake, even if a mistake gives the same."""
    right = tuple(np.array(-x) for x in xs)
    assert find_known_mistake([evidence(tuple(-x for x in xs), right)], NAMES) is None


def test_exceptions_agree_by_type_and_operation() -> None:
    """Another exception, another operation, an unknown operation, or none, doesn't agree with the mistake's."""
    assert find_known_mistake([evidence((1.0,), (CallFailure("ValueError", "truth:if"),))], NAMES) == "crashing"
    others = CallFailure("TypeError", "truth:if"), CallFailure("ValueError", "product"), CallFailure("ValueError"), None
    for other in others:
        assert find_known_mistake([evidence((1.0,), (other,))], NAMES) is None


def test_the_first_mistake_is_named() -> None:
    """If two mistakes explain the answer, the course's order decides; without evidence there is none."""
    zero = evidence((0.5, 1.0), (np.array(-0.5), np.array(-1.0)))
    assert find_known_mistake([zero], ("doubled", "negated")) == "negated"
    assert find_known_mistake([], NAMES) is None
    assert find_known_mistake([zero], ()) is None


def test_the_checks_tolerance_is_used() -> None:
    """An answer within the check's tolerance of a mistake is that mistake."""
    assert find_known_mistake([evidence((1.0,), (np.array(-1.01),), Tolerance(0.1))], NAMES) == "negated"
    assert find_known_mistake([evidence((1.0,), (np.array(-1.01),))], NAMES) is None


def scores(seed: int, size: int = 4) -> Case:
    """Return a case of random numbers, with mistakes that are wrong for some inputs only."""
    x = np.random.default_rng(seed).normal(size=size)
    return Case(
        (x,),
        np.exp(x),
        {
            "negated": -np.exp(x),
            "as_negated": -np.exp(x),
            "long": np.exp(x) if size < 6 else np.exp(x) / size,
            "short": np.exp(x) if size >= 6 else np.exp(x) / size,
            "scalars": np.exp(x) if size < 6 else CallFailure("ValueError", "truth:if"),
            "crashing": np.exp(x) if size < 6 else CallFailure("ValueError", "product"),
            "zeros": np.zeros(size),
            "unchanged": x.copy(),
        },
    )


CASES = (scores(1), scores(2, 5), scores(3, 8), scores(4, 9))
MISTAKES = tuple(CASES[0].mistakes)


def cover(*answers: Value | CallFailure, hidden: tuple[int, ...] = ()) -> dict[int, str]:
    """Return the mistakes that explain the answers to checks of one case each, some of them only confirming."""
    found = [Evidence((case,), (actual,), Tolerance()) for case, actual in zip(CASES, answers, strict=False)]
    shown = [one for i, one in enumerate(found) if i not in hidden]
    return find_cover(shown, MISTAKES, [found[i] for i in hidden])


def given_by(*names: str) -> list[Value | CallFailure]:
    """Return the answer of one mistake to each check; the right one for an empty name."""
    return [case.mistakes[name] if name else case.expected for case, name in zip(CASES, names, strict=False)]


def test_each_check_is_explained_by_itself() -> None:
    """A mistake explains the checks with which it agrees, and another mistake the others; a third error stays open."""
    assert cover(*given_by("", "", "long", "long")) == {2: "long", 3: "long"}
    assert cover(*given_by("short", "short", "long", "")) == {0: "short", 1: "short"}  # `long` fails the last one
    assert cover(*given_by("short", "short", "long", "long")) == {0: "short", 1: "short", 2: "long", 3: "long"}
    assert cover(*given_by("", "", "long"), np.ones(9)) == {2: "long"}
    assert cover(*given_by("short", "short", "scalars", "scalars")) == {
        0: "short",
        1: "short",
        2: "scalars",
        3: "scalars",
    }


def test_a_passed_check_rules_a_mistake_out() -> None:
    """A mistake that is wrong where the student is right, in any check, is not named."""
    assert cover(*given_by("negated", "", "negated", "negated")) == {}
    assert cover(*given_by("", "", "long", "")) == {}
    assert cover(*given_by("", "", "long", ""), hidden=(3,)) == {}


def test_confirming_checks_explain_nothing() -> None:
    """Confirming evidence rules a mistake out if none of its failed checks agrees; it never adds one."""
    assert cover(*given_by("", "", "long", "long"), hidden=(3,)) == {2: "long"}
    assert cover(*given_by("", "", "long"), np.ones(9), hidden=(3,)) == {}
    assert cover(*given_by("", "", "long", "long"), hidden=(2, 3)) == {}


def test_the_fewest_mistakes_are_taken_in_the_authors_order() -> None:
    """One mistake that explains all is taken alone; of two that explain the same, the first."""
    assert set(cover(*given_by("negated", "negated", "negated", "negated")).values()) == {"negated"}
    assert set(cover(*given_by("as_negated", "as_negated")).values()) == {"negated"}


def test_what_anybody_might_return_is_no_mistake() -> None:
    """Zeros explain nothing; beside other errors, an argument unchanged and a common exception don't either."""
    assert cover(*given_by("zeros", "zeros", "zeros", "zeros")) == {}
    assert cover(*given_by("unchanged", "unchanged", "unchanged"), np.ones(9)) == {}
    assert cover(np.ones(4), np.ones(5), *given_by("crashing"), np.ones(9)) == {}
    assert cover(*given_by("", "", "crashing", "crashing")) == {2: "crashing", 3: "crashing"}


TRIVIAL = st.one_of(
    st.sampled_from([None, np.nan, np.inf, 0.0, 1.0, 0.5, 10.0, "text", CallFailure("NotImplementedError", "raise")]),
    st.floats(-1e3, 1e3),
)


@given(TRIVIAL, st.booleans())
def test_nothing_is_claimed_of_trivial_answers(value: float | str | CallFailure | None, is_filled: bool) -> None:
    """A constant, as a number or in the expected form, explains nothing, whatever it is."""
    is_number = isinstance(value, float)
    answers = [np.full(case.expected.shape, value) if is_filled and is_number else value for case in CASES]
    assert cover(*answers) == {}


@given(st.integers(0, 2**32), st.sampled_from(["normal", "uniform", "bits"]))
def test_nothing_is_claimed_of_random_answers(seed: int, kind: str) -> None:
    """Random numbers in the expected form explain nothing."""
    rng = np.random.default_rng(seed)
    draws: Mapping[str, Callable[[int], Any]] = {
        "normal": lambda size: rng.normal(size=size),
        "uniform": lambda size: rng.uniform(size=size),
        "bits": lambda size: rng.integers(0, 2, size).astype(float),
    }
    assert cover(*(draws[kind](len(case.args[0])) for case in CASES)) == {}


def step(seed: int, key: str, changed: Mapping[str, Value]) -> Evidence:
    """Return the evidence of a check of one key of an argument that was to be changed; the student changed some."""
    x = {name: np.random.default_rng([seed, number]).normal(size=4) for number, name in enumerate("Wb")}
    mistakes = {"unchanged": x[key], "only_W": x[key] - 0.1 if key == "W" else x[key]}
    check = Check(f"{seed}{key}", "", 1.0, lambda rng: 0, output=Output("argument", 0, (key,), key))
    case = Case((x,), x[key] - 0.1, mistakes)
    used = ActionResult(None, uses_arguments=True)
    return Evidence((case,), (changed.get(key, x[key]),), Tolerance(), check, results=(used,))


def test_an_argument_is_not_called_unchanged_where_another_part_of_it_changed() -> None:
    """A mistake that leaves all of an argument as it was explains nothing if a part of it has other wrong values."""
    wrong = np.array([7.25, 1.5, -3.75, 0.875])
    names = ("unchanged", "only_W")
    assert find_cover([step(1, "W", {"W": wrong}), step(1, "b", {})], names) == {1: "only_W"}
    assert find_cover([step(1, "W", {"W": wrong}), step(1, "b", {})], names[:1]) == {}
