"""Tests of finding submissions: the student and the exercise of each file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.wire.submission import ParsedSubmission
from grader.formats.discover import FoundFile, find_submissions, resolve_exercise
from grader.sandbox.inside import kernel

EXERCISES = ("overview", "losses", "deep__dive")


def _write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x = 1\n")


def _describe(root: Path, *paths: Path) -> list[tuple[str, str | None, str | None]]:
    found = find_submissions(paths or [root], EXERCISES)
    assert [one.problem for one in found] == [None] * len(found)
    return [(str(one.path.relative_to(root)), one.student, one.stem_exercise) for one in found]


def _problem(root: Path) -> str:
    (problem,) = [one.problem for one in find_submissions([root], EXERCISES) if one.problem]
    assert problem.isprintable()
    return problem


def test_folder_per_student(tmp_path: Path) -> None:
    """The folder names the student, the file the exercise; sorted by student, exercise, attempt and name."""
    _write(tmp_path, "bob/losses (10).ipynb", "bob/losses (2).ipynb", "bob/losses.ipynb", "bob/overview.py")
    _write(tmp_path, "ada/losses.py", "ada/my work.ipynb")
    assert _describe(tmp_path) == [
        ("ada/losses.py", "ada", "losses"),
        ("ada/my work.ipynb", "ada", None),
        ("bob/overview.py", "bob", "overview"),
        ("bob/losses.ipynb", "bob", "losses"),
        ("bob/losses (2).ipynb", "bob", "losses"),
        ("bob/losses (10).ipynb", "bob", "losses"),
    ]


def test_single_files(tmp_path: Path) -> None:
    """STUDENT__EXERCISE gives both; the student's name may contain `__`, and so may an exercise's."""
    _write(tmp_path, "ada__losses (1).ipynb", "b__c__losses.py", "d__deep__dive.py", "e__notes.ipynb", "f___losses.py")
    assert _describe(tmp_path) == [
        ("ada__losses (1).ipynb", "ada", "losses"),
        ("b__c__losses.py", "b__c", "losses"),
        ("d__deep__dive.py", "d", "deep__dive"),
        ("e__notes.ipynb", "e", None),
        ("f___losses.py", "f_", "losses"),
    ]


def test_one_students_folder(tmp_path: Path) -> None:
    """A folder that holds exercises itself is the student's, even with helper modules in subfolders."""
    ada = tmp_path / "ada"
    _write(ada, "losses.ipynb", "deep__dive.py", "common/functions.py", "common/__init__.py")
    assert _describe(ada) == [("losses.ipynb", "ada", "losses"), ("deep__dive.py", "ada", "deep__dive")]


def test_one_students_folder_by_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For `.` and `..` the student is named after the real folder."""
    _write(tmp_path / "ada", "losses.ipynb", "empty/note.txt")
    monkeypatch.chdir(tmp_path / "ada" / "empty")
    assert [one.student for one in find_submissions([Path("..")], EXERCISES)] == ["ada"]
    monkeypatch.chdir(tmp_path / "ada")
    assert [one.student for one in find_submissions([Path()], EXERCISES)] == ["ada"]


def test_file_beside_students_folders_has_no_student(tmp_path: Path) -> None:
    """An exercise beside the students' folders (a template?) is a problem; the students' files are not."""
    _write(tmp_path, "losses.ipynb", "ada/losses.ipynb")
    assert "losses.ipynb: the student is unknown" in _problem(tmp_path)
    assert [one.student for one in find_submissions([tmp_path], EXERCISES)] == [None, "ada"]


def test_subfolders_of_a_students_folder(tmp_path: Path) -> None:
    """Deeper down, notebooks and scripts named after an exercise are found; other scripts are helper modules."""
    _write(tmp_path, "ada/work/losses.py", "ada/work/draft.ipynb", "ada/work/functions.py", "ada/helper.py")
    assert [name for name, *_ in _describe(tmp_path)] == ["ada/work/losses.py", "ada/helper.py", "ada/work/draft.ipynb"]


def test_leftovers_are_ignored(tmp_path: Path) -> None:
    """Hidden files, checkpoints, leftovers of macOS and editors, environments and other files are ignored."""
    _write(tmp_path, "ada/losses.ipynb", "ada/.ipynb_checkpoints/losses-checkpoint.ipynb", "ada/._losses.ipynb")
    _write(
        tmp_path, "__MACOSX/ada/losses.ipynb", "ada/~$losses.py", "ada/#losses.py#", "ada/losses.py~", "ada/data.csv"
    )
    _write(
        tmp_path,
        "ada/__pycache__/losses.py",
        "ada/__init__.py",
        "ada/venv/losses.py",
        ".hidden/losses.py",
        "roster.csv",
    )
    assert _describe(tmp_path) == [("ada/losses.ipynb", "ada", "losses")]


def test_files_given_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single file belongs to the student in its name, else to that of its folder, else the command must say."""
    _write(tmp_path, "ada/losses.ipynb", "ada/bob__losses.ipynb")
    monkeypatch.chdir(tmp_path)
    found = find_submissions([Path("ada/losses.ipynb"), Path("ada/bob__losses.ipynb")], EXERCISES)
    assert [one.student for one in found] == ["ada", "bob"]
    monkeypatch.chdir(tmp_path / "ada")
    found = find_submissions([Path("losses.ipynb"), Path("../ada/bob__losses.ipynb")], EXERCISES)
    assert [(one.student, one.stem_exercise) for one in found] == [(None, "losses"), ("bob", "losses")]


