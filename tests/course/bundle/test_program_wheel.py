"""The program as a wheel: built from the clone, installed, packed again, and used as a release's README says."""

import base64
import csv
import hashlib
import io
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.bundle import program_wheel
from grader.course.bundle.program_wheel import build_program_wheel
from grader.services.documents import load_documents
from grader.services.release import write_release
from grader.version import WHEEL_NAME
from tests.installed_program import ROOT, install_wheel

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("wheel")]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def students_wheel() -> bytes:
    """The wheel that a release holds, built from this clone."""
    return build_program_wheel()


def program_in(folder: Path) -> Run:
    """Return a function that runs the `grader` that is installed in a folder."""

    def run(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"PYTHONPATH": str(folder)}
        command = [sys.executable, "-m", "grader", *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)

    return run


def test_the_record_names_every_file(students_wheel: bytes) -> None:
    """RECORD has each file's path, SHA-256 and size; the bundled course with its answers is not among them."""
    with zipfile.ZipFile(io.BytesIO(students_wheel)) as wheel:
        (record,) = [name for name in wheel.namelist() if name.endswith(".dist-info/RECORD")]
        rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(wheel.read(record).decode()))}
        assert sorted(rows) == sorted(wheel.namelist())
        for name, (digest, size) in rows.items():
            if name != record:
                data = wheel.read(name)
                assert digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip(
                    "="
                )
                assert int(size) == len(data)
    assert not [name for name in rows if name.startswith(("grader/bundled", "reference"))]
    for name in ("grader/locale/fr.po", "grader/docs/students.md", "grader/feedback/templates", "grader/web/static"):
        assert any(found.startswith(name) for found in rows), name


def test_an_installed_program_packs_the_same_wheel(
    students_wheel: bytes, installed_program: Path, tmp_path: Path
) -> None:
    """A release made by an installed program holds, byte for byte, the wheel of one made from the clone."""
    (tmp_path / "work").mkdir()
    grader = program_in(installed_program)
    done = grader("release", "--to", "out", "--with-program", "--course", str(ROOT), cwd=tmp_path / "work")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "work" / "out" / WHEEL_NAME).read_bytes() == students_wheel


def test_the_documents_are_in_an_installed_wheel(installed_program: Path, tmp_path: Path) -> None:
    """`grader docs`, with nothing of the clone, lists every topic, and `grader docs students` prints that document."""
    grader = program_in(installed_program)
    listed = grader("docs", cwd=tmp_path)
    assert (listed.returncode, listed.stderr) == (0, "")
    for topic in load_documents():
        assert re.search(rf"^ *{topic}\b", listed.stdout, re.M), topic
    printed = grader("docs", "students", cwd=tmp_path)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "For students" in printed.stdout
    assert "grader check exercises/losses.ipynb" in printed.stdout


def shell(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run one line as a person types it in a terminal in the folder; pip installs no dependencies."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PIP_NO_DEPS": "1"}
    return subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_releases_readme_installs_and_checks(
    course_folder: Path, students_wheel: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The README's three lines, run as they are in the release's folder, end with the check of the first exercise."""
    monkeypatch.setattr("grader.services.release.build_program_wheel", lambda: students_wheel)
    write_release(tmp_path / "release", course_folder, with_program=True)
    readme = (tmp_path / "release" / "README.md").read_text("utf-8")
    (lines,) = re.findall(r"^```sh\n(.*?)```$", readme, re.S | re.M)
    assert len(lines.splitlines()) == 3
    environment, install, check = lines.splitlines()
    shell(environment, tmp_path / "release")
    (packages,) = (tmp_path / "release" / ".venv").glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))  # those of this environment
    shell(install, tmp_path / "release")
    done = shell(check, tmp_path / "release")
    assert done.returncode == 1, done.stderr  # the blanks are still empty
    assert "Doubling" in done.stdout
    assert "A blank (`____`) is still empty" in done.stdout


def test_a_copy_without_a_course_says_so(students_wheel: bytes, tmp_path: Path) -> None:
    """`grader demo` of a student's copy ends with one line and exit code 2."""
    (tmp_path / WHEEL_NAME).write_bytes(students_wheel)
    install_wheel(tmp_path / WHEEL_NAME, tmp_path / "installed")
    done = program_in(tmp_path / "installed")("demo", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "grader: this copy of the program has no course of its own; name yours with --course\n"


def test_a_wheel_that_cant_be_built_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone that pip can't build gives one line with pip's reason, and nothing is written."""
    (tmp_path / "clone" / "grader" / "course").mkdir(parents=True)
    (tmp_path / "clone" / "pyproject.toml").write_text("[build-system]\nrequires = []\nbuild-backend = 'none'\n")
    monkeypatch.setattr(program_wheel, "_PACKAGE", tmp_path / "clone" / "grader")
    with pytest.raises(Exception, match="could not build the program's wheel from") as raised:
        build_program_wheel()
    assert "\n" not in str(raised.value)
