"""The checks of the bundled course fail wrong edits of its solutions: the whole catalogue, and some by their points."""

from dataclasses import replace

import numpy as np
import pytest

from grader.core.questions.checks import Check
from grader.core.questions.exercise import Course
from grader.core.results.grading import QuestionResult
from grader.course.verify.mutants import list_mutated_cells
from grader.services.verify import measure_mutation_score
from tests.reference.conftest import Grade

FEWER = [
    ("backpropagation", "backward", "u1 > 0", "u1 >= 0", "one_at_zero", 7),
    ("backpropagation", "numerical_gradient", "h = 1e-4", "h = 1e-10", "step_too_small", 2.5),
    ("gradient_descent", "minibatches", "rng.permutation(len(x))", "np.arange(len(x))", "not_shuffled", 2.75),
    *(
        ("gradient_descent", "minibatches", "rng.permutation(len(x))", order, "", 2.75)
        for order in ("np.arange(len(x))[::-1]", "np.array([*range(0, len(x), 2), *range(1, len(x), 2)])")
    ),
    *(
        ("gradient_descent", "minibatches", "rng.permutation(len(x))", f"{generator}.permutation(len(x))", "", 4)
        for generator in ("np.random", "np.random.default_rng(5)", "np.random.RandomState(42)")
    ),
    (
        "gradient_descent",
        "minibatches",
        "rng.permutation(len(x))",
        "np.random.default_rng(0).permutation(len(x))",
        "own_generator",
        4,
    ),
    ("gradient_descent", "sgd", "x[chosen], d[chosen]", "d[chosen], x[chosen]", "targets_before_inputs", 1),
    ("gradient_descent", "sgd", "rng.permutation(len(x))", "np.arange(len(x))", "never_shuffled", 3.75),
]
"""An edit of a question's solution, the known mistake that it is (or none), and the most points that it may get."""


def solve(course: Course, name: str, question: str) -> str:
    """Return the code of a question's solution."""
    exercise = course.exercise(name)
    found = exercise.question(question)
    assert found
    return "\n".join(cell.source for cell in list_mutated_cells(exercise, found))


@pytest.mark.parametrize(("name", "question", "right", "wrong", "mistake", "most"), FEWER)
def test_wrong_answers_lose_clearly(
    course: Course, grade: Grade, name: str, question: str, right: str, wrong: str, mistake: str, most: float
) -> None:
    """Each wrong answer gets no more than these points, and a known mistake its name; the solution gets all points."""
    solution = solve(course, name, question)
    assert right in solution
    assert get_score(grade(name, question, solution)) == 1
    result = grade(name, question, solution.replace(right, wrong))
    assert 0 < result.score <= most
    assert not mistake or mistake in {check.mistake for check in result.checks}


def get_score(result: QuestionResult) -> float:
    """Return the share of the points."""
    return result.score / result.max_score


@pytest.mark.parametrize("step", [1e-3, 1e-4, 1e-5, 1e-6, 1e-7])
def test_steps_of_a_usual_size_are_right(course: Course, grade: Grade, step: float) -> None:
    """A numerical gradient with any usual step is right."""
    solution = solve(course, "backpropagation", "numerical_gradient").replace("h = 1e-4", f"h = {step}")
    assert get_score(grade("backpropagation", "numerical_gradient", solution)) == 1


@pytest.mark.parametrize("constant", ["1e-5", "1e-7", "1e-10", "np.finfo(float).eps"])
def test_any_small_constant_is_right(course: Course, grade: Grade, constant: str) -> None:
    """A cross-entropy with another small constant is right."""
    solution = solve(course, "losses", "cross_entropy_error").replace("1e-7", constant)
    assert get_score(grade("losses", "cross_entropy_error", solution)) == 1


def test_backward_at_the_corner(course: Course) -> None:
    """Two visible and hidden checks of `backward` each have a total input of exactly 0."""
    question = course.exercise("backpropagation").question("backward")
    assert question
    checks = [check for check in question.checks if isinstance(check, Check)]
    at_zero = [check for check in checks if np.any(check.inputs(np.random.default_rng(5))[3] == 0)]
    assert {check.hidden for check in at_zero} == {True, False}


def choose(course: Course, *names: str) -> Course:
    """Return the course with these exercises alone."""
    return replace(course, exercises=tuple(exercise for exercise in course.exercises if exercise.name in names))


def test_no_mutant_of_an_exercise_survives(course: Course) -> None:
    """The mutants of one exercise are killed or equivalent; `--long` looks at all exercises."""
    (score,) = measure_mutation_score(choose(course, "activations")).values()
    assert score.mutants > 30
    assert (score.survivors, score.problems, len(score.equivalents)) == ((), (), 1)


@pytest.mark.long
def test_no_mutant_of_the_course_survives(course: Course) -> None:
    """Every mutant of the bundled course is killed, or is equivalent and proven: `grader build --check --mutants`."""
    scores = measure_mutation_score(course)
    assert sum(score.mutants for score in scores.values()) > 700
    assert [line for score in scores.values() for line in (*score.survivors, *score.problems)] == []
