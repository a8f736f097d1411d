"""Mutants are made of what students write, those that pass every check survive, and declarations are proven.

Covers `course/verify/mutants.py` and `course/verify/equivalents.py`.
"""

from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.course.verify.mutants import Mutant, list_mutated_cells
from grader.course.verify.mutation import MutationScore, MutationTrial, add_scores
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.sandbox import Sandbox

SOLUTION = '''\
# %%
import numpy as np

OFFSET = 1 + 2


# %% question="positive"
def positive(x):
    """Whether each number is above the limit, as 0 or 1; `limit` comes from another cell."""
    return (x > limit(0)).astype(float)  # blank: the comparison


# %%
def limit(number):
    return number - 0


# %% question="above"
def above(x):
    """The same; only rare inputs tell its mutants apart."""
    return (x > 0).astype(float)  # blank: the comparison


# %% question="fixed"
def fixed(x):
    """The same; its checks have no random inputs."""
    return (x > 0).astype(float)  # blank: the comparison


# %% question="spread"
given = 3 - 2
spread = np.sum(np.array([1.0, 2.0]))  # blank: their sum
'''
CHECKS = """\
import numpy as np

from grader.authoring import code_question, variables_question

from . import solution

positive = code_question("positive", title="Positive", points=1, reference=solution.positive)
above = code_question("above", title="Above", points=1, reference=solution.above)
fixed = code_question("fixed", title="Fixed", points=1, reference=solution.fixed)
spread = variables_question("spread", title="Spread", points=1)


@positive.check(points=1, repeat=2)
def numbers(rng):
    '''Random numbers.'''
    return rng.normal(size=3)


@above.check(points=1)
def rarely_zero(rng):
    '''A number that is 0 once in a hundred.'''
    return np.where(rng.random(1) < 0.01, 0.0, np.round(rng.uniform(1, 9, size=1)))


@fixed.check(points=1)
def same(rng):
    '''Always the same numbers.'''
    return np.array([1.0, -1.0])


@spread.check("spread", points=1)
def three(spread):
    '''It is 3.'''
    return None if abs(spread - 3) < 1e-9 else "No."


positive.equivalent("limit(0)", "0", why="the limit is 0")
spread.equivalent(
    "np.array([1.0, 2.0]))", "np.array([1.0, 2.0]), axis=0)", "np.array([1.0, 2.0]), axis=-1)", why="there is one axis"
)
positive.equivalent("x > limit(0)", "x >= limit(0)", why="random numbers are never 0")
positive.equivalent("x > limit(0)", "x < limit(0)", why="no")
positive.equivalent("x > 0", "x >= 0", why="no")
positive.equivalent("x", ")", why="no")
above.equivalent("x > 0", "x >= 0", why="no")
fixed.equivalent("x > 0", "x >= 0", why="no")
"""

PAIR = """\
# %% question="pair"
def pair(x):
    less = x - 1  # blank: less
    more = x * 2  # blank: more
    return less, more
"""
PAIR_CHECKS = """\
from grader.authoring import code_question, returned

from . import solution

pair = code_question("pair", title="Pair", points=2, reference=solution.pair)


@pair.check(returned(0, label="less"), returned(1, label="more"), points=1)
def any_numbers(rng):
    \"\"\"{output} for any numbers.\"\"\"
    return rng.normal(size=5)
"""
PAIR_MISTAKE = """

@pair.mistake
def swapped(x):
    \"\"\"The lesser number comes first.\"\"\"
    return x * 2, x - 1
"""


