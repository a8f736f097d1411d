"""Checking one's own files as a use case: it returns reports and remarks in the reader's language.

Covers `services/identify_exercise.py`.
"""

import os
from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.question_summary import group_by_message
from grader.services.check import check_files
from grader.services.course_folder import load_reference
from grader.services.progress import SilentProgress
from grader.services.release import write_release

from .conftest import RecordedProgress

PROPERTY = """

@twice.check(points=1, holds=lambda value, x: None)
def any_numbers(rng):
    '''Any numbers will do.'''
    return rng.normal(size=3)
"""
WRONG = "def twice(x):\n    return x * x\n"


def test_each_file_has_a_report(course_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In order, with the visible checks alone; a file that can't be read has an error, and nothing is printed."""
    right, broken = tmp_path / "doubling.py", tmp_path / "doubling.ipynb"
    right.write_text("def twice(x):\n    return x + x\n")
    broken.write_text("no notebook")
    found = list(check_files([right, broken], course_folder, None, SilentProgress()))
    assert [one.path for one in found] == [right, broken]
    assert [(one.report.score, one.report.max_score) for one in found] == [(1.0, 1.0), (0.0, 1.0)]
    assert found[0].report.error is None
    assert "doubling.ipynb" in (found[1].report.error or "")
    assert capsys.readouterr() == ("", "")


def test_a_search_for_causes_is_announced(course_folder: Path, tmp_path: Path) -> None:
    """While a file is checked, its name is shown; before a wrong function is diagnosed, the function's."""
    (tmp_path / "doubling.py").write_text("def twice(x):\n    return x * 2 + 0.5 * x\n")
    shown = RecordedProgress()
    list(check_files([tmp_path / "doubling.py"], course_folder, None, shown))
    assert shown.waited == ["checking doubling.py …", "looking for the cause of what is wrong in `twice` …"]


def test_a_file_says_when_it_was_saved(course_folder: Path, tmp_path: Path) -> None:
    """The moment is that of the file's last change, with the machine's time zone."""
    (tmp_path / "doubling.py").write_text(WRONG)
    os.utime(tmp_path / "doubling.py", (1e9, 1e9))
    (found,) = check_files([tmp_path / "doubling.py"], course_folder, None, SilentProgress())
    assert found.saved is not None
    assert found.saved.tzinfo is not None
    assert found.saved.timestamp() == 1e9


def test_a_file_without_a_name_is_recognized_by_its_questions(course_folder: Path, tmp_path: Path) -> None:
    """A remark says so; a file's name needs no student, whatever lies beside it."""
    (tmp_path / "my__work.py").write_text(WRONG)
    (tmp_path / "notes.py").write_text(WRONG)
    other, one = check_files([tmp_path], course_folder, None, SilentProgress())
    assert (one.report.exercise, other.report.exercise) == ("doubling", "doubling")
    assert other.remarks == (
        f"{tmp_path}/notes.py does not name its exercise; the names of its questions are those of doubling",
    )


def test_a_release_says_what_grading_adds(course_folder: Path, tmp_path: Path) -> None:
    """A file is checked against the release that it lies in; a remark counts the checks that the release lacks."""
    author = course_folder / "reference" / "doubling" / "checks.py"
    author.write_text(author.read_text().replace("points=3", "points=4") + PROPERTY)
    assert write_release(tmp_path / "handed_out", course_folder) > 0
    file = tmp_path / "handed_out" / "doubling.py"
    file.write_text(WRONG)
    (found,) = check_files([file], None, None, SilentProgress())
    assert found.remarks == ("twice: one requirement is checked only during grading",)
    (question,) = found.report.questions
    ((message, checks),) = group_by_message(question).items()
    assert message
    assert [(check.name, check.hint) for check in checks] == [("a_row", "You squared it.")]


def test_no_file_is_wrong_use_in_the_language_that_is_asked_for(course_folder: Path, tmp_path: Path) -> None:
    """An empty folder raises UsageError, in French if French is asked for."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="has nothing to check"):
        list(check_files([tmp_path / "empty"], course_folder, None, SilentProgress()))
    with pytest.raises(UsageError, match="rien à vérifier"):
        list(check_files([tmp_path / "empty"], course_folder, "fr", SilentProgress()))


def test_a_folder_is_a_course_or_a_release(course_folder: Path, course: Course, tmp_path: Path) -> None:
    """A course is loaded with its code, a release with its reference data; both are the same course."""
    write_release(tmp_path / "handed_out", course_folder)
    assert not load_reference(course_folder, course_folder).reference_data
    bundle = load_reference(tmp_path / "handed_out", None)
    assert set(bundle.reference_data) == {"doubling"}
    assert bundle.course.version == course.version
