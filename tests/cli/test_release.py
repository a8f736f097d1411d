"""`grader release`, and `grader check` with only a release."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.course.loader import bundled_course_folder
from tests.cli.conftest import Command, Ran

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = ("overview", "activations", "losses", "gradient_descent", "backpropagation")


@pytest.fixture
def handed_out(elsewhere: Path, grader: Command) -> Path:
    """A release of the bundled course."""
    assert grader("release", "--to", "out").code == 0
    return elsewhere / "out"


def verdicts(ran: Ran) -> dict[tuple[str, str], Any]:
    """Return the verdict and message of each check, by question and check."""
    return {
        (q["id"], c["name"]): (c["verdict"], c["message"], c["mistake"], c["hint"])
        for line in ran.lines
        for q in line["questions"]
        for c in q["checks"]
    }


def test_a_zip_holds_what_a_folder_holds(handed_out: Path, grader: Command) -> None:
    """A name that ends in .zip gives the same files in an archive."""
    assert grader("release", "--to", "out.zip").code == 0
    with zipfile.ZipFile("out.zip") as archive:
        zipped = {name: archive.read(name) for name in archive.namelist()}
    assert zipped == {str(f.relative_to(handed_out)): f.read_bytes() for f in handed_out.rglob("*") if f.is_file()}


def test_a_release_without_the_program_says_how_to_add_it(elsewhere: Path, grader: Command) -> None:
    """The remark names the option; standard output stays the count of files."""
    ran = grader("release", "--to", "out", "--course", bundled_course_folder())
    assert re.fullmatch(r"wrote \d+ files to out\n", ran.out)
    assert ran.err == "students need the program to check their answers: --with-program puts it beside them\n"


def test_a_release_is_renewed_and_nothing_else_overwritten(handed_out: Path, grader: Command) -> None:
    """A second release replaces the first; a folder with other content is refused."""
    stale = handed_out / "checks" / "gone.json"
    stale.write_text("{}")
    assert grader("release", "--to", "out").code == 0
    assert not stale.exists()
    other = Path("other")
    other.mkdir()
    (other / "mine.txt").write_text("keep")
    ran = grader("release", "--to", "other")
    assert ran.code == 2
    assert "contains something other" in ran.err


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_release_gives_the_verdicts_of_the_course(exercise: str, handed_out: Path, grader: Command) -> None:
    """Template and solution get the same verdict and message from every check that a release holds whole."""
    solution = Path(f"{exercise}.py")
    shutil.copy(bundled_course_folder() / "reference" / exercise / "solution.py", solution)
    for file in (handed_out / f"{exercise}.ipynb", solution):
        with_course = verdicts(grader("check", "--json", "--course", bundled_course_folder(), file))
        alone = verdicts(grader("check", "--json", "--course", handed_out, file))
        assert alone
        for check, said in alone.items():
            assert with_course[check] == said


def test_a_mistake_is_named_by_a_release(handed_out: Path, grader: Command) -> None:
    """A known mistake gets its name and hint from the release alone, found in a parent folder of the file."""
    mine = handed_out / "mine" / "losses.ipynb"
    mine.parent.mkdir()
    wrong = "import numpy as np\ndef softmax(u):\n    e = np.exp(u - np.max(u))\n    return e / np.sum(e)"
    document = json.loads((handed_out / "losses.ipynb").read_text())
    for cell in document["cells"]:
        if "def softmax(" in "".join(cell["source"]):
            cell["source"] = wrong
    mine.write_text(json.dumps(document))
    ran = grader("check", "--json", mine)
    assert ran.code == 1
    found = [(m, hint) for (q, _), (_, _, m, hint) in verdicts(ran).items() if q == "softmax" and m]
    assert {m for m, _ in found} == {"whole_batch"}
    assert found[0][1].startswith("You divided by the sum over the whole batch.")


def test_a_damaged_release_is_reported(handed_out: Path, grader: Command) -> None:
    """A release with a file missing, cut short, or of another version gives one clear line."""
    for name, data in (("losses.npz", b"PK"), ("losses.json", b"{}"), ("release.json", b'{"format": 99}')):
        kept = (handed_out / "checks" / name).read_bytes()
        (handed_out / "checks" / name).write_bytes(data)
        ran = grader("check", handed_out / "losses.ipynb")
        assert ran.code == 2
        assert ran.err.startswith("grader: ")
        assert len(ran.err.splitlines()) == 1
        (handed_out / "checks" / name).write_bytes(kept)


def test_it_checks_without_linux(handed_out: Path) -> None:
    """Checking works with the modules and calls of Linux hidden, and another system name."""
    code = """
import os, select, signal, subprocess, sys, threading
for name in ("fcntl", "resource", "pwd", "grp", "termios", "ctypes"):
    sys.modules[name] = None
for name in ("pidfd_open", "readv", "fork", "setresuid", "wait4", "geteuid", "sched_getaffinity"):
    delattr(os, name)
for name in ("poll", "epoll"):
    delattr(select, name)
for name in ("pthread_sigmask", "pidfd_send_signal"):
    delattr(signal, name)
import numpy, zoneinfo  # which look for files that are named after the system
sys.platform = "darwin"
sys.argv = ["grader", "check", "--json", "losses.ipynb"]
from grader.cli import main
try:
    main()
finally:
    linux = {"grader.sandbox.zygote_client", "grader.sandbox.pipes", "grader.sandbox.inside.kernel", "sqlalchemy"}
    assert not linux & set(sys.modules), linux & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=handed_out, capture_output=True, text=True, env=os.environ, timeout=200
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["sandbox"] == "none"
    assert "without a sandbox" in done.stderr


@pytest.mark.usefixtures("interruptible")
def test_watch_checks_again_on_save(handed_out: Path) -> None:
    """`--watch` prints once per save, survives a file saved by half, and ends with 130 on Ctrl-C."""
    file = handed_out / "doubling.py"
    file.write_text("# ---\n# jupyter:\n#   grader:\n#     exercise: losses\n# ---\n# %%\nx = 1\n")
    command = [sys.executable, "-m", "grader", "check", "--watch", "--json", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        told_until_waiting(process)
        assert json.loads(process.stdout.readline())["exercise"] == "losses"
        file.unlink()
        assert "doubling.py" in told_until_waiting(process)
        whole = handed_out / "whole"
        whole.write_text("# ---\n# jupyter:\n#   grader:\n#     exercise: activations\n# ---\n# %%\nx = 12\n")
        whole.rename(file)
        told_until_waiting(process)
        assert json.loads(process.stdout.readline())["exercise"] == "activations"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        assert (process.returncode, out) == (130, "")
        assert err == "grader: stopped waiting for the next save\n"
    finally:
        process.kill()  # where the test has failed: it would watch for ever
        process.communicate()


def told_until_waiting(process: "subprocess.Popen[str]") -> str:
    """Return the remarks up to the one that says that the next save is awaited."""
    assert process.stderr
    told = ""
    while "waiting for the next save" not in told:
        line = process.stderr.readline()
        assert line, f"it has ended: {told}"
        told += line
    return told