def write(folder: Path, solution: str = SOLUTION, checks: str = CHECKS) -> Course:
    """Write a small course, and return it."""
    exercise = folder / "reference" / "small"
    exercise.mkdir(parents=True)
    (exercise.parent / "course.toml").write_text('title = "Small"\nexercises = ["small"]\n')
    (exercise / "solution.py").write_text(solution)
    (exercise / "checks.py").write_text(checks)
    return load_course(folder)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return the small course."""
    return write(tmp_path_factory.mktemp("course"))


def make_trial(course: Course, question: str, sandbox: Sandbox) -> MutationTrial:
    """Return the trial of a question."""
    exercise = course.exercises[0]
    found = exercise.question(question)
    assert found
    return MutationTrial(
        exercise, found, lambda secret: SandboxJudge(course, sandbox, secret, carry_forward=False), b"mutants"
    )


@pytest.fixture(scope="module")
def scores(course: Course, sandbox: Sandbox) -> dict[str, MutationScore]:
    """Return the score of each question."""
    found = {}
    for question in course.exercises[0].questions:
        trial = make_trial(course, question.id, sandbox)
        for mutant in trial.mutants:
            trial.judge(mutant)
        found[question.id] = trial.score()
    return found


def list_mutants(course: Course, question: int) -> list[Mutant]:
    """Return the mutants of a question, by its number."""
    exercise = course.exercises[0]
    cells = list_mutated_cells(exercise, exercise.questions[question])
    return [mutant for cell in cells for mutant in cell.mutants]


def test_what_is_mutated(course: Course) -> None:
    """A function with a blank is edited as a whole, other cells where a blank is; there, numbers stay as they are."""
    assert {mutant.place.line for mutant in list_mutants(course, 0)} == {10}
    assert [(mutant.place.line, str(mutant)) for mutant in list_mutants(course, 3)] == [
        (32, "`np.sum(np.array([1.0, 2.0]))` -> `np.sum(np.array([1.0, 2.0]), axis=0)`"),
        (32, "`np.sum(np.array([1.0, 2.0]))` -> `np.sum(np.array([1.0, 2.0]), axis=-1)`"),
        (32, "`np.sum(np.array([1.0, 2.0]))` -> `np.mean(np.array([1.0, 2.0]))`"),
        (32, "`np.sum(np.array([1.0, 2.0]))` -> `np.max(np.array([1.0, 2.0]))`"),
        (32, "`np.sum(np.array([1.0, 2.0]))` -> `np.array([1.0, 2.0])`"),
        (32, "`np.array([1.0, 2.0])` -> `[1.0, 2.0]`"),
        (32, "`np.sum(np.array([1.0, 2.0]))` -> `-np.sum(np.array([1.0, 2.0]))`"),
    ]


def test_a_text_that_occurs_twice_is_shown_with_its_line(tmp_path: Path) -> None:
    """An edit of one of two equal texts is shown as the change of its line, one of several lines by its first."""
    loop = "    for n in x:\n        a = 7\n        b = 7  # blank: a number\n    return (x > 0).astype(float)\n"
    solution = SOLUTION.replace("    return (x > limit(0)).astype(float)  # blank: the comparison\n", loop)
    shown = [str(mutant) for mutant in list_mutants(write(tmp_path, solution), 0)]
    assert "`b = 7` -> `b = 8`" in shown
    assert "`for n in x: …` -> `pass`" in shown


def test_each_mutant_is_another_program(course: Course) -> None:
    """No two mutants of a cell are the same program, and none is the solution."""
    exercise = course.exercises[0]
    for question in exercise.questions:
        for cell in list_mutated_cells(exercise, question):
            sources = [cell.source, *(mutant.source for mutant in cell.mutants)]
            assert len(set(sources)) == len(sources)


def test_survivors_have_their_line(scores: dict[str, MutationScore]) -> None:
    """What no check tells apart survives, with file, line and edit. Other cells are run where they are needed."""
    assert "reference/small/solution.py:27: fixed: `x > 0` -> `x >= 0`" in scores["fixed"].survivors
    assert all(score.killed > 0 for score in scores.values())
    total = add_scores(scores.values())
    assert total.killed + len(total.survivors) + len(total.equivalents) == total.mutants


def test_a_mutant_that_never_ends_is_killed(tmp_path: Path, sandbox: Sandbox) -> None:
    """An endless loop loses the points."""
    loop = "    while np.sum(x) > 9:\n        x = x - 1\n    return (x > 0).astype(float)  # blank: the comparison\n"
    solution = SOLUTION.replace("    return (x > limit(0)).astype(float)  # blank: the comparison\n", loop)
    trial = make_trial(write(tmp_path, solution), "positive", sandbox)
    trial.judge(next(mutant for mutant in trial.mutants if mutant.after == "np.sum(x) < 9"))
    assert trial.score().survivors == ()


@pytest.mark.parametrize("is_declared", [False, True])
def test_another_order_is_killed_if_it_is_a_known_mistake(tmp_path: Path, sandbox: Sandbox, is_declared: bool) -> None:
    """Items in another order earn their points and survive, unless the course declares that order as a mistake."""
    trial = make_trial(write(tmp_path, PAIR, PAIR_CHECKS + PAIR_MISTAKE * is_declared), "pair", sandbox)
    trial.judge(next(mutant for mutant in trial.mutants if mutant.after == "more, less"))
    assert len(trial.score().survivors) == 1 - is_declared


def test_a_declaration_is_proven(scores: dict[str, MutationScore]) -> None:
    """An edit that agrees with the solution on all inputs is listed with its reason, and is no survivor any more."""
    where = "reference/small/solution.py"
    assert scores["positive"].equivalents == (
        f"{where}:10: positive: `limit(0)` -> `0`: the limit is 0",
        f"{where}:10: positive: `x > limit(0)` -> `x >= limit(0)`: random numbers are never 0",
    )
    assert scores["spread"].equivalents == tuple(
        f"{where}:32: spread: `np.sum(np.array([1.0, 2.0]))` -> `np.sum(np.array([1.0, 2.0]), axis={axis})`: "
        "there is one axis"
        for axis in (0, -1)
    )
    assert scores["positive"].survivors == ()
    assert scores["spread"].survivors == (f"{where}:32: spread: `np.array([1.0, 2.0])` -> `[1.0, 2.0]`",)


def test_a_declaration_without_such_a_mutant_is_refused(scores: dict[str, MutationScore]) -> None:
    """A declaration is refused, with its line, if no mutant is this edit, or if the checks already fail it."""
    assert scores["positive"].problems == (
        "reference/small/checks.py:42: `x > limit(0)` -> `x < limit(0)` is refused: the checks already fail it: "
        "delete it",
        "reference/small/checks.py:43: `x > 0` -> `x >= 0` is refused: no mutant is this edit of the solution: "
        "delete or correct it",
        "reference/small/checks.py:44: `x` -> `)` is refused: no mutant is this edit of the solution: "
        "delete or correct it",
    )


def test_a_false_declaration_is_refused(scores: dict[str, MutationScore]) -> None:
    """An edit that differs on a few of a thousand inputs is refused with check and input, and stays a survivor."""
    assert scores["above"].problems == (
        "reference/small/checks.py:45: `x > 0` -> `x >= 0` is refused: it differs from the solution in the check "
        "rarely_zero for x=array([0.])",
    )
    assert "reference/small/solution.py:21: above: `x > 0` -> `x >= 0`" in scores["above"].survivors


def test_fixed_inputs_prove_nothing(scores: dict[str, MutationScore]) -> None:
    """A declaration for a function whose checks have no random inputs is refused."""
    assert scores["fixed"].problems == (
        "reference/small/checks.py:46: `x > 0` -> `x >= 0` is refused: its checks have no random inputs to compare on",
    )


def test_a_wrong_solution_has_no_score(tmp_path: Path, sandbox: Sandbox) -> None:
    """If the solution fails a check, its mutants show nothing."""
    trial = make_trial(write(tmp_path, SOLUTION.replace("1.0, 2.0", "1.0, 1.0")), "spread", sandbox)
    with pytest.raises(CourseError, match="spread: the solution doesn't get full marks, so its mutants show nothing"):
        trial.judge(trial.mutants[0])