def test_other_kinds_of_file_given_by_themselves(tmp_path: Path) -> None:
    """A file named on the command line is never ignored: an unknown suffix is a problem."""
    _write(tmp_path, "ada/notes.txt")
    (found,) = find_submissions([tmp_path / "ada" / "notes.txt"], EXERCISES)
    assert "not a notebook (.ipynb) or a script (.py)" in str(found.problem)


def test_missing_path(tmp_path: Path) -> None:
    """A path that doesn't exist is a usage error."""
    with pytest.raises(UsageError, match=r"no\\u000asuch: this file or folder does not exist"):
        find_submissions([tmp_path / "no\nsuch"], EXERCISES)


def test_each_file_once(tmp_path: Path) -> None:
    """A file reached by two paths is found once."""
    _write(tmp_path, "ada/losses.ipynb", "bob/losses.ipynb")
    paths = [tmp_path / "bob", tmp_path, tmp_path / "ada" / "losses.ipynb"]
    assert [name for name, *_ in _describe(tmp_path, *paths)] == ["bob/losses.ipynb", "ada/losses.ipynb"]


def test_links_to_folders_are_reported_and_not_followed(tmp_path: Path) -> None:
    """A student's folder that is a link is a problem; a link to a parent folder affects nobody else."""
    _write(tmp_path, "class/ada/losses.ipynb", "elsewhere/losses.ipynb")
    (tmp_path / "class" / "eve").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "class" / "self").symlink_to(tmp_path / "class" / "self")
    assert "eve: this is a link, which is not followed" in _problem(tmp_path / "class")
    assert [one.student for one in find_submissions([tmp_path / "class"], EXERCISES)] == ["ada", "eve"]


def test_links_to_files_are_found(tmp_path: Path) -> None:
    """A linked file is found, and refused when it is read."""
    _write(tmp_path, "ada/losses.ipynb")
    (tmp_path / "ada" / "overview.ipynb").symlink_to("/etc/passwd")
    assert [name for name, *_ in _describe(tmp_path)] == ["ada/overview.ipynb", "ada/losses.ipynb"]


def test_deep_folders_are_not_searched(tmp_path: Path) -> None:
    """Folders nested too deeply are reported as a problem of that student's."""
    _write(tmp_path, "ada/losses.py", "bob/" + "d/" * 300 + "losses.py")
    assert "the folder is too deep and is not searched" in _problem(tmp_path)


def test_folder_without_permission(tmp_path: Path) -> None:
    """A student's folder that can't be listed is that student's problem."""
    _write(tmp_path, "ada/losses.py", "bob/losses.py")
    (tmp_path / "bob").chmod(0)
    try:
        assert "can't be listed" in _without_privileges(lambda: _problem(tmp_path))
    finally:
        (tmp_path / "bob").chmod(0o700)


def _without_privileges(act: Callable[[], str]) -> str:
    """Return the result of `act` in a fork without capabilities, so that permissions bind the superuser too."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                kernel.prepare_capability_drop()()
            os.write(writable, act().encode())
        finally:
            os._exit(0)
    os.close(writable)
    with open(readable) as file:
        said = file.read()
    os.waitpid(child, 0)
    return said


def test_hostile_names(tmp_path: Path) -> None:
    """Names with controls, direction marks, other encodings and the greatest length are printable and distinct."""
    names = [b"ada\x1b[2J", b"ada\n", "\u202eada".encode(), b"Jos\xe9", "José".encode(), b"x" * 255]
    for name in names:
        folder = os.path.join(os.fsencode(tmp_path), name)
        os.mkdir(folder)
        Path(os.fsdecode(folder), "losses.py").write_text("x = 1\n")
    students = [str(one.student) for one in find_submissions([tmp_path], EXERCISES)]
    assert sorted(students) == sorted([r"ada\u001b[2J", r"ada\u000a", r"\u202eada", r"Jos\xe9", "José", "x" * 255])
    assert all(name.isprintable() for name in students)


def test_a_class_of_thousands(tmp_path: Path) -> None:
    """2,000 students' files are all found, in order."""
    for i in range(2000):
        _write(tmp_path, f"s{i:04}/losses.py")
    assert [one.student for one in find_submissions([tmp_path], EXERCISES)] == [f"s{i:04}" for i in range(2000)]


def _found(stem_exercise: str | None, problem: str | None = None) -> FoundFile:
    return FoundFile(Path("ada/work.py"), "ada", stem_exercise, problem)


def test_metadata_take_precedence() -> None:
    """The metadata's exercise takes precedence over the file's name, if the course has it."""
    assert resolve_exercise(ParsedSubmission((), exercise="overview"), _found("losses"), EXERCISES) == "overview"
    assert resolve_exercise(ParsedSubmission((), exercise="overview"), _found(None), EXERCISES) == "overview"
    assert resolve_exercise(ParsedSubmission((), exercise="unknown"), _found("losses"), EXERCISES) == "losses"
    assert resolve_exercise(ParsedSubmission(()), _found("losses"), EXERCISES) == "losses"


def test_unknown_exercise_lists_the_known_ones() -> None:
    """If neither names an exercise, the message lists the exercises; an earlier problem stays the problem."""
    with pytest.raises(UnreadableSubmission, match=r"the exercise is unknown.*overview, losses, deep__dive"):
        resolve_exercise(ParsedSubmission(()), _found(None), EXERCISES)
    with pytest.raises(UnreadableSubmission, match=r"the exercise 'unknown' does not exist. .*overview, losses"):
        resolve_exercise(ParsedSubmission((), exercise="unknown"), _found(None), EXERCISES)
    with pytest.raises(UnreadableSubmission, match=r"^a problem$"):
        resolve_exercise(ParsedSubmission(()), _found("losses", "a problem"), EXERCISES)
