"""Common behaviour of all commands: exit codes, one line per error, no needless imports.

Covers `cli/__init__.py`, `cli/options.py`, `__init__.py`, `__main__.py`, `core/errors.py` and `version.py`.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from grader.course.loader import bundled_course_folder
from grader.version import DISTRIBUTION

Command = Callable[..., Any]
HEAVY = (
    "numpy",
    "sqlalchemy",
    "alembic",
    "jinja2",
    "nbformat",
    "nbconvert",
    "jupytext",
    "matplotlib",
    "rich",
    "pydantic",
)


def _imported(*arguments: str) -> set[str]:
    """Return the heavy modules that a command has loaded by its end."""
    script = (
        "import sys\nfrom grader.cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=200)
    return set(done.stderr.split()) & set(HEAVY)


def test_help_imports_nothing_heavy() -> None:
    """`grader --help` starts at once: it loads no numpy, no SQL, no templates."""
    assert _imported("--help") == set()


def test_a_check_needs_no_database_and_no_templates(tmp_path: Path) -> None:
    """`grader check` loads numpy, and neither SQL nor HTML nor notebook libraries."""
    file = tmp_path / "losses.py"
    file.write_text("x = 1\n")
    assert _imported("check", str(file), "--course", str(bundled_course_folder())) <= {
        "numpy",
        "pydantic",
    }  # typer converts arguments by pydantic


def test_help_names_every_command(process: Command) -> None:
    """Help goes to standard output, and the exit code is 0."""
    ran = process("--help")
    assert (ran.code, ran.err) == (0, "")
    for command in ("demo", "build", "check", "grade", "report", "doctor"):
        assert f"\n  {command} " in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", ""],
        ["submit", "", "--student", "ada"],
        ["collect", ""],
        ["grade", ""],
        ["report", "--to", ""],
        ["init", ""],
        ["marks", "import", ""],
        ["db", "restore", ""],
        ["check", "losses.py", "--course", ""],
    ],
)
def test_an_empty_path_is_not_the_current_folder(grader: Command, elsewhere: Path, arguments: list[str]) -> None:
    """An empty argument is wrong use, in one line; nothing is read or written."""
    ran = grader(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "a path is empty" in ran.err
    assert list(elsewhere.iterdir()) == []


def test_the_version_is_the_packages(grader: Command) -> None:
    """`grader --version` prints the package's version."""
    assert grader("--version").out == f"grader {version(DISTRIBUTION)}\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nonsense"], "No such command 'nonsense'; see grader --help"),
        (["check"], "Missing argument 'FILE...'; see grader check --help"),
        (["check", "--nope", "x"], "No such option: --nope; see grader check --help"),
        (["check", "nope.ipynb"], "nope.ipynb: this file or folder does not exist"),
        (["grade", "nope"], "nope: this file or folder does not exist"),
        (
            ["grade", ".", "--sandbox", "ultra"],
            "--sandbox 'ultra' is not a level; choose one of seccomp, landlock, full",
        ),
        (["grade", ".", "--sandbox", "none"], "--sandbox 'none' is not a level; choose one of seccomp, landlock, full"),
        (
            ["build", "--course", "nope"],
            "there is no course in nope: reference/course.toml is missing; grader init starts a course",
        ),
    ],
)
def test_wrong_use_is_one_line(grader: Command, arguments: list[str], complaint: str) -> None:
    """Wrong use gives exit code 2, nothing on standard output, and no file left behind."""
    ran = grader(*arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"grader: {complaint}\n")
    assert os.listdir() == []


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5"])
def test_workers_are_a_positive_number(grader: Command, number: str) -> None:
    """Anything else is wrong use, and the line names the option."""
    ran = grader("grade", ".", "--workers", number)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("grader: Invalid value for '--workers': ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ("title = ", "reference/course.toml: this is not valid TOML: "),
        ('exercises = ["nope"]\n', "reference/nope/solution.py: exercise 'nope' has no solution.py"),
        ('exercises = ["doubling"]\ncolour = 1\n', "reference/course.toml:2: there is no setting 'colour'; "),
    ],
)
def test_a_broken_course_is_one_line(grader: Command, course_folder: Path, settings: str, complaint: str) -> None:
    """A broken course gives exit code 2, with the author's file and line."""
    (course_folder / "reference" / "course.toml").write_text(settings)
    for command in (["build"], ["check", "x.py"], ["grade"], ["report", "--to", "x"]):
        ran = grader(*command, "--course", course_folder)
        assert (ran.code, ran.out) == (2, "")
        assert complaint in ran.err
        assert ran.err.count("\n") == 1


def test_the_course_may_come_from_the_environment(process: Command, course_folder: Path) -> None:
    """`GRADER_COURSE` is the default of `--course`, `GRADER_DB` of `--db`."""
    Path("ada__doubling.py").write_text("def twice(x):\n    return 2 * x\n")
    ran = process("grade", "ada__doubling.py", GRADER_COURSE=str(course_folder), GRADER_DB="sqlite:///other.db")
    assert ran.code == 0
    assert "3 / 3" in ran.out
    assert sorted(os.listdir()) == ["ada__doubling.py", "other.db"]


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("nonsense", "'nonsense' is not a database URL: write sqlite:///grader.db or postgresql://user@host/name"),
        ("sqlite:///text.db", "sqlite:///text.db: this file is not a database; name another file"),
        ("mysql://host/name", "databases of the kind 'mysql' are not supported: write sqlite:///grader.db or"),
    ],
)
def test_a_file_that_is_no_database_is_one_line(grader: Command, url: str, complaint: str) -> None:
    """A file that isn't a database gives exit code 3, and stays as it was."""
    Path("text.db").write_text("no database " * 1000)
    for command in (["grade", "--db", url], ["report", "--to", "x", "--db", url]):
        ran = grader(*command)
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith(f"grader: {complaint}")
        assert ran.err.count("\n") == 1
    assert Path("text.db").read_text() == "no database " * 1000


def test_a_database_in_a_missing_folder_is_one_line(grader: Command) -> None:
    """A database in a missing folder can be neither created nor opened; no folder is made."""
    Path("ada__losses.py").write_text("x = 1\n")
    url = "sqlite:///no/where.db"
    ran = grader("grade", "ada__losses.py", "--db", url)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == f"grader: {url}: it can't be opened; check that its folder exists and is writable\n"
    ran = grader("report", "--to", "x", "--db", url)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"grader: {url} does not exist")
    assert os.listdir() == ["ada__losses.py"]


def test_a_closed_pipe_is_no_error() -> None:
    """A closed pipe ends the command silently."""
    done = subprocess.run(
        f"{sys.executable} -m grader doctor | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line() -> None:
    """A result that can't be written gives exit code 3, not a silent success."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", "doctor"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=200
        )
    assert (done.returncode, done.stderr) == (3, "grader: standard output: No space left on device\n")


def test_a_terminal_without_unicode_is_no_error(process: Command, filled: Callable[..., Path]) -> None:
    """Characters that an ASCII terminal can't show are escaped; JSON stays JSON."""
    file = filled({})
    course = str(bundled_course_folder())
    ran = process("check", file, PYTHONIOENCODING="ascii", GRADER_COURSE=course)
    assert ran.code == 1
    assert "\\u2192 A blank" in ran.out
    ran = process("check", file, "--json", PYTHONIOENCODING="ascii", GRADER_COURSE=course)
    assert ran.lines[0]["exercise"] == "losses"
