"""`grader build`: templates are written if they changed, and a course is verified."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., Any]


def test_templates_are_written_once(grader: Command, course_folder: Path) -> None:
    """The first run names each file, the second finds nothing to do."""
    file = course_folder / "exercises" / "doubling.ipynb"
    ran = grader("build", "--course", course_folder)
    assert (ran.code, ran.out, ran.err) == (0, f"wrote {file}\n", "")
    data = file.read_bytes()
    ran = grader("build", "--course", course_folder)
    assert (ran.code, ran.out, ran.err) == (0, "all templates are up to date\n", "")
    assert file.read_bytes() == data


def test_a_verified_course_is_exit_code_0(grader: Command, course_folder: Path) -> None:
    """A verified course gives exit code 0 and one sentence."""
    grader("build", "--course", course_folder)
    ran = grader("build", "--check", "--course", course_folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "1 exercise, 1 question, 1 known mistake: the solutions score full marks, the templates none, and each mistake "
        "is caught and named\n"
    )


def test_a_course_with_problems_is_exit_code_3(grader: Command, course_folder: Path) -> None:
    """Each problem is a line of the result: an outdated template, and a known mistake that isn't one."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(
        checks.read_text() + "\n\n@twice.mistake\ndef none(x):\n    '''No mistake.'''\n    return 2 * x\n"
    )
    ran = grader("build", "--check", "--course", course_folder)
    assert ran.code == 3
    assert len(ran.out.splitlines()) == 2
    assert "none" in ran.out
    assert "build the templates" in ran.out
    assert not (course_folder / "exercises").exists()


def test_a_warning_is_a_remark(grader: Command, course_folder: Path) -> None:
    """A warning is a line of standard error; the course is verified all the same."""
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(checks.read_text().replace("You squared it.", "You squared {what}."))
    grader("build", "--course", course_folder)
    ran = grader("build", "--check", "--course", course_folder)
    assert (ran.code, ran.out.count("\n"), ran.err.count("\n")) == (0, 1, 1)
    assert ran.err.startswith("warning: doubling: twice: the hint of squared contains {what}")


def write_survivor(folder: Path, course_toml: str = "") -> None:
    """Make the small course ask whether a number is positive, which no check tries with 0."""
    reference = folder / "reference"
    (reference / "course.toml").write_text(f'title = "Small"\nexercises = ["doubling"]\n{course_toml}')
    exercise = reference / "doubling"
    (exercise / "solution.py").write_text(
        '# %% question="sign"\ndef sign(x):\n    return x > 0  # blank: whether it is positive\n'
    )
    (exercise / "checks.py").write_text(
        "from grader.authoring import code_question\n\nfrom . import solution\n\n"
        'sign = code_question("sign", title="Sign", points=1, reference=solution.sign)\n\n\n'
        "@sign.check(points=1, repeat=9)\ndef numbers(rng):\n    '''A number.'''\n    return rng.normal()\n"
    )


SURVIVOR = "reference/doubling/solution.py:3: sign: `x > 0` -> `x >= 0` survives: add a check that fails it"


def test_mutants_that_survive_are_warnings(grader: Command, course_folder: Path) -> None:
    """The result has the numbers of each exercise; a survivor is a remark with its line."""
    write_survivor(course_folder)
    grader("build", "--course", course_folder)
    ran = grader("build", "--check", "--mutants", "--course", course_folder)
    assert ran.code == 0
    assert ran.out.splitlines()[1:] == [
        "doubling: 6 mutants, 5 killed, 0 equivalent, 1 survives",
        "all exercises: 6 mutants, 5 killed, 0 equivalent, 1 survives",
    ]
    assert ran.err == f"warning: {SURVIVOR}\n"


def test_mutants_that_survive_are_problems_of_a_strict_course(grader: Command, course_folder: Path) -> None:
    """In a strict course a survivor is a line of the result and exit code 3, like a declaration that is refused."""
    write_survivor(course_folder, "strict = true\n")
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(checks.read_text() + "\n\nsign.equivalent('x > 1', 'x >= 1', why='no')\n")
    grader("build", "--course", course_folder)
    ran = grader("build", "--check", "--mutants", "--course", course_folder)
    assert (ran.code, ran.err) == (3, "")
    assert ran.out.splitlines()[3:] == [
        "reference/doubling/checks.py:14: `x > 1` -> `x >= 1` is refused: no mutant is this edit of the solution: "
        "delete or correct it",
        SURVIVOR,
    ]


def test_mutants_belong_to_the_check(grader: Command, course_folder: Path) -> None:
    """Mutants are judged only of a course that is checked and has no problems."""
    ran = grader("build", "--mutants", "--course", course_folder)
    assert (ran.code, ran.err) == (2, "grader: --mutants is a part of the check: write --check --mutants\n")
    ran = grader("build", "--check", "--mutants", "--course", course_folder)
    assert (ran.code, ran.out) == (3, "exercises/doubling.ipynb is missing: build the templates\n")


def test_seeds_belong_to_the_check(grader: Command, course_folder: Path) -> None:
    """Seeds are tried only of a course that is checked, and the number of them is told."""
    ran = grader("build", "--seeds", "3", "--course", course_folder)
    assert (ran.code, ran.err) == (2, "grader: --seeds is a part of the check: write --check --seeds N\n")
    grader("build", "--course", course_folder)
    ran = grader("build", "--check", "--seeds", "3", "--course", course_folder)
    says = "3 seeds: the solutions pass with all of them, and each known mistake loses points"
    assert (ran.code, ran.out.splitlines()[1:], ran.err) == (0, [says], "")
