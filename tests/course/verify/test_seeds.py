"""Verdicts that depend on the seed are found, with the seeds; the inputs of each seed are the oracle."""

from pathlib import Path

from grader.core.judging.reference_data import compute_reference_data
from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.course.verify.course import Findings
from grader.course.verify.seeds import collect_seed_findings, list_seed_trials, make_seed_secret
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.sandbox import Sandbox

SEEDS = range(1, 9)
HEAD = """from grader.authoring import code_question

from . import solution

twice = code_question("twice", title="Twice", points=POINTS, reference=solution.twice)


@twice.check(points=1)
def chance(rng):
    '''A small number.'''
    return float(rng.integers(3))


@twice.mistake
def capped(x):
    '''It is never above two.'''
    return min(2 * x, 2.0)
"""
FIXED = "\n\n@twice.check(points=1)\ndef fixed(rng):\n    '''Three.'''\n    return 3.0\n"
HOLDS = (
    "\n\n@twice.check(points=1, holds=lambda actual, x: 'Too large.' if x >= 2 else None)\n"
    "def small(rng):\n    '''A small number.'''\n    return float(rng.integers(3))\n"
)


def _load(folder: Path, checks: str, points: int) -> Course:
    (folder / "reference" / "doubling" / "checks.py").write_text(HEAD.replace("POINTS", str(points)) + checks)
    return load_course(folder)


def _find(course: Course, sandbox: Sandbox, *, strict: bool = False) -> Findings:
    (exercise,) = course.exercises
    trials = list_seed_trials(exercise)
    for seed in SEEDS:
        judge = SandboxJudge(course, sandbox, make_seed_secret(seed), carry_forward=False)
        for trial in trials:
            trial.judge(seed, judge)
    return collect_seed_findings(trials, strict=strict)


def _seeds_below(course: Course, check: str, limit: float) -> str:
    """Name the seeds whose input of a check is below a limit."""
    (exercise,) = course.exercises
    inputs = [
        compute_reference_data(exercise, make_seed_secret(seed)).cases["twice", check][0].args[0] for seed in SEEDS
    ]
    found = [seed for seed, x in zip(SEEDS, inputs, strict=True) if float(x) < limit]
    assert 1 < len(found) < len(SEEDS)
    return f"the {len(found)} seeds {', '.join(map(str, found))}"


def test_a_mistake_that_a_check_catches_by_chance_is_a_warning(course_folder: Path, sandbox: Sandbox) -> None:
    """The seeds with which a check passes a mistake are named; in a strict course that is a problem."""
    course = _load(course_folder, FIXED, 2)
    seeds = _seeds_below(course, "chance", 2)
    says = (
        f"doubling: twice: check chance: the mistake capped passes with {seeds} of 8: draw inputs on which it always "
        "differs, or repeat the check"
    )
    assert _find(course, sandbox) == Findings(warnings=(says,))
    assert _find(course, sandbox, strict=True) == Findings((says,))


def test_a_mistake_that_passes_everything_by_chance_is_a_problem(course_folder: Path, sandbox: Sandbox) -> None:
    """The seeds with which a mistake gets full marks are named."""
    course = _load(course_folder, "", 1)
    seeds = _seeds_below(course, "chance", 2)
    says = f"doubling: twice: the mistake capped passes all checks with {seeds}: add a check that always fails it"
    assert _find(course, sandbox) == Findings((says,))


def test_a_solution_that_fails_by_chance_is_a_problem(course_folder: Path, sandbox: Sandbox) -> None:
    """The seeds with which the solution lacks the property that a check asks for are named, with the verdict."""
    course = _load(course_folder, FIXED + HOLDS, 3)
    right = _seeds_below(course, "small", 2)
    wrong = [seed for seed in SEEDS if str(seed) not in right.partition("seeds ")[2].split(", ")]
    (says,) = (one for one in _find(course, sandbox).problems if "solution" in one)
    assert says.startswith("doubling: twice: check small: the solution doesn't pass with ")
    assert says.endswith(f"{', '.join(map(str, wrong))} (wrong_answer)")
