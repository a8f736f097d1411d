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
