"""The course that a command works with is named, or certain; a course that is merely found is not run."""

import shutil
from pathlib import Path

import pytest

from grader.core.errors import CourseError, UsageError
from grader.course.bundle.format import CHECKS_FOLDER
from grader.course.loader import bundled_course_folder
from grader.services.check import check_files
from grader.services.course_folder import choose_course, choose_own_course, choose_references, load_reference
from grader.services.progress import SilentProgress
from grader.services.release import write_release


@pytest.fixture
def release(course_folder: Path, tmp_path: Path) -> Path:
    """The release of the small course."""
    write_release(tmp_path / "release", course_folder)
    return tmp_path / "release"


def test_a_course_that_is_merely_found_is_not_run(course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with a course of its own, a command asks for its name; with the name it is used."""
    (course_folder / "reference" / "doubling" / "checks.py").write_text("raise SystemExit('was run')")
    monkeypatch.chdir(course_folder)
    with pytest.raises(UsageError, match=r"add --course \. to use it"):
        choose_course(None)
    assert choose_course(Path()) == Path()


def test_elsewhere_the_bundled_course_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder without a course, and in the clone, nothing has to be named."""
    for folder in (tmp_path, bundled_course_folder()):
        monkeypatch.chdir(folder)
        assert choose_course(None) == bundled_course_folder()


def test_an_authors_command_uses_the_course_around_it(
    course_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`build`, `release` and `translate` use the current folder's course, and say so; a named one needs no words."""
    monkeypatch.chdir(course_folder)
    assert choose_own_course(None) == (Path(), "using the course in this folder (reference/course.toml)")
    assert choose_own_course(tmp_path) == (tmp_path, "")
    monkeypatch.chdir(tmp_path)
    assert choose_own_course(None) == (
        bundled_course_folder(),
        "there is no course in this folder: using the bundled one",
    )
    monkeypatch.chdir(bundled_course_folder())
    assert choose_own_course(None)[1] == ""


def test_a_release_is_found_from_all_its_places(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a folder or `.` in a release, the release itself, and the folder around it lead to the release."""
    (release / "work").mkdir()
    monkeypatch.chdir(release)
    for given in (release / "doubling.py", release / "work" / "copy.py", release / "work", release, Path()):
        assert choose_references(given, None) == [(release.resolve(), given)]
    assert choose_references(release.parent, None) == [(release, release)]


@pytest.mark.parametrize("missing", ["outside", "checks"])
def test_without_a_release_nothing_is_guessed(
    release: Path, tmp_path: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file moved out of its release, or a release that lost its `checks`, is told so, and that --course names one."""
    monkeypatch.chdir(tmp_path)
    if missing == "outside":
        file = (release / "doubling.py").rename(tmp_path / "doubling.py")
        shutil.rmtree(release)
    else:
        shutil.rmtree(release / CHECKS_FOLDER)
        file = release / "doubling.py"
    with pytest.raises(UsageError, match="no `checks` folder found here"):
        choose_references(file, None)
    assert choose_references(file, release) == [(release, file)]


def test_within_the_clone_the_bundled_course_is_certain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the clone, or any file when the clone is the current folder, is checked against the bundled course."""
    bundled = bundled_course_folder()
    monkeypatch.chdir(tmp_path)
    assert choose_references(bundled / "exercises" / "losses.ipynb", None)[0][0] == bundled
    monkeypatch.chdir(bundled)
    assert choose_references(tmp_path / "losses.ipynb", None)[0][0] == bundled


def test_a_release_that_was_found_is_never_run(release: Path, tmp_path: Path) -> None:
    """A folder with `checks/` and a course of its own, as a student could hand in, is data unless it is named."""
    run = tmp_path / "was-run"
    exercise = release / "reference" / "doubling"
    exercise.mkdir(parents=True)
    (exercise.parent / "course.toml").write_text('exercises = ["doubling"]\n')
    for name in ("solution.py", "checks.py"):
        (exercise / name).write_text(f"open({str(run)!r}, 'w').close()\n")
    (release / "doubling.py").write_text("def twice(x):\n    return x + x\n")
    for given in (release / "doubling.py", release, tmp_path):
        ((place, _), *_) = choose_references(given, None)
        assert set(load_reference(place, None).reference_data) == {"doubling"}
    assert [one.report.score for one in check_files([release / "doubling.py"], None, None, SilentProgress())] == [1.0]
    assert not run.exists()
    with pytest.raises(CourseError):
        load_reference(release, release)
    assert run.exists()
