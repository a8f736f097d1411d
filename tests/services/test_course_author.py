"""The use cases of a course's author: start, verify, release and translate a course.

Covers `course/scaffold.py`, `services/new_course.py`, `services/verify.py` and `services/translate.py`.
"""

import zipfile
from pathlib import Path

import pytest

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.course.loader import load_course
from grader.course.templates import write_templates
from grader.services.new_course import create_course
from grader.services.release import write_release
from grader.services.translate import update_course_catalogue
from grader.services.verify import measure_mutation_score, verify_course


def test_a_course_is_started_in_an_empty_folder(tmp_path: Path) -> None:
    """All written files are named; a folder with content is refused and stays as it was."""
    files = create_course(tmp_path / "mine")
    assert sorted(files) == sorted(file for file in (tmp_path / "mine").rglob("*") if file.is_file())
    assert verify_course(load_course(tmp_path / "mine")).problems == ()
    with pytest.raises(UsageError, match="is not empty"):
        create_course(tmp_path / "mine")


def test_a_started_course_has_no_survivors(tmp_path: Path) -> None:
    """The checks of a new course fail every mutant; the one that is equivalent is declared, and proven."""
    create_course(tmp_path / "mine")
    (score,) = measure_mutation_score(load_course(tmp_path / "mine")).values()
    assert (score.survivors, score.problems, len(score.equivalents)) == ((), (), 1)
    assert score.killed == score.mutants - 1 > 5


def test_verifying_counts_problems(course: Course, course_folder: Path) -> None:
    """A course with templates has no problem; each missing template is one."""
    assert verify_course(course).problems == ("exercises/doubling.ipynb is missing: build the templates",)
    write_templates(course, course_folder)
    found = verify_course(course)
    assert found.problems == ()
    assert (found.exercises, found.questions, found.mistakes, found.examples) == (1, 1, 1, 0)


def test_a_release_replaces_only_a_release(course_folder: Path, tmp_path: Path) -> None:
    """A release is a folder or an archive of the same files; a folder with other content is refused."""
    count = write_release(tmp_path / "out", course_folder)
    stale = tmp_path / "out" / "checks" / "halving.json"
    stale.write_text("{}")
    assert write_release(tmp_path / "out", course_folder) == count
    assert not stale.exists()
    assert write_release(tmp_path / "out.zip", course_folder) == count
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert len(packed.namelist()) == count
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("keep")
    with pytest.raises(UsageError, match="contains something other than a release"):
        write_release(tmp_path / "other", course_folder)


def test_a_catalogue_counts_untranslated_texts(course_folder: Path) -> None:
    """A new catalogue has every text of the course, none of them translated."""
    update = update_course_catalogue("fr", course_folder)
    assert update.file == course_folder / "reference" / "locale" / "fr.po"
    assert update.texts == update.untranslated > 3
    assert 'msgid "Twice"' in update.file.read_text()
